"""What WTForms says of a field by itself, in our own words: it speaks no Indonesian."""

from flask_babel import gettext

from pos.errors import N_

WORDS = {
    "Field must be equal to %(other_name)s.": N_("Keduanya harus sama."),
    "Field must be at least %(min)d character long.": N_("Paling sedikit %(min)d huruf."),
    "Field cannot be longer than %(max)d character.": N_("Paling banyak %(max)d huruf."),
    "Field must be between %(min)d and %(max)d characters long.": N_("Antara %(min)d dan %(max)d huruf."),
    "Number must be at least %(min)s.": N_("Paling sedikit %(min)s."),
    "Number must be at most %(max)s.": N_("Paling banyak %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Isi angka antara %(min)s dan %(max)s."),
    "This field is required.": N_("Harus diisi."),
    "Invalid input.": N_("Isian ini tidak benar."),
    "Invalid Choice: could not coerce.": N_("Pilih salah satu dari daftar."),
    "Not a valid choice.": N_("Pilih salah satu dari daftar."),
    "Not a valid date value.": N_("Tulis tanggal yang benar."),
    "Not a valid datetime value.": N_("Tulis tanggal dan jam yang benar."),
    "Not a valid time value.": N_("Tulis jam yang benar, misalnya 18:30."),
    "Not a valid integer value.": N_("Isi bilangan bulat, misalnya 10."),
}


class FormWords:
    """As Flask-WTF asks for them; it fills the places itself."""

    def ugettext(self, text: str) -> str:
        return str(gettext(WORDS[text])) if text in WORDS else text

    def ungettext(self, one: str, many: str, count: int) -> str:
        return self.ugettext(one) if one in WORDS or count == 1 else many
