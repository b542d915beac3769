"""The forms of the catalogue's pages; prices and codes are read as people write them."""

from collections.abc import Callable, Sequence
from typing import Any, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from pos import money, sheets, web
from pos.catalog import reading
from pos.catalog.certificates import NAMES, Given
from pos.catalog.editing import LONGEST_CATEGORY, LONGEST_NAME, Details
from pos.catalog.models import UNITS_OF_MEASURE, Product
from pos.catalog.pricing import More
from pos.errors import PosError
from pos.units.models import Unit

LONGEST_LABEL, LONGEST_TEXT, LONGEST_WEIGHT = 80, 500, 40
PICTURES = "image/jpeg,image/png,image/webp"  # with these a phone offers its camera, and turns its own kinds into JPEG
SMALLER = {  # what static/js/smaller.js says while it works, and when it is done
    "data-smaller": _l("Foto sedang dikecilkan…"),
    "data-small": _l("Foto dikecilkan dari {before} menjadi {after}; siap disimpan."),
}
CHOOSE = _l("Pilih salah satu dari daftar.")


class ReadField(StringField):
    """A text field whose value is read by one of `reading`'s functions; what was typed stays in the field."""

    def __init__(self, label: Any, validators: Any, read: Callable[[Any], Any], shown: Any = str, **more: Any) -> None:
        super().__init__(label, validators, **more)
        self.read, self.shown = read, shown

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = self.read(text)
            except reading.Unreadable as unreadable:
                said = web.say(unreadable.reason)
                raise ValueError(said[:1].upper() + said[1:] + ".") from unreadable

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.shown(self.data))


class DayField(DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Tulis tanggal, misalnya 2026-04-26.")) from None


def rupiah_field(label: Any, *validators: Any) -> ReadField:
    return ReadField(label, list(validators), reading.rupiah, money.grouped, render_kw={"autocomplete": "off"})


def quantity_field(label: Any, *validators: Any) -> ReadField:
    """Thousandths; whether the goods may be parted is for a service to know."""

    def read(text: str) -> int:
        return reading.quantity(text, divisible=True)

    return ReadField(label, list(validators), read, money.quantity_text, render_kw={"autocomplete": "off"})


def code_field(label: Any, *validators: Any) -> ReadField:
    return ReadField(label, list(validators), reading.barcode, render_kw={"autocomplete": "off", "spellcheck": "false"})


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("Paling banyak %(max)d huruf."))


def _chosen(value: Any) -> int:
    return int(value) if str(value).isascii() and str(value).isdecimal() and len(str(value)) < 10 else 0


class ProductForm(FlaskForm):
    maker_id = SelectField(_l("Pembuat (UPT)"), coerce=int, invalid_choice_message=CHOOSE, invalid_value_message=CHOOSE)
    name = StringField(_l("Nama produk"), [DataRequired(_l("Isi nama produk.")), _at_most(LONGEST_NAME)])
    category = StringField(
        _l("Kategori"),
        [DataRequired(_l("Isi kategori.")), _at_most(LONGEST_CATEGORY)],
        render_kw={"list": "kategori", "autocomplete": "off"},
    )
    unit_of_measure = SelectField(_l("Satuan"), choices=list(UNITS_OF_MEASURE), invalid_choice_message=CHOOSE)
    description = TextAreaField(_l("Keterangan"), [_at_most(LONGEST_TEXT)], render_kw={"rows": 3})
    brand = StringField(_l("Merek"), [_at_most(LONGEST_LABEL)], render_kw={"list": "merek", "autocomplete": "off"})
    workshop = StringField(
        _l("Bengkel kerja"), [_at_most(LONGEST_LABEL)], render_kw={"list": "bengkel", "autocomplete": "off"}
    )
    net_weight = StringField(_l("Berat bersih"), [_at_most(LONGEST_WEIGHT)])
    composition = TextAreaField(_l("Komposisi"), [_at_most(LONGEST_TEXT)], render_kw={"rows": 2})
    featured = BooleanField(_l("Produk unggulan"))
    instead_of = RadioField(_l("Menggantikan produk unggulan"), coerce=_chosen, default=0, validate_choice=False)
    wbp_made = BooleanField(_l("Buatan WBP"), default=True)
    service = BooleanField(_l("Jasa (tanpa stok)"))
    one_of_a_kind = BooleanField(_l("Hanya ada satu"))
    made_to_order = BooleanField(_l("Dibuat sesuai pesanan"))
    auction = BooleanField(_l("Dilelang"))

    def offer(self, makers: Sequence[Unit], current: Unit | None = None) -> Self:
        """Let the maker be one of `makers`, or the one that it is now (which may have closed)."""
        self.instead_of.choices = []
        closed = [current] if current and current not in makers else []
        self.maker_id.choices = [SelectChoice(unit.id, unit.name) for unit in [*makers, *closed]]
        return self

    def offer_instead(self, featured: Sequence[Product]) -> Self:
        """Let the product take the place of one of `featured`."""
        self.instead_of.choices = [SelectChoice(product.id, product.name) for product in featured]
        return self

    def details(self) -> Details:
        return Details(
            maker_id=self.maker_id.data,
            name=reading.plain(self.name.data),
            category=reading.plain(self.category.data),
            description=reading.lines(self.description.data),
            brand=reading.plain(self.brand.data),
            workshop=reading.plain(self.workshop.data),
            composition=reading.plain(self.composition.data),
            net_weight=reading.plain(self.net_weight.data),
            unit_of_measure=self.unit_of_measure.data,
            featured=self.featured.data,
            wbp_made=self.wbp_made.data,
            service=self.service.data,
            one_of_a_kind=self.one_of_a_kind.data,
            made_to_order=self.made_to_order.data,
            auction=self.auction.data,
        )


