"""Tables come in as people have them and go out so that a spreadsheet cannot be made to run them."""

import io
import time
import zipfile
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


def test_a_csv_of_nothing_but_lines_or_columns_is_refused_or_cut_soon() -> None:
    with pytest.raises(sheets.UnreadableFile, match="50.000 baris"):
        sheets.read(b"a;b\n1;2\n" + b"\n" * 2_000_000, "x.csv")
    names = ";".join(f"k{i}" for i in range(200_000)).encode()
    assert len(sheets.read(names + b"\n" + b"1;" * 200_000, "x.csv")[0].cells) == sheets.MAX_COLUMNS


TYPES = '<Types><Override PartName="/%s" ContentType="application/vnd.ms-excel.sharedStrings+xml"/></Types>'


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/sharedStrings.xml", b"<si><t>a</t></si>" * (30 * 2**20 // 17)),
        ("xl/worksheets/sheet2.xml", b" " * sheets.MAX_UNPACKED),
        ("xl/media/strings.png", b"<si><t>a</t></si>" * (30 * 2**20 // 17)),
        ("xl/worksheets/strings.xml", b"<si><t>a</t></si>" * (30 * 2**20 // 17)),
    ],
)
def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(part: str, text: bytes) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES % part if "strings" in part else "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
        archive.writestr(part, text)
    started = time.process_time()
    with pytest.raises(sheets.UnreadableFile, match="terlalu besar"):
        sheets.read(file.getvalue(), "x.xlsx")
    assert time.process_time() - started < 1


def test_a_real_workbook_of_thousands_of_rows_is_read() -> None:
    rows = [[f"Kerajinan tangan dari rotan dan bambu nomor {i}", i, f"{i:08d}"] for i in range(5_000)]
    read = sheets.read(sheets.to_xlsx("Produk", HEADER, rows), "x.xlsx")
    assert len(read) == 5_000 and list(read[-1].cells.values()) == rows[-1]
