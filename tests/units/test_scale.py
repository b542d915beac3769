"""Which prefixes the labels of a gallery's scales use: one line of text, tidied and handed to the tills."""

from typing import Any

import pytest

from pos.errors import PosError
from pos.units import scale
from tests.units.test_qris import form, gallery_id


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("", ""),
        ("21=berat", "21=berat"),
        (" 22 = HARGA ;21=Berat,", "21=berat, 22=harga"),
        (", ".join(f"{prefix}=berat" for prefix in range(20, 30)), ", ".join(f"{n}=berat" for n in range(20, 30))),
    ],
)
def test_rules_are_written_in_one_way(typed: str, tidied: str) -> None:
    assert scale.tidy(typed) == tidied == scale.tidy(tidied) and len(tidied) <= scale.LONGEST


@pytest.mark.parametrize(
    "typed", ["21", "19=berat", "30=harga", "2=berat", "211=berat", "21=isi", "21=berat, 21=harga", "٢1=berat"]
)
def test_what_is_no_rule_is_refused(typed: str) -> None:
    with pytest.raises(PosError) as refused:
        scale.tidy(typed)
    assert "21=berat, 22=harga" in str(refused.value.fields["scale"])


def test_the_tills_are_told(app: Any, as_admin: Any, as_cashier: Any) -> None:
    path = f"/unit/galeri/{gallery_id(app)}"
    assert as_admin.post(path, data=form(scale="22=harga,21=berat")).status_code == 302
    assert as_cashier.get("/api/catalog").get_json()["registers"][0]["scale"] == {"21": "weight", "22": "price"}
    refused = as_admin.post(path, data=form(scale="21=isi"))
    assert refused.status_code == 422 and 'value="21=isi"' in refused.text
    assert "kode timbangan: – → 21=berat, 22=harga" in as_admin.get("/catatan").text
