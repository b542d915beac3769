"""What is printed is read again: every layout, every symbology, both resolutions, two decoders."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.Image import Image

from pos.labels.layouts import LAYOUTS
from pos.labels.pdf import labels_pdf
from tests.labels import scan

DECODERS: dict[str, Callable[[Image], set[str]]] = {"zxing": scan.zxing_reads, "zbar": scan.zbar_reads}


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize(("grid", "printer"), [(203, 203), (203, 300), (300, 300)])
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_label_of_a_sheet_scans(name: str, grid: int, printer: int, decoder: str) -> None:
    layout = LAYOUTS[name]
    codes = [code for code in scan.SYMBOLOGIES for _ in range(layout.columns)]
    pdf = labels_pdf(
        [scan.label(code, name=scan.LONG_NAME if layout.height > 15 else "Tas rajut motif tifa") for code in codes],
        layout,
        dpi=grid,
    )
    peeled = scan.stickers(pdf, layout, printer)[: len(codes)]
    unread = [code for code, image in zip(codes, peeled, strict=True) if not DECODERS[decoder](image) & scan.said(code)]
    assert len(peeled) == len(codes) and not unread


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
