"""What a label says: never a mark that is not in force, never too small to read, and a refusal that helps."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from pos import clock
from pos.catalog.models import Certificate, Product
from pos.db import atomic
from pos.errors import PosError
from pos.labels.contents import draw, levels_of
from pos.labels.design import SMALLEST, TooMuch
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.services import Batch, Wish, labels_for, public_address
from pos.labels.symbols import Unprintable
from pos.paper import MM
from tests import world
from tests.labels import scan

WORDS = st.sampled_from(["Keripik", "pisang", "pedas", "manis", "PEMASYARAKATAN", "i", "gula", "minyak kelapa murni"])
TEXTS = st.lists(WORDS, min_size=1, max_size=25).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(list(LAYOUTS.values())), st.sampled_from(["produk", "kartu"]), st.booleans())
def test_all_of_it_is_on_the_label_in_type_that_is_read_or_it_is_refused_by_name(
    name: str, composition: str, layout: Layout, level: str, dear: bool
) -> None:
    facts = ((f"Komposisi: {composition}",), *scan.FACTS[1:])
    price = "Rp25.000.000" if dear else "Rp900"
    label = scan.label(name=name[:120], level=level, facts=facts, address=scan.ADDRESS, price=price, unit="lembar")
    try:
        drawing = draw(label, layout, 203)
    except (TooMuch, Unprintable) as refused:
        assert name[:120] in str(refused) and ("Muat di " in str(refused) or "pendekkan" in str(refused).lower())
        return
    mark = drawing.bars or drawing.square
    assert mark
    wide = mark.symbol.total * mark.dots * 25.4 / 203
    quiet = mark.x - (mark.symbol.quiet_left if drawing.bars else 4) * mark.dots * 25.4 / 203
    for text in drawing.texts:
        top, bottom = text.y - 0.73 * text.size / MM, text.y + 0.22 * text.size / MM
        assert text.size >= SMALLEST and text.x >= 0.5 and text.x + text.width <= layout.width - 0.5
        assert top >= 0.5 and bottom <= layout.height - 0.5
        beside = text.x + text.width <= quiet + 1e-6 or text.x >= quiet + wide
        high = drawing.bars.height if drawing.bars else wide
        above_or_below = bottom <= mark.y + 1e-6 or top >= mark.y + high
        assert beside or above_or_below, text
    written = "".join("".join(text.text for text in drawing.texts).split())
    for said in (label.name, price, *(fact for facts in label.facts for fact in facts if level == "produk")):
        assert "".join(said.split()) in written


def test_small_labels_offer_only_what_fits_them() -> None:
    assert levels_of(LAYOUTS["roll-33x15"], 203) == ("harga", "kartu")
    assert levels_of(LAYOUTS["roll-50x30"], 203) == levels_of(LAYOUTS["a4-l7160"], 300) == ("harga", "produk", "kartu")


def test_a_refused_product_label_says_what_to_choose_instead() -> None:
    long = scan.label(name="Sambal roa", level="produk", facts=(("Komposisi: " + "cabai, tomat, bawang, " * 25,),))
    with pytest.raises(TooMuch, match="Sambal roa .* Muat di A4 L7160 63,5 × 38,1 mm"):
        draw(long, LAYOUTS["roll-40x30"], 203)
    with pytest.raises(TooMuch, match="Cetak label harga"):
        draw(replace(long, facts=long.facts * 3), LAYOUTS["roll-40x30"], 203)


def test_the_same_digits_take_a_narrower_symbology_where_only_that_fits() -> None:
    narrow = Layout("", "Sempit", 25, 20, (25, 20))
    drawing = draw(scan.label(name="Tas"), narrow, 203)
    assert drawing.bars and drawing.bars.symbol.total == 81  # EAN-8; Code 128 has 99
    wide = draw(scan.label(name="Tas"), LAYOUTS["roll-33x15"], 203).bars
    assert wide and wide.symbol.total == 99


def test_another_code_of_the_product_is_taken_where_its_first_is_too_long() -> None:
    label = scan.label(("PRODUK-NOMOR-1234", "other"), name="Tas")
    with pytest.raises(Unprintable):
        draw(label, LAYOUTS["roll-33x15"], 203)
    drawing = draw(replace(label, others=(scan.OWN,)), LAYOUTS["roll-33x15"], 203)
    assert "41270936" in [text.text for text in drawing.texts]


def facts_of(ctx: Any, **certificates: tuple[str, date | None]) -> str:
    code = world.code("Keripik pisang")
    with atomic() as session:
        product = session.scalars(sa.select(Product).where(Product.name == "Keripik pisang")).one()
        product.composition, product.net_weight, product.brand = "pisang, garam", "250 g", "Ambon Manise"
        for kind, (number, until) in certificates.items():
            session.add(Certificate(product_id=product.id, kind=kind, number=number, expires_on=until, at=clock.now()))
    (label,) = labels_for([(code, 1)], Wish("produk", Batch("A12", date(2030, 12, 31))))
    assert label.brand == "Ambon Manise"
    return " | ".join(fact for facts in label.facts for fact in facts)


def test_a_product_label_says_what_the_law_wants(ctx: Any) -> None:
    said = facts_of(ctx, pirt=("2063171010001-30", date(2030, 1, 1)), halal=("ID31110000123456789", None))
    assert said == (
        "Komposisi: pisang, garam | Berat bersih: 250 g | P-IRT No. 2063171010001-30 | Halal ID31110000123456789 | "
        "Kode produksi: A12 | Baik digunakan sebelum 31 Des 2030 | Diproduksi oleh Lapas Kelas IIA Ambon"
    )


def test_a_mark_that_has_expired_is_not_printed(ctx: Any) -> None:
    today = clock.today("WIT")
    said = facts_of(ctx, pirt=("2063171010001-25", today - timedelta(days=1)), halal=("ID31110000123456789", today))
    assert "P-IRT" not in said and "Halal ID31110000123456789" in said


@pytest.mark.parametrize(("code", "expires"), [("x" * 31, ""), ("A\t\x07", ""), ("", "2030-02-31"), ("", "besok")])
def test_a_batch_that_is_none_is_refused(code: str, expires: str) -> None:
    with pytest.raises(PosError):
        Batch.read(code, expires)


def test_the_address_in_a_qr_code_is_in_capitals_where_the_code_allows() -> None:
    assert public_address("https://a.id", "41270936") == "HTTPS://A.ID/P/41270936"
    assert public_address("https://a.id", "ab/1") == "https://a.id/p/ab%2F1"
