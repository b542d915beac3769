"""Millimetres are millimetres, bars are whole dots, and a sheet is made once and placed often."""

import ctypes
import io

import pypdf
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.errors import NotFound, PosError
from pos.labels.calibration import calibration_pdf, marks_of
from pos.labels.contents import draw
from pos.labels.design import Label, TooMuch, smallest_name
from pos.labels.layouts import LAYOUTS, Layout, layout_named
from pos.labels.pdf import labels_pdf
from pos.labels.settings import Printer
from pos.paper import MM
from tests.labels import scan

WORDS = ["Tas", "Kursi", "jati", "ukir", "motif", "cenderawasih", "MINIATUR", "kapal", "Pemasyarakatan", "W", "i"]
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(lambda words: " ".join(words)[:120].strip())


def origins(pdf: bytes, char: str, page: int = 0) -> list[tuple[float, float]]:
    """Where each `char` of the text starts, in millimetres from the page's top left corner, as the PDF has it."""
    found = []
    with scan.opened(pdf) as document:
        sheet = document[page]
        text = sheet.get_textpage()
        x, y = ctypes.c_double(), ctypes.c_double()
        for i in range(text.count_chars()):
            if text.get_text_range(i, 1) == char:
                pdfium.FPDFText_GetCharOrigin(text, i, x, y)
                found.append((x.value / MM, (sheet.get_height() - y.value) / MM))
        text.close()
        sheet.close()
    return found


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_labels_stand_where_the_layout_says(layout: Layout) -> None:
    label = scan.label(name="Qerajinan", copies=layout.count)
    first = draw(label, layout, 203).texts[0]
    found = origins(labels_pdf([label], layout), "Q")
    assert len(found) == layout.count
    for (x, y), (left, top) in zip(found, layout.cells(), strict=True):
        assert x == pytest.approx(left + first.x, abs=0.05) and y == pytest.approx(top + first.y, abs=0.05)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_a_layout_fits_its_page_and_no_label_overlaps_another(layout: Layout) -> None:
    cells = list(layout.cells())
    assert len(cells) == len(set(cells)) == layout.count
    assert max(x for x, _ in cells) + layout.width <= layout.page[0] + 1e-9
    assert max(y for _, y in cells) + layout.height <= layout.page[1] + 1e-9
    assert layout.columns == 1 or layout.pitch[0] >= layout.width
    assert layout.rows == 1 or layout.pitch[1] >= layout.height


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
@pytest.mark.parametrize("dpi", [203, 300])
def test_a_page_is_never_wider_than_its_paper(layout: Layout, dpi: int) -> None:
    pages = pypdf.PdfReader(io.BytesIO(labels_pdf([scan.label(copies=layout.count + 1)], layout, dpi=dpi))).pages
    assert len(pages) == 2
    for page in pages:
        width, height = float(page.mediabox.width) / MM, float(page.mediabox.height) / MM
        assert layout.page[0] - 0.07 <= width <= layout.page[0] and layout.page[1] - 0.07 <= height <= layout.page[1]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("name", ["a4-l7160", "roll-33x15", "a4-l7651"])
