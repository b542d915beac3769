"""The forms of own layouts and of label printers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from pos import paper, web
from pos.labels.layouts import Layout
from pos.labels.models import RESOLUTIONS
from pos.labels.settings import LARGEST_PAGE, MOST_COLUMNS, MOST_ROWS, SMALLEST_LABEL

LONGEST_NAME = 40


class MillimetreField(StringField):
    """Millimetres as people write them: `63,5` or `63.5`, to a hundredth; the data is a `float` or None."""

    data: Any

    def __init__(self, label: Any, least: float = 0.0, most: float = 500.0, needed: bool = True, **kwargs: Any) -> None:
        self.least, self.most, self.needed = least, most, needed
        super().__init__(label, render_kw={"inputmode": "decimal", "autocomplete": "off", "maxlength": 8}, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return paper.millimetres(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip().replace(",", ".").replace("−", "-") if valuelist else ""
        if not text and not self.needed:
            return
        try:
            value = float(text) if text.isascii() and text[-1:].isdigit() and "_" not in text else float("nan")
        except ValueError:
            value = float("nan")
        if not self.least <= value <= self.most:
            least, most = paper.millimetres(self.least), paper.millimetres(self.most)
            raise ValueError(
                _("Isi %(least)s sampai %(most)s milimeter; pecahan ditulis dengan koma.", least=least, most=most)
            )
        self.data = round(value, 2)


class WholeField(IntegerField):
    """A whole number; what is none is told in the words of its own range alone."""

    def __init__(self, label: Any, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(
            label, [InputRequired(_l("Isi angka."))], render_kw={"min": 1, "max": most, "step": 1}, **kwargs
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
        if text and not 1 <= (self.data or 0) <= self.most:
            self.data = None
            raise ValueError(_("Isi 1 sampai %d.") % self.most)


class LayoutForm(FlaskForm):
    name = web.TextField(_l("Nama"), [Length(max=LONGEST_NAME)])
    roll = BooleanField(_l("Gulungan: satu halaman adalah satu baris label"))
    page_width = MillimetreField(_l("Lebar kertas"), SMALLEST_LABEL[0], LARGEST_PAGE[0])
    page_height = MillimetreField(_l("Tinggi kertas"), SMALLEST_LABEL[1], LARGEST_PAGE[1])
    width = MillimetreField(_l("Lebar label"))
    height = MillimetreField(_l("Tinggi label"))
    columns = WholeField(_l("Label ke samping"), MOST_COLUMNS)
    rows = WholeField(_l("Label ke bawah"), MOST_ROWS)
    pitch_x = MillimetreField(_l("Jarak ke samping"))
    pitch_y = MillimetreField(_l("Jarak ke bawah"))
    left = MillimetreField(_l("Tepi kiri"))
    top = MillimetreField(_l("Tepi atas"))

    @classmethod
    def of(cls, layout: Layout, name: str) -> "LayoutForm":
        """The form filled with a layout (where none was sent)."""
        return cls(
            name=name,
            roll=layout.roll,
            page_width=layout.page[0],
            page_height=layout.page[1],
            width=layout.width,
            height=layout.height,
            columns=layout.columns,
            rows=layout.rows,
            pitch_x=layout.pitch[0] or layout.width,
            pitch_y=layout.pitch[1] or layout.height,
            left=layout.origin[0],
            top=layout.origin[1],
        )

    def layout(self) -> Layout | None:
        """What the form describes; None while a figure of it is missing."""
        figures = (self.page_width, self.page_height, self.width, self.height, self.pitch_x, self.pitch_y)
        whole = (self.columns, self.rows)
        if any(field.data is None for field in (*figures, *whole, self.left, self.top)):
            return None
        page, pitch = (self.page_width.data, self.page_height.data), (self.pitch_x.data, self.pitch_y.data)
        grid = self.columns.data or 0, self.rows.data or 0
        origin = (self.left.data, self.top.data)
        size = (self.width.data, self.height.data)
        return Layout("", self.name.data, *size, page, *grid, pitch, origin, self.roll.data)


class PrinterForm(FlaskForm):
    name = web.TextField(_l("Nama"), [Length(max=LONGEST_NAME)])
    dpi = RadioField(_l("Ketajaman"), coerce=int, default=203)
    dx = MillimetreField(_l("Geser ke kanan"), -10.0, 10.0)
    dy = MillimetreField(_l("Geser ke bawah"), -10.0, 10.0)
    seen_x = MillimetreField(_l("Garis A, terukur dari tepi kiri"), 0.0, 60.0, needed=False)
    seen_y = MillimetreField(_l("Garis B, terukur dari tepi atas"), 0.0, 60.0, needed=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {203: _("203 dpi (printer label umum)"), 300: _("300 dpi (printer label halus)")}
        words |= {600: _("600 dpi (laser atau tinta)")}
        self.dpi.choices = [SelectChoice(dpi, words[dpi]) for dpi in RESOLUTIONS]
