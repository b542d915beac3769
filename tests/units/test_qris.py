"""A gallery's QRIS code: read, checked, told back, and handed to the tills."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import segno
import sqlalchemy as sa

from pos.db import db
from pos.errors import PosError
from pos.units import qris
from pos.units.models import AuditEntry, Gallery

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "qris.json").read_text())
CODE = VECTORS["locked"][0]["static"]


def tlv(**values: str) -> str:
    """A code of these fields (`_26=`...) with the check figure that fits."""
    open_ = "".join(f"{tag[1:]}{len(value):02d}{value}" for tag, value in values.items()) + "6304"
    return open_ + qris.crc(open_)


def code(**over: str) -> str:
    whole = {"_00": "01", "_01": "11", "_26": "0003ABC", "_53": "360", "_58": "ID", "_59": "GALERI", "_60": "AMBON"}
    return tlv(**{tag: value for tag, value in (whole | over).items() if value})


def test_the_check_figure_is_the_standard_one() -> None:
    for text, expected in VECTORS["crc"]:
        assert qris.crc(text) == expected


@pytest.mark.parametrize("case", VECTORS["locked"], ids=lambda case: case["why"])
def test_what_a_till_shows_is_the_same_code_but_for_use_amount_and_tips(case: dict[str, Any]) -> None:
    assert qris.check(case["static"])
    before, after = qris.fields(case["static"]) or {}, qris.fields(case["locked"]) or {}
    assert after["63"] == qris.crc(case["locked"][:-4])
    assert (after["01"], after["54"]) == ("12", str(case["amount"]))
    changed = {"01", "54", "55", "56", "57", "63"}
    assert [(tag, before[tag]) for tag in before if tag not in changed] == [
        (tag, after[tag]) for tag in after if tag not in changed
    ]
    assert list(after)[list(after).index("54") - 1] == "53" and not after.keys() & {"55", "56", "57"}


def test_whose_code_it_is() -> None:
    assert str(qris.check(CODE)) == "GALERI CONTOH UPT · AMBON · ID0000000000001"
    assert qris.check("") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("https://contoh.id/bayar", "harus diawali 000201"),
        (CODE[:-10], "tidak utuh"),
        (CODE + CODE, "tidak utuh"),
        (CODE[:20] + "x" + CODE[21:], "Angka periksa"),
        (CODE[:-1] + "A", "Angka periksa"),
        (VECTORS["locked"][0]["locked"], "untuk satu pembayaran"),
        (code(_01=""), "untuk satu pembayaran"),
        (code(_53="840"), "bukan rupiah"),
        (code(_58="MY"), "dari Indonesia"),
        (code(_26=""), "penerima"),
        (code(_59=" "), "nama pedagang"),
        ("0" * 600, "paling panjang"),
    ],
)
def test_a_code_that_cannot_be_used_says_why(text: str, sentence: str) -> None:
    with pytest.raises(PosError) as refused:
        qris.check(text)
    assert sentence in str(refused.value.fields["qris"])


# -- on the page of the gallery ----------------------------------------------------------------------------


def gallery_id(app: Any) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(Gallery.id).where(Gallery.name == "Galeri Lapas Ambon")) or 0


def form(**over: Any) -> dict[str, Any]:
    return {
        "name": "Galeri Lapas Ambon",
        "kind": "galeri",
        "rounding_step": "0",
        "active": "y",
        "cutoff": "00:00",
    } | over


def photo(text: str, kind: str = "png") -> tuple[io.BytesIO, str]:
    image = io.BytesIO()
    segno.make(text, error="m").save(image, kind=kind, scale=4)
    image.seek(0)
    return image, f"qris.{kind}"


def kept(app: Any) -> str:
    with app.app_context():
        return db.session.scalar(sa.select(Gallery.qris).where(Gallery.name == "Galeri Lapas Ambon")) or ""


def test_a_pasted_code_is_told_back_logged_and_given_to_the_tills(app: Any, as_admin: Any, as_cashier: Any) -> None:
    path = f"/unit/galeri/{gallery_id(app)}"
    page = as_admin.post(path, data=form(qris=f" {CODE} "), follow_redirects=True).text
    assert "Uang QRIS akan masuk ke GALERI CONTOH UPT · AMBON" in page
    assert kept(app) == CODE and "GALERI CONTOH UPT" in as_admin.get(path).text
    assert {r["qris"] for r in as_cashier.get("/api/catalog").get_json()["registers"]} == {CODE}
    with app.app_context():
        [entry] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "gallery.change"))
        assert entry.detail["qris"] == ["", CODE]
    assert "QRIS: – → GALERI CONTOH UPT" in as_admin.get("/catatan").text
    assert "akan masuk" not in as_admin.post(path, data=form(qris=CODE), follow_redirects=True).text


def test_a_photo_of_the_code_is_as_good(app: Any, as_admin: Any) -> None:
    answer = as_admin.post(f"/unit/galeri/{gallery_id(app)}", data=form(qris_photo=photo(CODE)))
    assert answer.status_code == 302 and kept(app) == CODE


def test_what_is_refused_changes_nothing_and_keeps_what_was_typed(app: Any, as_admin: Any) -> None:
    path = f"/unit/galeri/{gallery_id(app)}"
    answer = as_admin.post(path, data=form(qris=CODE[:-1] + "A"))
    assert answer.status_code == 422 and "Angka periksa" in answer.text and CODE[:-1] + "A" in answer.text
    other = as_admin.post(path, data=form(qris_photo=photo("https://contoh.id")))
    assert other.status_code == 422 and "harus diawali 000201" in other.text
    for bad, sentence in [
        ((io.BytesIO(b"GIF89a" + b"\0" * 40), "x.png"), "bukan foto"),
        ((io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "x.svg"), "bukan foto"),
        ((io.BytesIO(photo(CODE)[0].read()[:200]), "x.png"), "bukan foto"),
        (blank(), "Tidak ada kode QR yang terbaca"),
    ]:
        answer = as_admin.post(path, data=form(qris_photo=bad))
        assert answer.status_code == 422 and sentence in answer.text
    assert kept(app) == ""


def test_a_picture_that_would_fill_the_memory_is_not_opened(app: Any, as_admin: Any) -> None:
    for size in ((6_000, 6_000), (30_000, 30_000)):
        answer = as_admin.post(f"/unit/galeri/{gallery_id(app)}", data=form(qris_photo=blank(*size)))
        assert answer.status_code == 422 and ("terlalu besar" in answer.text or "bukan foto" in answer.text)


def blank(width: int = 200, height: int = 200) -> tuple[io.BytesIO, str]:
    """A one-bit PNG: a few kilobytes, however many pixels."""
    from PIL import Image

    image = io.BytesIO()
    Image.new("1", (width, height), 1).save(image, "PNG")
    image.seek(0)
    return image, "kosong.png"