def test_bars_begin_and_end_a_fifth_of_a_dot_inside_the_printers_grid(name: str, dpi: int) -> None:
    layout, fine = LAYOUTS[name], 10  # ten pixels a dot
    pdf = labels_pdf([scan.label(scan.EAN13, copies=layout.columns)], layout, dpi=dpi)
    bars = draw(scan.label(scan.EAN13), layout, dpi).bars
    middle = (layout.origin[1] + bars.y + bars.height / 2) * MM
    with scan.opened(pdf) as document:
        page = document[0]
        below = page.get_height() - middle - 0.1
        image = page.render(scale=dpi * fine / 72, grayscale=True, crop=(0, below, 0, middle - 0.1)).to_pil()
        page.close()
    row = [image.getpixel((x, image.height // 2)) < 128 for x in range(image.width)]
    edges = [x for x in range(1, len(row)) if row[x] != row[x - 1]]
    assert len(edges) == 2 * len(bars.symbol.bars) * layout.columns
    for i, edge in enumerate(edges):
        inside = 2 if i % 2 == 0 else fine - 2
        assert (edge - inside + 1) % fine <= 2, (i, edge)


def test_printing_starts_at_the_first_free_label_and_goes_on_on_the_next_sheet() -> None:
    layout = LAYOUTS["a4-l7160"]
    pdf = labels_pdf([scan.label(name="Qerajinan", copies=3)], layout, start=20)
    cells = list(layout.cells())
    assert [round(y - origins(pdf, "Q")[0][1], 2) for _, y in origins(pdf, "Q")] == [0, 0]
    assert origins(pdf, "Q")[0][0] == pytest.approx(cells[19][0] + 2.86, abs=0.2)
    assert len(origins(pdf, "Q", page=1)) == 1
    assert origins(pdf, "Q", page=1)[0][1] < 25


def test_labels_come_in_the_order_they_were_asked_for() -> None:
    layout = LAYOUTS["roll-33x15-3"]
    pdf = labels_pdf([scan.label(scan.EAN8, copies=2), scan.label(scan.OWN, copies=3)], layout)
    read = [scan.zxing_reads(image) for image in scan.stickers(pdf, layout, 300)]
    assert read == [{"96385074"}] * 2 + [{"41270936"}] * 3 + [set()]


def test_a_correction_moves_labels_and_keeps_bars_on_the_grid() -> None:
    layout = LAYOUTS["a4-l7160"]
    plain, moved = (labels_pdf([scan.label(name="Q")], layout, offset=offset) for offset in ((0, 0), (1.3, -0.7)))
    (x, y), (new_x, new_y) = origins(plain, "Q")[0], origins(moved, "Q")[0]
    assert (new_x - x, new_y - y) == pytest.approx((1.3, -0.7), abs=0.01)
    assert scan.zxing_reads(scan.raster(moved, 203)[0]) == {"41270936"}


@settings(max_examples=60, deadline=None)
@given(NAMES, st.sampled_from(list(LAYOUTS.values())), st.sampled_from(["Rp900", "Rp1.000.000.000"]), st.booleans())
def test_no_name_leaves_its_label_or_touches_the_bars(name: str, layout: Layout, price: str, unit: bool) -> None:
    try:
        drawing = draw(scan.label(name=name, price=price, unit="lembar" if unit else ""), layout, 203)
    except TooMuch as refused:
        assert name in str(refused) and "Muat di " in str(refused)
        assert len(name) > 75
        return
    assert drawing.bars
    for text in drawing.texts:
        ascent, descent = 0.73 * text.size / MM, 0.22 * text.size / MM
        assert text.size >= smallest_name(layout) and text.x >= 0.5 and text.x + text.width <= layout.width - 0.5
        assert text.y - ascent >= 0.5 and text.y + descent <= layout.height - 0.5
        above, below = text.y + descent <= drawing.bars.y, text.y - ascent >= drawing.bars.y + drawing.bars.height
        quiet = drawing.bars.symbol.quiet_left * drawing.bars.dots * 25.4 / 203
        assert above or below or text.x + text.width <= drawing.bars.x - quiet
    written = " ".join(text.text for text in drawing.texts)
    assert "".join(name.split()) in "".join(written.split()) and price in written


def test_a_long_name_is_printed_whole_and_where_it_cannot_be_the_paper_that_has_room_is_named() -> None:
    for layout in LAYOUTS.values():
        with scan.opened(labels_pdf([scan.label(name=scan.LONG_NAME)], layout)) as document:
            text = document[0].get_textpage()
            assert " ".join(text.get_text_range().split()).startswith(scan.LONG_NAME), layout.name
            text.close()
    with pytest.raises(TooMuch, match="pilihan tidak muat di label 33 × 15 mm .* Muat di Gulungan 50 × 20 mm"):
        draw(scan.label(scan.EAN13, name=f"{scan.LONG_NAME} dari kayu jati pilihan"), LAYOUTS["roll-33x15"], 203)


def test_a_character_the_face_does_not_have_is_seen_to_be_missing() -> None:
    texts = draw(scan.label(name="Kopi ☕ Kafé"), LAYOUTS["a4-l7160"], 203).texts
    assert texts[0].text == "Kopi ? Kafé"


def test_the_price_is_the_largest_thing_in_words() -> None:
    for layout in LAYOUTS.values():
        texts = draw(scan.label(unit="kg"), layout, 203).texts
        assert max(texts, key=lambda text: text.size).text == "Rp80.000" and any(t.text == "/kg" for t in texts)


def test_print_dialogs_are_told_not_to_scale() -> None:
    root = pypdf.PdfReader(io.BytesIO(labels_pdf([scan.label()], LAYOUTS["a4-l7160"]))).root_object
    assert root["/ViewerPreferences"]["/PrintScaling"] == "/None" and root["/Lang"] == "id-ID"


def test_the_same_request_gives_the_same_bytes() -> None:
    wanted = [scan.label(code, copies=5) for code in scan.SYMBOLOGIES]
    assert labels_pdf(wanted, LAYOUTS["a4-l7160"]) == labels_pdf(wanted, LAYOUTS["a4-l7160"])


@pytest.mark.parametrize(("name", "most"), [("a4-l7160", 20), ("roll-33x15-3", 50), ("roll-33x15", 40)])
def test_a_repeated_label_costs_a_few_bytes(name: str, most: int) -> None:
    def size(copies: int) -> int:
        return len(labels_pdf([scan.label((code, "own"), copies=copies) for code in codes], LAYOUTS[name]))

    codes = [scan.with_check_digit(f"{1_000_000 + n}") for n in range(20)]
    assert (size(500) - size(1)) / (20 * 499) < most


def test_a_repeated_symbol_is_stored_once_and_is_one_path() -> None:
    reader = pypdf.PdfReader(io.BytesIO(labels_pdf([scan.label(copies=21)], LAYOUTS["a4-l7160"])))
    forms = reader.pages[0]["/Resources"]["/XObject"]
    assert set(forms) == {"/T0", "/B0"}
    operators = forms["/B0"].get_object().get_data().split()
    assert operators.count(b"f") == 1 and operators.count(b"re") == 3 * 7 + 1  # 7 characters, and the stop's fourth bar


@pytest.mark.parametrize(
    ("wanted", "over"),
    [
        ([], {}),
        ([scan.label(copies=0)], {}),
        ([scan.label(copies=20_001)], {}),
        ([scan.label()], {"start": 0}),
        ([scan.label()], {"start": 22}),
        ([scan.label()], {"dpi": 150}),
    ],
)
def test_what_cannot_be_printed_is_refused(wanted: list[Label], over: dict[str, int]) -> None:
    with pytest.raises(PosError):
        labels_pdf(wanted, LAYOUTS["a4-l7160"], **over)


def test_an_unknown_layout_is_answered_with_those_there_are() -> None:
    assert layout_named(" A4-L7160 ").name == "a4-l7160"
    with pytest.raises(NotFound, match="a4-l7160, .*roll-33x15"):
        layout_named("a4-l9999")


def test_the_test_sheet_outlines_every_label_and_its_lines_are_where_they_say() -> None:
    layout, printer = LAYOUTS["a4-l7160"], Printer(203, offset=(1.0, 0.5))
    pdf = calibration_pdf(layout, printer)
    operators = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data().decode().split()
    assert operators.count("re") == layout.count
    at = operators.index("re") - 4
    assert float(operators[at]) / MM == pytest.approx(layout.origin[0] + 1, abs=0.01)
    page = scan.raster(pdf, 600)[0]
    dots = 600 / 25.4
    left, top = (round((mark + askew) * dots) for mark, askew in zip(marks_of(layout), printer.offset, strict=True))
    assert any(page.getpixel((left + d, page.height - 200)) == 0 for d in (-2, -1, 0, 1, 2))
    assert any(page.getpixel((page.width - 100, top + d)) == 0 for d in (-2, -1, 0, 1, 2))
