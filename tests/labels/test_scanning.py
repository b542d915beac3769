"""What is printed is read again: every layout, every symbology, both resolutions, two decoders."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.Image import Image

from pos.labels.contents import draw, levels_of
from pos.labels.layouts import LAYOUTS
from pos.labels.pdf import labels_pdf
from tests.labels import scan

DECODERS: tuple[Callable[[Image], set[str]], ...] = (scan.zxing_reads, scan.zbar_reads)
LOOKS = {  # degrees askew and dots out of focus, by the printer's resolution
    203: ((0.0, 0.0), (2.0, 0.0), (-2.0, 0.5)),
    300: ((0.0, 0.5), (2.0, 0.4)),
}
FACTS = (("Komposisi: pisang, gula, garam",), ("Berat bersih: 250 g", "Kode produksi: A1"))
EVERYTHING = [(name, level) for name, layout in LAYOUTS.items() for level in levels_of(layout, 203)]


@pytest.mark.parametrize(("grid", "printer"), [(203, 203), (203, 300), (300, 300), (600, 600)])
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_kind_of_code_scans_on_every_layout(name: str, grid: int, printer: int) -> None:
    layout = LAYOUTS[name]
    pdf = labels_pdf([scan.label(code, name=scan.LONG_NAME) for code in scan.SYMBOLOGIES], layout, dpi=grid)
    peeled = scan.stickers(pdf, layout, printer)[: len(scan.SYMBOLOGIES)]
    for read in DECODERS:
        unread = [
            code for code, image in zip(scan.SYMBOLOGIES, peeled, strict=True) if not read(image) & scan.said(code)
        ]
        assert not unread


@pytest.mark.parametrize(("name", "level"), EVERYTHING)
def test_every_level_of_content_scans_on_every_layout_askew_and_blurred_too(name: str, level: str) -> None:
    layout = LAYOUTS[name]
    label = scan.label(name="Keripik pisang", level=level, facts=FACTS, address=scan.ADDRESS, copies=layout.count)
    said = {scan.ADDRESS} if level == "kartu" else {label.code}
    for dpi, looks in LOOKS.items():
        last = scan.stickers(labels_pdf([label], layout, dpi=dpi), layout, dpi)[-1]
        for degrees, blur in looks:
            image = scan.seen(last, degrees, blur)
            assert [read(image) for read in DECODERS] == [said, said], (dpi, degrees, blur)


@pytest.mark.parametrize("name", [name for name in LAYOUTS if name.startswith("a4-")])
def test_labels_across_an_a4_sheet_are_as_far_apart_as_the_paper_has_them(name: str) -> None:
    """Measured on the dots that are black: the first bar of every label, from the first label's."""
    layout, dot = LAYOUTS[name], 25.4 / 203
    page = scan.raster(labels_pdf([scan.label(copies=layout.count)], layout), 203)[0]
    bars = draw(scan.label(), layout, 203).bars
    assert bars
    found = []
    for x, y in layout.cells():
        row, column = round((y + bars.y + bars.height / 2) / dot), round((x + bars.x) / dot)
        first = next(at for at in range(column - 8, column + 9) if page.getpixel((at, row)) == 0)
        top = next(at for at in range(row, 0, -1) if page.getpixel((first, at)) == 255)
        found.append((first * dot - x, top * dot - y))
    for measured in zip(*found, strict=True):
        assert max(measured) - min(measured) < 0.2


@settings(max_examples=25, deadline=None)
@given(st.integers(1_000_000, 8_999_999), st.sampled_from(["a4-l7160", "roll-33x15"]), st.integers(1, 21))
def test_any_code_of_ours_scans_wherever_it_stands(body: int, name: str, start: int) -> None:
    code = scan.with_check_digit(str(body))
    layout = LAYOUTS[name]
    start = min(start, layout.count)
    image = scan.stickers(labels_pdf([scan.label((code, "own"))], layout, start=start), layout, 203)[start - 1]
    assert scan.zxing_reads(image) == {code} == scan.zbar_reads(image)


@settings(max_examples=25, deadline=None)
@given(st.from_regex(r"[!-~]([ -~]{0,3}[!-~])?|9[0-9]{1,9}", fullmatch=True))
def test_any_other_code_that_fits_scans_as_itself(code: str) -> None:
    layout = LAYOUTS["a4-l7160"]
    image = scan.stickers(labels_pdf([scan.label((code, "other"))], layout), layout, 203)[0]
    assert scan.zxing_reads(image) == {code}
