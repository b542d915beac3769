"""What proves the PNBP that a board calls deposited: every NTPN of the place within its days, to the rupiah."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import exports, money, web
from pos.campaigns.models import Campaign
from pos.campaigns.services import campaign_for
from pos.db import db
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.reports import board as boards
from pos.reports import drill
from pos.reports.board import Cut
from pos.reports.frame import PARAMS, board_url, crumbs, days_of, title

bp = Blueprint("paid", __name__)
NARROWED_BY = ("kanwil", "upt", "day")


@bp.get("/kampanye/<slug>/setoran")
@web.require(*READERS)
def deposits(slug: str) -> Any:
    campaign, cut = _asked(slug)
    query = boards.deposits_within(campaign, cut, g.person)
    return render_template(
        "reports/paid.html",
        campaign=campaign,
        title=title(campaign, cut),
        crumbs=[*crumbs(campaign, cut), (_("PNBP disetor"), "")],
        page=web.paged(query),
        whole=boards.deposits(campaign, cut)[0],
        pnbp=boards.totals(campaign, cut).pnbp,
        board=board_url(slug, cut),
        page_url=lambda number: web.here(hal=number),
        export_url=lambda kind: url_for("paid.export", slug=slug, kind=kind, **_given()),
    )


@bp.get("/kampanye/<slug>/setoran.<any(csv, xlsx, pdf):kind>")
@web.require(*READERS)
def export(slug: str, kind: str) -> Response:
    """Everything that the page lists, on all its pages."""
    campaign, cut = _asked(slug)
    rows = db.session.execute(boards.deposits_within(campaign, cut, g.person)).all()
    file, what = f"{campaign.slug}-setoran", _("PNBP disetor")
    header = [_("Hari"), _("Unit"), _("NTPN"), _("Kode billing"), _("Jumlah (Rp)")]
    if kind != "pdf":
        return exports.sheet(file, kind, what, header, [list(row[1:6]) for row in rows])
    days = days_of(campaign, cut)
    about = [title(campaign, cut), exports.period(cut.day or days["first"], cut.day or days["last"])]
    if campaign.counts_part:
        about.append(_("PNBP disetor termasuk yang di luar kampanye ini"))
    columns = [*map(Column, header[:-1]), Column(pgettext("uang", "Jumlah"), True)]
    cells = [
        [web.FILTERS["day"](row.day), row.unit, row.ntpn, row.billing_code, money.rupiah(row.amount)] for row in rows
    ]
    whole = (pgettext("total", "Jumlah"), "", "", "", money.rupiah(sum(row.amount for row in rows)))
    return exports.pdf(file, f"{campaign.name} · {what}", about, columns, cells, whole)


def _given() -> dict[str, Any]:
    return {PARAMS[name]: request.args[PARAMS[name]] for name in NARROWED_BY if request.args.get(PARAMS[name])}


def _asked(slug: str) -> tuple[Campaign, Cut]:
    given = {name: request.args[PARAMS[name]] for name in NARROWED_BY if request.args.get(PARAMS[name])}
    return campaign_for(g.person, slug), drill.cut_for(g.person, given)
