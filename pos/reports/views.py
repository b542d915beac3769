"""The campaign board and its way down to the nota, its JSON and its exports."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from flask import Blueprint, g, jsonify, render_template, request

from pos import clock, exports, web
from pos.campaigns import planning
from pos.campaigns.models import Campaign
from pos.campaigns.services import all_campaigns, campaign_for, targets_of
from pos.errors import N_, PosError, Sentence
from pos.reports import board as boards
from pos.reports import drill, tables
from pos.reports.board import BY, Cut, Totals
from pos.reports.frame import (
    PARAMS,
    ROW_KEYS,
    ROWS_SHOWN,
    api_url,
    asked_for,
    days_of,
    frame,
    ordered,
    row_url,
    table_url,
)
from pos.reports.listings import listing
from pos.reports.words import DIMENSION_NAMES

bp = Blueprint("reports", __name__)


@bp.get("/kampanye")
@web.require()
def campaigns() -> Any:
    today = clock.today(g.person.zone)
    cut = drill.home(g.person)
    cards = [
        {"campaign": one, "totals": boards.totals(one, cut), "state": days_of(one, cut)} for one in all_campaigns(today)
    ]
    return render_template(
        "reports/campaigns.html", cards=cards, may_edit=planning.may_edit(g.person), national=cut == Cut()
    )


@bp.get("/kampanye/<slug>")
def board(slug: str) -> Any:
    campaign = campaign_for(g.person, slug)
    cut, per, sort = asked_for(campaign)
    found = boards.totals(campaign, cut, per if per in BY else None)
    rows, page, pages = page_of(campaign, cut, per, sort, found)
    return render_template(
        "reports/board.html",
        totals=found,
        rows=rows,
        page=page,
        pages=pages,
        per=per,
        sort=sort,
        dimension=DIMENSION_NAMES[per],
        targets=targets_of(campaign) if per in ("kanwil", "upt") else {},
        poll=api_url(slug, cut, "day"),
        poll_rows=api_url(slug, cut, per) if per in BY else "",
        row_url=lambda row: row_url(slug, cut, per, row),
        table_url=lambda kind: table_url(slug, cut, per, sort, kind),
        **frame(campaign, cut),
    )


def page_of(campaign: Campaign, cut: Cut, per: str, sort: str, found: Totals) -> tuple[Sequence[Any], int, int]:
    """The rows of the open table on the page asked for, that page's number, and how many there are."""
    page = max(1, request.args.get("hal", 1, web.number))
    if per == "nota":
        notas, count = drill.notas(campaign, cut, g.person, page, sort)
        return notas, page, -(-count // drill.PER_PAGE)
    rows = ordered(found.rows, sort)
    return rows[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN], page, -(-len(rows) // ROWS_SHOWN)


@bp.get("/kampanye/<slug>/tabel.<kind>")
def table(slug: str, kind: str) -> Any:
    """The table that the page shows, all of its rows, as CSV, XLSX or PDF."""
    if kind not in exports.TYPES:
        raise drill.nowhere()
    campaign = campaign_for(g.person, slug)
    return tables.file(listing(campaign, *asked_for(campaign)), kind, letterhead=bool(g.person))


@bp.get("/api/campaigns/<slug>/totals")
def totals(slug: str) -> Any:
    campaign = campaign_for(g.person, slug)
    by = request.args.get("by", "kanwil")
    if by not in BY:
        sentence = Sentence(N_("Harus salah satu dari: %(choices)s."), choices=", ".join(BY))
        raise PosError("Rincian ini tidak ada.", fields={"by": sentence})
    cut = drill.cut_for(g.person, {name: request.args[name] for name in PARAMS if request.args.get(name)})
    found = boards.totals(campaign, cut, by)
    answer = jsonify(
        vars(found)
        | {
            "as_of": found.as_of.isoformat() if found.as_of else None,
            "rows": [{name: getattr(row, name) for name in ROW_KEYS} for row in found.rows],
        }
    )
    answer.set_etag(sha256(answer.get_data()).hexdigest()[:32])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Cookie")
    return answer.make_conditional(request)
