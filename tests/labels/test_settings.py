"""Own layouts and printers: measured, checked in sentences, kept for their unit."""

import math
import re
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from pos.db import atomic
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.models import LabelLayout
from pos.labels.settings import Printer, measured, problems_of
from tests.labels import scan
from tests.labels.test_page import ids, printed

GOOD = {
    "name": "Stiker koperasi",
    "page_width": "210",
    "page_height": "297",
    "width": "60,5",
    "height": "25.4",
    "columns": "3",
    "rows": "10",
    "pitch_x": "63,5",
    "pitch_y": "25,4",
    "left": "10",
    "top": "12,7",
}


def keep(client: Any, **over: str) -> Any:
    return client.post("/label/tata-letak/baru", data=GOOD | over)


def test_a_layout_that_was_measured_is_printed_on(as_staff: Any) -> None:
    name = re.search(r"layout=(sendiri-\d+)", keep(as_staff).location)
    assert name
    page = as_staff.get(f"/label?layout={name[1]}").text
    assert f'value="{name[1]}" selected' in page and "Stiker koperasi 60,5 × 25,4 mm, 30 per lembar" in page
    pdf = printed(as_staff, produk=ids(page)["Tas rajut"], jumlah="30", layout=name[1])
    own = Layout("", "", 60.5, 25.4, (210, 297), 3, 10, (63.5, 25.4), (10, 12.7))
    assert len({frozenset(scan.zxing_reads(image)) for image in scan.stickers(pdf, own, 203)}) == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Beri nama"),
        ("name", "x" * 41, "40"),
        ("width", "", "milimeter"),
        ("width", "nan", "milimeter"),
        ("width", "1e1", "Paling kecil 25 mm"),
        ("width", "٦٠", "milimeter"),
        ("height", "-5", "milimeter"),
        ("height", "8", "Paling kecil 12 mm"),
        ("columns", "4", "Label terakhir berakhir di 261 mm, padahal lebar kertas 210 mm."),
        ("rows", "12", "padahal tinggi kertas 297 mm"),
        ("columns", "0", "Isi 1 sampai 20"),
        ("columns", "99999999999999999999", "Isi 1 sampai 20"),
        ("rows", "1.5", "Isi 1 sampai "),
        ("pitch_x", "60", "Label akan tumpang tindih: isi paling sedikit 60,5 mm, lebar label itu sendiri."),
        ("pitch_y", "25.39", "tumpang tindih"),
        ("page_width", "400", "Isi 25 sampai 330 milimeter"),
        ("page_height", "inf", "milimeter"),
    ],
)
def test_a_layout_that_cannot_be_is_refused_beside_its_field_and_kept_as_typed(
    as_staff: Any, field: str, value: str, sentence: str
) -> None:
    answer = keep(as_staff, **{field: value})
    assert answer.status_code == 422 and sentence in answer.text and value in answer.text
    assert 'class="error"' in answer.text
    assert as_staff.get("/label/tata-letak/gambar.svg", query_string=GOOD | {field: value}).status_code == 200


@given(*(st.floats(0, 500) for _ in range(6)), st.integers(1, 20), st.integers(1, 60))
def test_what_is_let_in_fits_its_page(
    width: float, height: float, across: float, down: float, left: float, top: float, columns: int, rows: int
) -> None:
    layout = Layout("", "x", width, height, (210, 297), columns, rows, (across, down), (left, top))
    cells = [] if problems_of(layout) else list(layout.cells())
    for x, y in cells:
        assert x + width <= 210.001 and y + height <= 297.001 and width >= 25 and height >= 12
    assert not cells or (columns == 1 or across >= width - 0.001) and (rows == 1 or down >= height - 0.001)


def test_every_built_in_layout_could_be_an_own_one(as_staff: Any) -> None:
    assert [name for name, layout in LAYOUTS.items() if problems_of(layout)] == []
    page = as_staff.get("/label/tata-letak/baru?dari=tj-103").text
    assert 'value="Salinan Tom &amp; Jerry 103"' in page and 'value="69,15"' in page


def test_the_database_too_refuses_labels_that_overlap(ctx: Any) -> None:
    figures = {"page_width": 21000, "page_height": 29700, "width": 6000, "height": 2500, "columns": 2, "row_count": 1}
    figures |= {"pitch_x": 5000, "pitch_y": 0, "left_edge": 0, "top_edge": 0, "unit_id": 1}
    with pytest.raises(IntegrityError), atomic() as session:
        session.execute(sa.insert(LabelLayout).values(name="x", roll=False, **figures))


