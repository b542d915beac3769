"""The description of the JSON interface is valid, complete, and true of real answers."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

import pos
from pos.campaigns.models import Campaign
from pos.catalog.models import UNITS_OF_MEASURE
from pos.db import db
from pos.register import models, shift_models
from pos.register.shifts import NOTES
from pos.reports.board import BY
from pos.reports.wall import METRICS
from tests import world
from tests.register import drawer
from tests.register.test_only import make_only

SPEC = json.loads((Path(pos.__file__).parent / "openapi.json").read_text())
CHECKER = jsonschema.Draft202012Validator.FORMAT_CHECKER


def schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}, format_checker=CHECKER
    )


def described(path: str, method: str, status: int) -> jsonschema.Draft202012Validator:
    """What the description promises for this answer; fails when it does not speak of it."""
    answer = SPEC["paths"][path][method]["responses"][str(status)]
    if "$ref" in answer:
        answer = SPEC["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
    content = answer["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator(content | {"components": SPEC["components"]}, format_checker=CHECKER)


def sold(**over: Any) -> dict[str, Any]:
    return world.sale(lines=[("Tas rajut", 2000), ("Keripik pisang", 1500)], **over)


def test_it_is_valid_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(SPEC).iter_errors()) == []


def test_it_is_served_as_it_is_written(as_stranger: Any) -> None:
    with as_stranger.get("/api/openapi.json") as answer:
        assert answer.json == SPEC and answer.mimetype == "application/json"


def test_every_address_of_the_interface_is_described_with_its_methods(app: Flask) -> None:
    described_ = {(path, method) for path, item in SPEC["paths"].items() for method in item}
    served = {
        (re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", str(rule)), method.lower())
        for rule in app.url_map.iter_rules()
        if str(rule).startswith("/api/") or str(rule) == "/healthz"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described_ == served


def test_its_lists_of_words_are_the_programs() -> None:
    schemas = SPEC["components"]["schemas"]
    assert schemas["Buyer"]["enum"] == list(models.BUYERS)
    assert schemas["Channel"]["enum"] == list(models.CHANNELS)
    assert schemas["Method"]["enum"] == list(models.TENDERS)
    assert schemas["Product"]["properties"]["unit_of_measure"]["enum"] == list(UNITS_OF_MEASURE)
    assert sorted(schemas["Breakdown"]["enum"]) == sorted(BY)
    assert schemas["ShiftEvent"]["properties"]["kind"]["enum"] == list(shift_models.KINDS)
    assert schemas["ShiftDone"]["properties"]["kind"]["enum"] == list(shift_models.KINDS)
    assert schemas["ShiftEvent"]["properties"]["counts"]["propertyNames"]["enum"] == [str(note) for note in NOTES]


def test_a_sale_and_its_answers_are_as_described(app: Flask, as_cashier: Any) -> None:
    with app.app_context():
        body = sold()
    schema("Sale").validate(body)
    first, again = (as_cashier.post("/api/sales", json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    described("/api/sales", "post", 201).validate(first.json)
    described("/api/sales", "post", 200).validate(again.json)


def test_a_flagged_sale_and_a_refund_are_as_described(app: Flask, as_cashier: Any) -> None:
    with app.app_context():
        late = sold(sold_at="2026-04-26T09:30:12.345+09:00", number=7)
    answer = as_cashier.post("/api/sales", json=late)
    assert answer.json["flags"] == ["number_gap"]
    described("/api/sales", "post", 201).validate(answer.json)
    with app.app_context():
        refund = world.sale(lines=[("Tas rajut", 1000)], refund_of=late["id"], number=8, total=-80_000)
        refund["lines"][0] |= {"quantity": -1000, "amount": -80_000}
        refund["payments"] = [{"method": "cash", "tendered": 0, "change": 80_000, "reference": ""}]
    schema("Sale").validate(refund)
    described("/api/sales", "post", 201).validate(as_cashier.post("/api/sales", json=refund).json)
    fill_the_gap(app, as_cashier)


def fill_the_gap(app: Flask, cashier: Any) -> None:
    """The numbers that were skipped arrive later, so that the books agree again."""
    with app.app_context():
        bodies = [sold(sold_at="2026-04-26T09:00:00+09:00", number=n) for n in range(1, 7)]
    for body in bodies:
        assert cashier.post("/api/sales", json=body).status_code == 201


def test_a_shift_and_what_is_done_in_it_are_as_described(app: Flask, as_cashier: Any) -> None:
    opening = drawer.opening()
    schema("ShiftOpening").validate(opening)
    for status in (201, 200):
        answer = as_cashier.post("/api/shifts", json=opening)
        assert answer.status_code == status
        described("/api/shifts", "post", status).validate(answer.json)
    described("/api/catalog", "get", 200).validate(as_cashier.get("/api/catalog").json)
    refused = as_cashier.post("/api/shifts", json=drawer.opening())
    assert (refused.status_code, refused.json["error"]["shift"]["id"]) == (409, opening["id"])
    described("/api/shifts", "post", 409).validate(refused.json)
    with app.app_context():
        sale = sold(shift=opening["id"], cashier="kasir")
    schema("Sale").validate(sale)
    assert as_cashier.post("/api/sales", json=sale).json["flags"] == []
    path, act = "/api/shifts/{shift_id}/events", f"/api/shifts/{opening['id']}/events"
    for body, status in [
        (drawer.event("cash_in", 5_000), 201),
        (drawer.event("close"), 409),
        (drawer.event("count", 1_000, counts={"1000": 1}), 201),
        (drawer.event("close"), 422),
        (drawer.event("handover", username="kasir", pin="274916"), 403),
        (drawer.event("close", reason="dicuri"), 201),
    ]:
        schema("ShiftEvent").validate(body)
        answer = as_cashier.post(act, json=body)
        assert answer.status_code == status
        described(path, "post", status).validate(answer.json)


@pytest.mark.parametrize(
    ("over", "status", "code"),
    [
        ({"total": 1}, 422, "invalid_sale"),
        ({"register": "TAK-ADA"}, 404, "not_found"),
        ({"number": 99}, 409, "number_taken"),
    ],
)
def test_refusals_are_as_described(app: Flask, as_cashier: Any, over: dict[str, Any], status: int, code: str) -> None:
    with app.app_context():
        body = sold() | over
    answer = as_cashier.post("/api/sales", json=body)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    described("/api/sales", "post", status).validate(answer.json)


def test_a_changed_price_is_refused_as_described(app: Flask, as_cashier: Any) -> None:
    with app.app_context():
        body = world.sale(lines=[("Tas rajut", 1000)], total=70_000)
        body["lines"][0] |= {"unit_price": 70_000, "amount": 70_000}
        body["payments"] = [{"method": "cash", "tendered": 70_000, "change": 0, "reference": ""}]
    answer = as_cashier.post("/api/sales", json=body)
    assert answer.status_code == 409 and list(answer.json["error"]["prices"].values()) == [80_000]
    described("/api/sales", "post", 409).validate(answer.json)


@pytest.mark.parametrize(("who", "status"), [("", 401), ("pejabat", 403)])
def test_who_may_not_is_told_as_described(as_: Any, who: str, status: int) -> None:
    for path, method in [("/api/sales", "post"), ("/api/catalog", "get"), ("/api/session", "get")]:
        answer = as_(who).open(path, method=method, json={})
        assert answer.status_code == status
        described(path, method, status).validate(answer.json)


def test_what_is_no_json_is_refused_as_described(app: Flask, as_cashier: Any) -> None:
    for data, kind, status in [("{", "application/json", 400), ("x=1", "application/x-www-form-urlencoded", 415)]:
        answer = as_cashier.post("/api/sales", data=data, content_type=kind)
        assert answer.status_code == status
        described("/api/sales", "post", status).validate(answer.json)


def test_the_catalogue_is_as_described(as_cashier: Any) -> None:
    answer = as_cashier.get("/api/catalog")
    described("/api/catalog", "get", 200).validate(answer.json)
    assert answer.json["products"] and answer.json["registers"]
    assert as_cashier.get("/api/catalog", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    wrong = as_cashier.get("/api/catalog?since=kemarin")
    described("/api/catalog", "get", wrong.status_code).validate(wrong.json)


def test_what_a_code_means_is_as_described(app: Flask, as_cashier: Any) -> None:
    with app.app_context():
        code = world.code("Tas rajut")
        known = as_cashier.get(f"/api/goods/{code}")
        make_only("Tas rajut")
        world.sell(lines=[("Tas rajut", 1000)])
    for answer in (known, as_cashier.get(f"/api/goods/{code}"), as_cashier.get("/api/goods/99999999")):
        described("/api/goods/{code}", "get", answer.status_code).validate(answer.json)


def test_the_session_is_as_described(as_cashier: Any) -> None:
    described("/api/session", "get", 200).validate(as_cashier.get("/api/session").json)


@pytest.mark.parametrize("by", BY)
def test_campaign_totals_are_as_described(app: Flask, as_official: Any, by: str) -> None:
    with app.app_context():
        world.sell(at="2026-04-20T10:00:00+09:00")
    answer = as_official.get(f"/api/campaigns/odop-2026/totals?by={by}")
    described("/api/campaigns/{slug}/totals", "get", 200).validate(answer.json)
    assert answer.json["omzet"] == 160_000 and answer.json["rows"]


def test_the_wall_and_a_replayed_day_are_as_described(app: Flask, as_official: Any, as_stranger: Any) -> None:
    wall, replay = "/api/campaigns/{slug}/wall", "/api/campaigns/{slug}/replay"
    with app.app_context():
        world.sell(at="2026-04-20T10:00:00+09:00")
    for metric in METRICS:
        answer = as_official.get(f"/api/campaigns/odop-2026/wall?metric={metric}")
        described(wall, "get", 200).validate(answer.json)
        assert answer.json["ranking"]["metric"] == metric and answer.json["notas"]
    played = as_official.get("/api/campaigns/odop-2026/replay?day=2026-04-20")
    described(replay, "get", 200).validate(played.json)
    assert [row[2:5] for row in played.json["minutes"]] == [[160_000, 2_000, 1]]
    empty = as_official.get("/api/campaigns/odop-2026/replay?day=2026-04-21")
    described(replay, "get", 200).validate(empty.json)
    for browser, path, query, status in [
        (as_stranger, wall, "", 401),
        (as_official, wall, "?metric=warna", 422),
        (as_official, wall, "?upt=99999", 404),
        (as_official, replay, "", 422),
    ]:
        answer = browser.get(path.replace("{slug}", "odop-2026") + query)
        assert answer.status_code == status
        described(path, "get", status).validate(answer.json)


def test_an_empty_campaign_and_its_refusals_are_as_described(app: Flask, as_official: Any, as_stranger: Any) -> None:
    path = "/api/campaigns/{slug}/totals"
    described(path, "get", 200).validate(as_official.get("/api/campaigns/odop-2026/totals").json)
    for browser, address, status in [
        (as_stranger, "odop-2026/totals", 401),
        (as_official, "tak-ada/totals", 404),
        (as_official, "odop-2026/totals?by=warna", 422),
    ]:
        answer = browser.get(f"/api/campaigns/{address}")
        assert answer.status_code == status
        described(path, "get", status).validate(answer.json)


def test_a_public_campaign_is_read_by_anyone(app: Flask, as_stranger: Any) -> None:
    with app.app_context():
        db.session.add(
            Campaign(slug="umum", name="Umum", from_day=date(2026, 1, 1), until_day=date(2026, 1, 2), public=True)
        )
        db.session.commit()
    answer = as_stranger.get("/api/campaigns/umum/totals")
    described("/api/campaigns/{slug}/totals", "get", 200).validate(answer.json)
