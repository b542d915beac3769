"""What WTForms says of a field by itself, in this program's words: it has none in Indonesian."""

from flask_babel import gettext

from pos.errors import N_

SAID = {
    "Invalid Choice: could not coerce.": N_("Pilih salah satu dari daftar."),
    "Not a valid choice.": N_("Pilih salah satu dari daftar."),
    "Not a valid integer value.": N_("Isi bilangan bulat, misalnya 10."),
    "Not a valid date value.": N_("Bukan tanggal."),
    "Not a valid time value.": N_("Bukan jam."),
    "Field cannot be longer than %(max)d characters.": N_("Paling banyak %(max)d huruf."),
}


class Words:
    """What Flask-WTF looks for at a request, with the names that it calls."""

    def ugettext(self, text: str) -> str:
        return str(gettext(SAID[text])) if text in SAID else text

    def ungettext(self, one: str, many: str, number: int) -> str:
        return self.ugettext(many) if many in SAID or number != 1 else one


WORDS = Words()
