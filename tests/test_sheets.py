"""Tables come in as people have them and go out so that a spreadsheet cannot be made to run them."""

import io
from decimal import Decimal

import openpyxl
import pytest

from pos import sheets

HEADER = ["nama", "harga", "kode"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_is_read_whatever_wrote_it(delimiter: str, encoding: str) -> None:
    text = delimiter.join(["Nama ", "HARGA"]) + "\r\n" + delimiter.join(["Café", "1"]) + "\r\n"
    rows = sheets.read(text.encode(encoding), "x.csv")
    assert [(row.number, row.cells) for row in rows] == [(2, {"nama": "Café", "harga": "1"})]


def test_blank_rows_are_skipped_but_counted() -> None:
    rows = sheets.read(b"a;b\n;\n1;2\n\n3;4\n", "x.csv")
    assert [row.number for row in rows] == [3, 5]


def test_excels_own_separator_hint_is_no_row() -> None:
    assert [(r.number, r.cells) for r in sheets.read(b"sep=;\na;b\n1,5;2\n", "x.csv")] == [(2, {"a": "1,5", "b": "2"})]


def test_cells_beyond_the_header_are_told() -> None:
    assert sheets.read(b"a,b\n1,2,3\n", "x.csv")[0].beyond == ("3",)
    assert sheets.read(b"a,b,,\n1,2,,\n", "x.csv")[0].beyond == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"a,a\n1,2\n",
        b"a\x00b,c\n1,2\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook",
        b"PK\x03\x04 but not a workbook",
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(sheets.UnreadableFile):
        sheets.read(data, "x")


def test_missing_columns_are_named() -> None:
    with pytest.raises(sheets.UnreadableFile, match="price_rp"):
        sheets.require(sheets.read(b"product\nTas\n", "x.csv"), ["product", "price_rp"], "x.csv")


def test_xlsx_keeps_numbers_as_numbers_and_formulas_as_text() -> None:
    data = sheets.to_xlsx("Produk", HEADER, [["=1+1", 80_000, "00012345"], ["@sum", Decimal("1.5"), "-"]])
    cells = list(openpyxl.load_workbook(io.BytesIO(data)).active.rows)
    assert [(c.value, c.data_type) for c in cells[1]] == [("=1+1", "s"), (80_000, "n"), ("00012345", "s")]
    assert [(c.value, c.data_type) for c in cells[2]] == [("@sum", "s"), (1.5, "n"), ("-", "s")]
    assert [row.cells["harga"] for row in sheets.read(data, "x.xlsx")] == [80_000, 1.5]


@pytest.mark.parametrize("text", ["=1+1", "+62", "-3", "@sum", "\tx"])
def test_csv_cannot_carry_a_formula(text: str) -> None:
    data = sheets.to_csv(HEADER, [[text, -5, Decimal("1.5")]]).decode("utf-8-sig")
    assert data.splitlines()[1] == f"'{text};-5;1,5"
