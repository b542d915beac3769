"""Lists on paper: every row of them, their total, numbered pages, within the reader's scope."""

import io
import time
from typing import Any

import pypdf
import pytest
from PIL import Image

from pos import paper
from pos.listing_pdf import MOST_ROWS, Column, Listing, TooLong, listing_pdf
from pos.stationery import Letterhead, Signer

COLUMNS = [Column("Nomor"), Column("Galeri"), Column("Total", is_number=True)]


def listing(count: int, **over: Any) -> Listing:
    rows = [(f"AMB-1-{i:06d}", "Galeri Lapas Ambon", f"Rp{i}.000") for i in range(1, count + 1)]
    given: dict[str, Any] = {"rows": rows, "total": ("Jumlah", "", "Rp48.000.000"), "page_of": "Hal. {page}/{pages}"}
    return Listing(**({"title": "Nota", "about": ["Lapas Ambon"], "columns": COLUMNS} | given | over))


def opened(made: Listing | bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made if isinstance(made, bytes) else listing_pdf(made)))


def texts(made: Listing | bytes) -> list[str]:
    return [page.extract_text() for page in opened(made).pages]


def places(page: Any) -> dict[str, tuple[float, float]]:
    """Where each text of a page begins."""
    found: dict[str, tuple[float, float]] = {}

    def note(text: str, _cm: Any, matrix: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            found[text.strip()] = (matrix[4], matrix[5])

    page.extract_text(visitor_text=note)
    return found


@pytest.mark.parametrize("count", [*range(0, 3), *range(34, 46), 130])
def test_every_row_stands_once_and_the_total_not_alone(count: int) -> None:
    pages = texts(listing(count))
    whole = "\n".join(pages)
    assert [whole.count(f"AMB-1-{i:06d}") for i in range(1, count + 1)] == [1] * count
    assert whole.count("Rp48.000.000") == 1 and "Rp48.000.000" in pages[-1]
    assert ("AMB-1-" in pages[-1]) == (count > 0)
    for number, page in enumerate(pages, start=1):
        assert "Nomor" in page and f"Hal. {number}/{len(pages)}" in page


def test_a_list_says_its_name_and_language_and_is_the_same_each_time() -> None:
    made = opened(listing(1))
    assert made.metadata and made.metadata.title == "Nota"
    assert made.trailer["/Root"]["/Lang"] == "id-ID"
    assert listing_pdf(listing(3)) == listing_pdf(listing(3))


def test_numbers_end_at_the_same_place() -> None:
    made = listing(0, rows=[("A", "B", "Rp5"), ("C", "D", "Rp1.250.000.000")], total=())
    at = places(opened(made).pages[0])
    ends = {round(at[text][0] / paper.MM + paper.width(text, 9), 1) for text in ("Rp5", "Rp1.250.000.000")}
    assert len(ends) == 1


def test_few_columns_stand_upright_and_many_lie() -> None:
    many = [Column(f"Kolom panjang nomor {i}") for i in range(9)]
    for made, upright in ((listing(2), True), (listing(0, columns=many, rows=[["x"] * 9], total=()), False)):
        box = opened(made).pages[0].mediabox
        assert (box.height > box.width) == upright


def test_long_names_are_wrapped_within_their_column_and_nothing_is_markup() -> None:
    long = "Tas rajut <b>ikat</b> & " + "sangatpanjang" * 12 + " Tanimbar buatan warga binaan" * 5
    page = opened(listing(0, rows=[("A", long, "Rp5")])).pages[0]
    text = page.extract_text()
    assert "".join(long.split()) in "".join(text.split())
    assert all(x < float(page.mediabox.width) - 12 * paper.MM for x, _y in places(page).values())


def test_what_was_searched_for_may_be_as_long_as_an_address() -> None:
    assert "Cari" in texts(listing(1, about=["Cari: " + "x" * 20_000]))[0]


def test_three_thousand_rows_take_seconds() -> None:
    began = time.process_time()
    pages = opened(listing(3000)).pages
    assert time.process_time() - began < 15 and "AMB-1-003000" in pages[-1].extract_text()


def test_a_book_is_refused_with_a_way_out() -> None:
    with pytest.raises(TooLong, match=r"5\.000 baris.*unduh XLSX"):
        listing_pdf(listing(MOST_ROWS + 1))


def official() -> dict[str, Any]:
    signers = [Signer("Kepala Lapas", "Budi Santoso", "19700101 199503 1 001", "Mengetahui,"), Signer("Bendahara")]
    lines = ["Direktorat Jenderal Pemasyarakatan", "Kanwil Maluku", "Lapas Kelas IIA Ambon"]
    head = Letterhead(lines, ["Jl. Leo Wattimena, Ambon"], "Ambon", picture(), signers)
    return {"letterhead": head, "signers": signers, "place_and_day": "Ambon, 26 April 2026"}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "navy").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("count", [0, 1, 2, *range(18, 34), 60])
def test_an_official_list_has_its_letterhead_first_and_its_signatures_last(count: int) -> None:
    made = opened(listing(count, **official()))
    pages = [page.extract_text() for page in made.pages]
    assert pages[0].index("LAPAS KELAS IIA AMBON") < pages[0].index("Nota") and len(made.pages[0].images) == 1
    assert not any("LAPAS KELAS" in page for page in pages[1:])
    whole = "\n".join(pages)
    assert [whole.count(f"AMB-1-{i:06d}") for i in range(1, count + 1)] == [1] * count
    for text in ("Mengetahui,", "Budi Santoso", "NIP 19700101 199503 1 001", "Ambon, 26 April 2026", "Bendahara"):
        assert whole.count(text) == 1 and text in pages[-1], text
    assert "Rp48.000.000" in pages[-1]  # the total stands on the sheet that is signed


def test_rows_stand_closer_where_the_signatures_would_take_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    made = listing(36, signers=[Signer("Kalapas", "Budi")], place_and_day="Ambon, 26 April 2026")
    assert len(texts(made)) == 1
    monkeypatch.setattr("pos.listing_pdf.PADDINGS", (1.8,))
    assert len(texts(made)) == 2
