"""What makes up the premi of a board: every workshop whose goods were sold there, and on to its notas."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import exports, money, web
from pos.campaigns.models import Campaign
from pos.campaigns.services import campaign_for
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.reports import board as boards
from pos.reports import drill
from pos.reports.board import Cut
from pos.reports.frame import PARAMS, asked_for, board_url, crumbs, days_of, title
from pos.treasury import recap
from pos.treasury.recap_pages import workshop_cells

bp = Blueprint("premi", __name__)
PER_PAGE = 100


@bp.get("/kampanye/<slug>/premi")
@web.require(*READERS)
def workshops(slug: str) -> Any:
    campaign, cut, rows = _asked(slug)
    last = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(1, request.args.get("hal", 1, web.number)), last)
    return render_template(
        "reports/premi.html",
        campaign=campaign,
        title=title(campaign, cut),
        crumbs=[*crumbs(campaign, cut), (_("Premi"), "")],
        rows=rows[(number - 1) * PER_PAGE : number * PER_PAGE],
        page=web.Page([], number, last, len(rows)),
        page_url=lambda to: web.here(hal=to),
        omzet=sum(row.omzet for row in rows),
        whole=sum(row.premi for row in rows),
        board=board_url(slug, cut),
        below=lambda row: board_url(slug, drill.deeper(cut, "maker", str(row.maker_id)), "product"),
        export_url=lambda kind: url_for("premi.export", slug=slug, kind=kind, **_given(cut)),
    )


@bp.get("/kampanye/<slug>/premi.<any(csv, xlsx, pdf):kind>")
@web.require(*READERS)
def export(slug: str, kind: str) -> Response:
    campaign, cut, rows = _asked(slug)
    file, what = f"{campaign.slug}-premi", _("Premi per bengkel kerja")
    head = [_("Pembuat"), _("Bengkel kerja"), _("Terjual"), _("Omzet"), _("Premi")]
    if kind != "pdf":
        return exports.sheet(
            file, kind, what, [*head[:3], *(f"{text} (Rp)" for text in head[3:])], workshop_cells(rows)
        )
    days = days_of(campaign, cut)
    about = [title(campaign, cut), exports.period(cut.day or days["first"], cut.day or days["last"])]
    texts = [
        (row.maker, row.name or "–", money.quantity_text(row.pieces), *map(money.rupiah, (row.omzet, row.premi)))
        for row in rows
    ]
    sums = [money.rupiah(sum(getattr(row, key) for row in rows)) for key in ("omzet", "premi")]
    columns = [*map(Column, head[:2]), *(Column(text, True) for text in head[2:])]
    total = (pgettext("total", "Jumlah"), "", "", *sums)
    return exports.pdf(file, f"{campaign.name} · {what}", about, columns, texts, total)


def _asked(slug: str) -> tuple[Campaign, Cut, list[recap.Workshop]]:
    campaign = campaign_for(g.person, slug)
    cut = asked_for(campaign)[0]
    found = recap.by_workshop(boards.lines_of(campaign, cut))
    return campaign, cut, sorted(found, key=lambda row: -row.premi)


def _given(cut: Cut) -> dict[str, Any]:
    home = drill.home(g.person)
    return {PARAMS[name]: value for name, value in cut.given().items() if getattr(home, name) != value}
