"""Letterheads: set by admins, inherited from above, printed on what is official."""

import io
from collections.abc import Callable
from typing import Any

import pypdf
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from pos.units import letterheads
from pos.units import services as units
from pos.units.letterheads import letterhead_of
from tests import world


def address(app: Flask, name: str) -> str:
    with app.app_context():
        return f"/unit/{units.unit_named(name).id}/kop"


def head(app: Flask, name: str, by: str = "petugas") -> Any:
    with app.app_context():
        return letterhead_of(units.unit_named(name).id, world.person(by))


def logo(colour: str = "navy") -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(out, "JPEG")
    return io.BytesIO(out.getvalue()), "logo.jpg"


def test_names_of_the_tree_stand_where_nobody_has_set_a_letterhead(app: Flask) -> None:
    found = head(app, "Lapas Kelas IIA Ambon")
    assert found.lines == [
        letterheads.MINISTRY,
        "Direktorat Jenderal Pemasyarakatan",
        "Kantor Wilayah Maluku",
        "Lembaga Pemasyarakatan Kelas IIA Ambon",
    ]
    assert found.city == "Ambon"
    assert [signer.position for signer in found.signers] == ["Kepala Lapas Kelas IIA Ambon", ""]
    assert found.signers[-1].name == "Petugas"


def test_what_a_unit_leaves_open_comes_from_above(app: Flask, as_admin: FlaskClient) -> None:
    given = {"lines": "Kementerian\n\n  Ditjen   Pas ", "city": "Jakarta", "logo": logo()}
    assert as_admin.post(address(app, "Ditjenpas"), data=given).status_code == 302
    own = {"address": "Jl. Leo Wattimena", "left-position": "Kalapas", "left-name": "Budi", "right-number": "1970"}
    assert as_admin.post(address(app, "Lapas Kelas IIA Ambon"), data=own).status_code == 302
    found = head(app, "Lapas Kelas IIA Ambon")
    assert found.lines[:2] == ["Kementerian", "Ditjen Pas"] and found.lines[2] == "Kantor Wilayah Maluku"
    assert found.address == ["Jl. Leo Wattimena"] and found.city == "Ambon"
    assert [(signer.name, signer.number) for signer in found.signers] == [("Budi", ""), ("", "1970")]
    assert Image.open(io.BytesIO(found.logo)).size == (480, 320)
    assert head(app, "Kanwil Maluku").city == "Jakarta"
    assert as_admin.post(address(app, "Ditjenpas"), data={"no_logo": "1"}).status_code == 302
    assert head(app, "Kanwil Maluku").logo == b""


def test_no_other_file_becomes_a_logo_and_nothing_is_saved(app: Flask, as_admin: FlaskClient) -> None:
    refused = {"lines": "Baru", "logo": (io.BytesIO(b"<svg/>"), "logo.svg")}
    page = as_admin.post(address(app, "Ditjenpas"), data=refused)
    assert page.status_code == 422 and "utuh" in page.text and "Baru" in page.text
    assert head(app, "Ditjenpas").lines[0] == letterheads.MINISTRY


def test_the_example_shows_it_on_paper(app: Flask, as_: Callable[[str], FlaskClient]) -> None:
    found = as_("admin-ptk").get(address(app, "Lapas Kelas IIA Pontianak") + "/contoh.pdf")
    text = pypdf.PdfReader(io.BytesIO(found.data)).pages[0].extract_text()
    assert "LEMBAGA PEMASYARAKATAN KELAS IIA PONTIANAK" in text and "Pontianak, " in text and "Mengetahui," in text