def test_a_layout_has_a_name_of_its_own_and_is_its_units(as_staff: Any, as_: Any) -> None:
    keep(as_staff)
    again = keep(as_staff, name="stiker KOPERASI")
    assert again.status_code == 422 and "sudah dipakai" in again.text
    assert keep(as_("petugas-ptk")).status_code == 302  # another unit's
    own = re.search(r"/label/tata-letak/(\d+)", as_staff.get("/label/tata-letak").text)
    assert own and as_("petugas-ptk").get(f"/label/tata-letak/{own[1]}").status_code == 404
    changed = as_staff.post(f"/label/tata-letak/{own[1]}", data=GOOD | {"rows": "2"})
    assert changed.status_code == 302 and "6 per lembar" in as_staff.get("/label").text
    as_staff.post(f"/label/tata-letak/{own[1]}/hapus")
    assert "Stiker koperasi" not in as_staff.get("/label").text


# -- printers ------------------------------------------------------------------------------------------


def test_a_printer_is_put_right_by_measuring_its_test_sheet(as_staff: Any) -> None:
    where = as_staff.post("/label/printer/baru", data={"name": "Gudang", "dpi": "300", "dx": "0,5", "dy": "0"}).location
    printer = where.split("?")[0].rsplit("/", 1)[1]
    measured_at = {"name": "Gudang", "dpi": "300", "dx": "0,5", "dy": "0", "seen_x": "20,8", "seen_y": "19,5"}
    as_staff.post(where, data=measured_at | {"layout": "a4-l7160"})
    page = as_staff.get(where).text
    assert 'value="-0,3"' in page and 'name="dy"' in page and 'value="0,5"' in page
    label_page = as_staff.get(f"/label?printer={printer}").text
    assert f'value="{printer}" selected' in label_page and "300 dpi, geser -0,3 / 0,5 mm" in label_page


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"dpi": "72"}, {"dx": "11"}, {"dx": "nan"}, {"dy": "-10,01"}, {"dx": ""}]
)
def test_a_printer_that_cannot_be_is_refused(as_staff: Any, wrong: dict[str, str]) -> None:
    form = {"name": "Gudang", "dpi": "203", "dx": "0", "dy": "0"} | wrong
    assert as_staff.post("/label/printer/baru", data=form).status_code == 422
    kept = as_staff.post("/label/printer/baru", data=form | {"name": "x", "dpi": "203", "dx": "0", "dy": "0"})
    for more in (wrong, {"seen_x": "99"}, {"seen_y": "x"}):
        answer = as_staff.post(kept.location, data=form | more)
        assert answer.status_code == 422 and 'class="error"' in answer.text


def test_the_printer_brings_its_offset_and_its_paper_of_last_time(as_staff: Any) -> None:
    form = {"name": "Gudang", "dpi": "203", "dx": "2", "dy": "0"}
    printer = as_staff.post("/label/printer/baru", data=form).location.split("?")[0].rsplit("/", 1)[1]
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    straight = printed(as_staff, produk=bag, layout="tj-103", printer="dpi-203")
    askew = printed(as_staff, produk=bag, layout="tj-103", printer=printer)
    black = [
        next(x for x in range(page.width) if any(not page.getpixel((x, y)) for y in range(0, 320, 2)))
        for page in (scan.raster(pdf, 203)[0] for pdf in (straight, askew))
    ]
    assert black[1] - black[0] == pytest.approx(2 / 25.4 * 203, abs=1.1)
    assert 'value="tj-103" selected' in as_staff.get(f"/label?printer={printer}").text


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(10, 30), st.floats(10, 30))
def test_what_was_measured_is_undone(has_x: float, has_y: float, seen_x: float, seen_y: float) -> None:
    better = measured(Printer(203, offset=(has_x, has_y)), (20, 20), (seen_x, seen_y))
    shown = [seen + new - old for seen, new, old in zip((seen_x, seen_y), better.offset, (has_x, has_y), strict=True)]
    assert all(math.isclose(mark, 20, abs_tol=0.006) for mark in shown)
    assert measured(replace(better, name="x"), (20, 20), (None, None)).offset == better.offset
