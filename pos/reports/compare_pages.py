"""The table under the chart of years: each campaign day of this year beside the same day of the years before."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext as _

from pos import exports, money, web
from pos.campaigns.models import Campaign
from pos.campaigns.services import campaign_for
from pos.listing_pdf import Column
from pos.reports import drill
from pos.reports.board import Cut, hold_still
from pos.reports.compare import Gain, Year
from pos.reports.frame import PARAMS, beside_other_years, board_url, crumbs, title

bp = Blueprint("years", __name__)


@bp.get("/kampanye/<slug>/banding")
def beside(slug: str) -> Any:
    campaign, cut, kept = _asked(slug)
    return render_template(
        "reports/years.html",
        campaign=campaign,
        title=title(campaign, cut),
        crumbs=crumbs(campaign, cut),
        days=range(1, max((len(year.by_day) for year in kept["years"]), default=0) + 1),
        gain_on=lambda day: _gain(kept["years"], day),
        day_url=lambda year, day: board_url(year.campaign.slug, _on(cut, year, day)),
        export_url=lambda kind: url_for("years.export", slug=slug, kind=kind, **_place()),
        **kept,
    )


@bp.get("/kampanye/<slug>/banding.<any(csv, xlsx, pdf):kind>")
def export(slug: str, kind: str) -> Response:
    campaign, cut, kept = _asked(slug)
    found: list[Year] = kept["years"]
    columns = [Column(_("Hari ke"), True)]
    for year in found:
        columns += [Column(f"{year.first.year}", True), Column(_("s.d. hari ini %(year)s", year=year.first.year), True)]
    days = range(1, max((len(year.by_day) for year in found), default=0) + 1)
    rows = [[day, *(figure for year in found for figure in (year.on(day), year.until(day)))] for day in days]
    file, what = f"{campaign.slug}-banding", _("Dibanding tahun lalu")
    if kind != "pdf":
        header = [column.name for column in columns]
        return exports.sheet(file, kind, what, header, [["" if cell is None else cell for cell in row] for row in rows])
    cells = [[str(day), *("" if cell is None else money.rupiah(cell) for cell in rest)] for day, *rest in rows]
    about, head = [title(campaign, cut), *_named(found)], bool(g.person)
    return exports.pdf(file, f"{campaign.name} · {what}", about, columns, cells, letterhead=head)


def _asked(slug: str) -> tuple[Campaign, Cut, dict[str, Any]]:
    campaign = campaign_for(g.person, slug)
    cut = drill.cut_for(g.person, {name: request.args[PARAMS[name]] for name in _place()})
    hold_still()
    return campaign, cut, beside_other_years(campaign, cut)


def _place() -> dict[str, Any]:
    return {name: request.args[PARAMS[name]] for name in ("kanwil", "upt") if request.args.get(PARAMS[name])}


def _on(cut: Cut, year: Year, day: int) -> Cut:
    return Cut(**cut.given() | {"day": year.first.fromordinal(year.first.toordinal() + day - 1)})


def _gain(found: list[Year], day: int) -> Gain | None:
    if len(found) < 2 or day > len(found[0].by_day):
        return None
    now, before = found[0].until(day), found[1].until(day)
    return Gain(day, now, before) if now is not None and before is not None else None


def _named(found: list[Year]) -> list[str]:
    day = web.FILTERS["day"]
    return [f"{year.campaign.name}: {_('hari 1 adalah %(day)s', day=day(year.first))}" for year in found]
