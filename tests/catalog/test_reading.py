"""A price means one thing or is refused; so do quantities, flags, units of measure and barcodes."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos import money
from pos.catalog import reading
from pos.catalog.models import MAX_PRICE, UNITS_OF_MEASURE
from pos.catalog.services import check_digit

prices = st.integers(0, MAX_PRICE)
FORMATS = (
    "{plain}",
    "{dots}",
    "Rp{dots}",
    "Rp {dots}",
    "rp. {dots}",
    "IDR {plain}",
    "Rp{dots},-",
    "Rp {dots},–",
    "{dots}.-",
    " {dots} rupiah",
    "\u00a0Rp\u00a0{dots}\u00a0",
)


@given(prices, st.sampled_from(FORMATS))
def test_every_way_of_writing_a_price_is_that_price(price: int, way: str) -> None:
    assert reading.rupiah(way.format(plain=price, dots=money.grouped(price))) == price


@given(
    st.integers(1000, MAX_PRICE), st.sampled_from(("{dots},00", "{plain},00", "{plain}.00", "{commas}.00", "{dots},0"))
)
def test_decimals_that_are_nought_are_read_where_they_can_only_be_decimals(price: int, way: str) -> None:
    assert reading.rupiah(way.format(plain=price, dots=money.grouped(price), commas=f"{price:,}")) == price


@given(prices)
def test_number_cells_are_prices(price: int) -> None:
    assert reading.rupiah(price) == reading.rupiah(float(price)) == price


@given(st.integers(1, 999), st.integers(0, 999))
def test_one_comma_before_three_digits_is_never_guessed(whole: int, rest: int) -> None:
    with pytest.raises(reading.Unreadable, match="dua cara"):
        reading.rupiah(f"{whole},{rest:03d}")


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_price_in_range_or_refused(text: str) -> None:
    try:
        assert 0 <= reading.rupiah(text) <= MAX_PRICE
    except reading.Unreadable as unreadable:
        assert str(unreadable.reason)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("12,500", "dua cara"),
        ("12.50", "dua cara"),
        ("12.5", "dua cara"),
        ("12,00", "dua cara"),
        ("0.500", "dua cara"),
        (12.5, "pecahan"),
        ("12.500,50", "pecahan"),
        ("12500.5", "pecahan"),
        ("-5", "negatif"),
        ("Rp -12.500", "negatif"),
        ("(12.500)", "negatif"),
        (-1, "negatif"),
        ("1.25.000", "tempatnya"),
        ("12..500", "tempatnya"),
        ("gratis", "bukan harga"),
        ("", "bukan harga"),
        (True, "bukan harga"),
        (float("nan"), "bukan harga"),
        (float("inf"), "bukan harga"),
        ("1" * 12, "lebih dari"),
    ],
)
def test_what_is_no_plain_price_says_why(value: Any, why: str) -> None:
    with pytest.raises(reading.Unreadable, match=why):
        reading.rupiah(value)


def test_prices_grouped_twice_by_commas_are_plain() -> None:
    assert reading.rupiah("12,500,000") == 12_500_000
    assert reading.rupiah("12 500") == 12_500


@given(st.integers(-(10**9), 10**9))
def test_quantities_are_read_as_they_are_shown(thousandths: int) -> None:
    if abs(thousandths) % 1000 or abs(thousandths) < 1_000_000:
        assert reading.quantity(money.quantity_text(thousandths), divisible=True) == thousandths
    whole = thousandths // 1000 * 1000
    assert reading.quantity(money.quantity_text(whole), divisible=False) == whole


@pytest.mark.parametrize(
    ("text", "divisible"),
    [("1.500", True), ("1,5", False), ("", True), ("dua", False), ("1,2345", True), ("1e3", True)],
)
def test_doubtful_quantities_are_refused(text: str, divisible: bool) -> None:
    with pytest.raises(reading.Unreadable):
        reading.quantity(text, divisible)


def test_decimals_of_a_weight_may_stand_after_a_dot() -> None:
    assert reading.quantity("1.5", divisible=True) == 1500


@pytest.mark.parametrize("value", ["ya", "Ya", "YA ", "true", "TRUE", True, "1", 1, 1.0, "x", "✓"])
def test_yes(value: Any) -> None:
    assert reading.flag(value) is True


@pytest.mark.parametrize("value", ["tidak", "Tidak", "false", False, "0", 0, 0.0, "-", "no"])
def test_no(value: Any) -> None:
    assert reading.flag(value) is False


def test_maybe_is_refused() -> None:
    with pytest.raises(reading.Unreadable):
        reading.flag("mungkin")


def test_measures_are_known_by_their_short_forms() -> None:
    assert [reading.measure(text) for text in ("Kg", "pcs", "LTR", "gr.", "m")] == [
        "kg",
        "buah",
        "liter",
        "gram",
        "meter",
    ]
    assert all(reading.measure(name) == name for name in UNITS_OF_MEASURE)
    with pytest.raises(reading.Unreadable, match="buah, kg"):
        reading.measure("karung")


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("Maggot kering per kg", "kg"),
        ("Minyak serai merah per liter", "liter"),
        ("Ayam kampung per ekor", "ekor"),
        ("Beras /kg", "kg"),
        ("Set kursi rotan", "set"),
        ("Satu set mebeler kayu", "set"),
        ("Pupuk bokashi 5 kg", None),
        ("Tempe 3 batang (1 kg)", None),
        ("Roti per pcs", None),
        ("Lukisan setengah badan", None),
    ],
)
def test_a_name_may_tell_the_measure(name: str, measure: str | None) -> None:
    assert reading.measure_hint(name) == measure


# -- barcodes ------------------------------------------------------------------------------------------


@given(st.integers(1, 10**12 - 1), st.sampled_from([(7, "ean8"), (11, "upca"), (12, "ean13")]))
def test_a_factory_code_is_kept_as_it_is_and_one_wrong_digit_is_found(number: int, kind: tuple[int, str]) -> None:
    length, symbology = kind
    body = str(number % 10**length or 1).zfill(length)
    code = body + check_digit(body)
    assert reading.barcode(code) == reading.Code(code, symbology)
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    with pytest.raises(reading.Unreadable, match=f"berakhir {code[-1]}"):
        reading.barcode(wrong)


def test_noughts_that_a_spreadsheet_dropped_are_put_back() -> None:
    assert reading.barcode(1234565) == reading.Code("01234565", "ean8", restored=True)
    assert reading.barcode("1234565") == reading.Code("01234565", "ean8", restored=True)
    assert reading.barcode("01234565") == reading.Code("01234565", "ean8")


@pytest.mark.parametrize(
    "value", ["8,99E+12", "8.99E+12", "8.991002101418E+12", "8e12", 8.99100210141e20, 12.5, True, -1]
)
def test_a_code_that_excel_spoiled_is_refused(value: Any) -> None:
    with pytest.raises(reading.Unreadable):
        reading.barcode(value)


def test_number_cells_spaces_and_hyphens_are_understood() -> None:
    assert reading.barcode(8991002101418).code == "8991002101418"
    assert reading.barcode(8991002101418.0).code == "8991002101418"
    assert reading.barcode("899-1002-101418").code == "8991002101418"
    assert reading.barcode(" 'TJ-0042 ") == reading.Code("TJ-0042", "other")


@pytest.mark.parametrize("value", ["kode tas", "é", "0000", "9" * 49])
def test_what_no_scanner_sends_is_no_code(value: str) -> None:
    with pytest.raises(reading.Unreadable):
        reading.barcode(value)


def test_a_text_of_a_million_letters_is_no_price_at_once() -> None:
    started = time.process_time()
    with pytest.raises(reading.Unreadable, match="bukan harga"):
        reading.rupiah("rp" * 500_000)
    assert time.process_time() - started < 1


def test_a_quantity_is_at_most_what_a_sale_may_hold() -> None:
    assert reading.quantity("1.000.000", False) == 10**9
    with pytest.raises(reading.Unreadable, match="paling banyak 1.000.000"):
        reading.quantity("1000000,001", True)