class NewProductForm(ProductForm):
    price = rupiah_field(_l("Harga"), InputRequired(_l("Isi harganya.")))
    cost = rupiah_field(_l("Biaya bahan"), Optional())
    code = code_field(_l("Kode batang pabrik"), Optional())


class PriceForm(FlaskForm):
    amount = rupiah_field(_l("Harga baru"), InputRequired(_l("Isi harganya.")))
    cost = rupiah_field(_l("Biaya bahan"), Optional())
    from_day = DayField(_l("Berlaku mulai"), [Optional()])
    wholesale = rupiah_field(_l("Harga grosir"), Optional())
    wholesale_from = quantity_field(_l("Mulai jumlah"), Optional())
    inside = rupiah_field(_l("Harga dalam"), Optional())

    def more(self) -> More:
        return More(self.wholesale.data, self.wholesale_from.data, self.inside.data)


class CertificateForm(FlaskForm):
    kind = SelectField(_l("Jenis"), invalid_choice_message=CHOOSE)
    number = StringField(
        _l("Nomor"), [InputRequired(_l("Isi nomornya."))], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )
    issued_on = DayField(_l("Berlaku mulai"), [Optional()])
    expires_on = DayField(_l("Berlaku sampai"), [Optional()])
    scan = FileField(_l("Pindaian (PDF atau foto)"), render_kw={"accept": f"application/pdf,{PICTURES}"} | SMALLER)
    corrects = HiddenField(default=0, filters=[_chosen])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [SelectChoice(kind, web.tr(name)) for kind, name in NAMES.items()]

    def given(self) -> Given:
        return Given(self.kind.data, self.number.data or "", self.issued_on.data, self.expires_on.data)


class BarcodeForm(FlaskForm):
    code = code_field(_l("Kode batang pabrik"), InputRequired(_l("Pindai atau ketik kodenya.")))


class PhotoForm(FlaskForm):
    photo = FileField(
        _l("Ambil atau pilih foto"),
        [FileRequired(_l("Pilih atau ambil fotonya dahulu."))],
        render_kw={"accept": PICTURES} | SMALLER,
    )


class UploadForm(FlaskForm):
    file = FileField(
        _l("Berkas CSV atau XLSX"),
        [FileRequired(_l("Pilih berkasnya dahulu."))],
        render_kw={"accept": f".csv,.xlsx,.txt,{sheets.CSV_TYPE.split(';')[0]},{sheets.XLSX_TYPE}"},
    )


class beside:
    """Puts the sentences of a `PosError` beside the fields of `form` they speak of."""

    def __init__(self, form: Any) -> None:
        self.form = form

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if not isinstance(error, PosError) or not any(name in self.form for name in error.fields):
            return False
        for name, sentence in error.fields.items():
            if name in self.form:
                self.form[name].errors = [web.say(sentence)]
        return True
