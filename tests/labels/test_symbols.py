"""Codes are checked before they become bars, and the space beside the bars is part of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.labels.contents import draw
from pos.labels.design import TooMuch
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.symbols import NARROWEST, WIDEST, Unprintable, symbol_for
from tests.labels import scan

CODES = st.one_of(
    st.integers(10**6, 10**7 - 1).map(lambda n: (scan.with_check_digit(str(n)), "own")),
    st.integers(10**11, 10**12 - 1).map(lambda n: (scan.with_check_digit(str(n)), "ean13")),
    st.integers(10**6, 10**7 - 1).map(lambda n: (scan.with_check_digit(str(n)), "ean8")),
    st.integers(10**10, 10**11 - 1).map(lambda n: (scan.with_check_digit(str(n)), "upca")),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40).map(lambda t: (t, "other")),
)
QUIET = {"own": (10, 10), "ean13": (11, 7), "ean8": (7, 7), "upca": (9, 9), "other": (10, 10)}  # the standards'


@given(CODES, st.sampled_from(list(LAYOUTS.values())), st.sampled_from([203, 300, 600]))
def test_quiet_zones_stay_on_the_label_whole_or_the_code_is_refused(
    code: tuple[str, str], layout: Layout, dpi: int
) -> None:
    dot = 25.4 / dpi
    try:
        bars = draw(scan.label(code), layout, dpi).bars
    except TooMuch:
        assert len(code[0]) > 12  # the code in type beside the price
        return
    except Unprintable:
        least = -(-NARROWEST // dot)
        assert symbol_for(*code).total * least * dot > layout.width - 1.01
        return
    assert bars
    module = bars.dots * dot
    left, right = QUIET[code[1]]
    last = max(start + wide for start, wide in bars.symbol.bars)
    assert bars.x - left * module >= dot / 2  # what moving onto the printer's grid may take
    assert layout.width - (bars.x + last * module) - right * module >= dot / 2
    assert NARROWEST - 0.001 <= module <= WIDEST
    assert bars.height >= layout.least_bars - 1e-9 and layout.least_bars >= (6 if layout.height < 18 else 10)


@pytest.mark.parametrize(
    ("code", "symbology"),
    [
        ("8991002101410", "ean13"),  # wrong check digit, which the library would quietly mend
        ("899100210141", "ean13"),
        ("٨٩٩١٠٠٢١٠١٤١٨", "ean13"),  # digits to Python, not to a scanner
        ("89910021014188", "ean13"),
        ("41270938", "own"),
        ("4127093", "own"),
        ("Kafé", "other"),
        ("A\tB", "other"),
        ("", "other"),
    ],
)
def test_what_would_be_printed_as_something_else_is_refused(code: str, symbology: str) -> None:
    with pytest.raises(Unprintable):
        symbol_for(code, symbology)


def test_a_code_that_is_too_long_is_refused_with_its_name_and_the_label() -> None:
    with pytest.raises(Unprintable, match="PRODUK-NOMOR-1234 terlalu panjang untuk label 33 × 15 mm"):
        draw(scan.label(("PRODUK-NOMOR-1234", "other")), LAYOUTS["roll-33x15"], 203)


def test_our_own_code_is_the_narrow_kind_of_code_128() -> None:
    symbol = symbol_for("41270936", "own")
    assert symbol.total * 2 * 25.4 / 203 == pytest.approx(24.8, abs=0.05)
    assert symbol.dots(33, 203) == 2 and symbol.dots(63.5, 203) == 3 and symbol.dots(63.5, 300) == 4


def test_pairs_of_nines_are_kept() -> None:
    assert symbol_for("99123456", "other").width == symbol_for("12345678", "other").width
