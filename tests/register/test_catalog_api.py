"""What a register asks before it sells: the catalogue as a change set, and where it may sell."""

from typing import Any

import pytest

from tests import world

FIELDS = {"id", "name", "maker", "category", "price", "unit_of_measure", "wbp_made", "featured", "barcodes"}


def test_the_whole_catalogue_and_then_nothing_new(app: Any, as_cashier: Any) -> None:
    first = as_cashier.get("/api/catalog").get_json()
    assert {"version", "products", "removed", "registers"} == set(first)
    assert len(first["products"]) == len(world.PRODUCTS) and all(set(p) >= FIELDS for p in first["products"])
    bag = next(p for p in first["products"] if p["name"] == "Tas rajut")
    assert (bag["price"], bag["maker"], bag["unit_of_measure"]) == (80_000, "Lapas Kelas IIA Ambon", "buah")
    again = as_cashier.get(f"/api/catalog?since={first['version']}").get_json()
    assert (again["version"], again["products"], again["removed"]) == (first["version"], [], [])


def test_registers_are_those_in_scope_with_their_next_number(app: Any, as_: Any) -> None:
    with app.app_context():
        world.sell()
    mine = as_("kasir").get("/api/catalog").get_json()["registers"]
    assert [(r["code"], r["next_number"]) for r in mine] == [("AMB-1", 2), ("AMB-2", 1)]
    assert mine[0] | {"next_number": 0} == {
        "code": "AMB-1", "gallery": "Galeri Lapas Ambon", "next_number": 0,
        "unit": "Lapas Kelas IIA Ambon", "zone": "WIT", "paper_width": 58, "rounding_step": 0, "discount_limit": 10,
        "qris": "", "scale": {}, "shift": None, "down_payment": 50,
    }  # fmt: skip
    assert [r["code"] for r in as_("kasir-ptk").get("/api/catalog").get_json()["registers"]] == ["PTK-1"]
    assert len(as_("admin").get("/api/catalog").get_json()["registers"]) == 4


@pytest.mark.parametrize("since", ["-1", "x", "", "1.5", "%201", "9" * 17, "١"])
def test_a_version_that_is_none_is_refused(as_cashier: Any, since: str) -> None:
    answer = as_cashier.get(f"/api/catalog?since={since}")
    assert answer.status_code == 422 and "since" in answer.get_json()["error"]["fields"]


def test_an_unchanged_answer_is_not_sent_again(app: Any, as_cashier: Any) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        first = as_cashier.get("/api/catalog", headers=headers)
        same = as_cashier.get("/api/catalog", headers=headers | {"If-None-Match": first.headers["ETag"]})
        assert same.status_code == 304 and not same.data
    with app.app_context():
        world.sell()
    assert as_cashier.get("/api/catalog", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_who_may_ask(as_: Any) -> None:
    statuses = {
        name: as_(name).get("/api/catalog").status_code for name in ("kasir", "petugas", "admin", "pejabat", "")
    }
    assert statuses == {"kasir": 200, "petugas": 200, "admin": 200, "pejabat": 403, "": 401}
