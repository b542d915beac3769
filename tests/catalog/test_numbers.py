"""Numbers of certificates: one form for each way people write them, and an example where it is none."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.catalog import numbers
from pos.catalog.models import CERTIFICATES


@pytest.mark.parametrize(
    ("kind", "typed", "number"),
    [
        ("pirt", "2061337010012-30", "2061337010012-30"),
        ("pirt", "P-IRT No. 206133701001230", "2061337010012-30"),
        ("pirt", " pirt 2.06.1337.01.0012-30 ", "2061337010012-30"),
        ("halal", "ID 3511-0000-0123-45678", "ID35110000012345678"),
        ("merek", "idm 000123456", "IDM000123456"),
        ("merek", "DID2026012345", "DID2026012345"),
        ("merek", "D00 2019 012345", "D002019012345"),
        ("merek", "EC00202612345", "EC00202612345"),
        ("bpom", "BPOM RI MD 867031003082", "MD 867031003082"),
        ("bpom", "ML867031003082", "ML 867031003082"),
        ("bpom", "POM NA18230100012", "NA 18230100012"),
        ("bpom", "TR123456789", "TR 123456789"),
        ("sni", "sni 01 - 2891 - 1992", "SNI 01-2891-1992"),
        ("sni", "SNI 8664:2018", "SNI 8664:2018"),
        ("sni", "SNI ISO 9001:2015", "SNI ISO 9001:2015"),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_was_typed(kind: str, typed: str, number: str) -> None:
    assert numbers.read(kind, typed) == number == numbers.read(kind, number)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("pirt", "2061337010012"),
        ("pirt", "20613370100123-30"),
        ("pirt", "２０６１３３７０１００１２-30"),
        ("halal", "KH 00190012345678"),
        ("halal", "LPPOM-00190012345678"),
        ("halal", "ID123"),
        ("merek", "IDM"),
        ("merek", "JID19991"),
        ("bpom", "MD 12345"),
        ("bpom", "MX 123456789012"),
        ("sni", "8664:2018"),
        ("sni", "SNI 8664"),
    ],
)
def test_what_is_none_is_answered_with_an_example_that_is_one(kind: str, typed: str) -> None:
    with pytest.raises(numbers.WrongNumber) as wrong:
        numbers.read(kind, typed)
    examples = [part.strip(" .,;") for part in str(wrong.value).split("misalnya")[1:]]
    first = examples[0].split(";")[0].split(" atau ")[0].strip(" .")
    assert numbers.read(kind, first)


@settings(max_examples=200, deadline=None)
@given(kind=st.sampled_from(CERTIFICATES), text=st.text(max_size=60))
def test_no_text_breaks_it_and_what_it_takes_it_takes_again(kind: str, text: str) -> None:
    try:
        number = numbers.read(kind, text)
    except numbers.WrongNumber:
        return
    assert numbers.read(kind, number) == number and len(number) <= numbers.LONGEST


@settings(max_examples=50, deadline=None)
@given(st.from_regex(r"[0-9]{13}-[0-9]{2}", fullmatch=True).filter(str.isascii))
def test_a_pirt_number_tells_the_year_it_ends(number: str) -> None:
    read = numbers.read("pirt", number)
    assert numbers.expiry_of("pirt", read) == date(2000 + int(number[-2:]), 12, 31)
    assert numbers.expiry_of("halal", "ID35110000012345678") is None
