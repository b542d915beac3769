"""The wall as a page of its own, and the JSON that it asks for every other second."""

import json
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, url_for

from pos import clock, web
from pos.campaigns.models import Campaign
from pos.campaigns.services import campaign_for, standing, target_of
from pos.errors import N_, PosError, Sentence
from pos.reports import board as boards
from pos.reports import drill
from pos.reports import replay as replays
from pos.reports import wall as walls
from pos.reports.board import Cut
from pos.reports.frame import PARAMS, board_url, days_of, paid_url, title, wall_url
from pos.reports.fresh import Fresh, Kept
from pos.reports.held import facts_for

bp = Blueprint("walls", __name__)
PLACES = ("kanwil", "upt", "gallery")
MOST_BARS = 62
DAYS_KEPT, DAY_KEPT = 64, 600.0  # replayed days, seconds
STRANGERS_RATE = "30/minute"  # days that a stranger may begin to play


@bp.get("/kampanye/<slug>/papan")
def wall(slug: str) -> Any:
    """The wall itself: first figures at once, from then on it asks for them."""
    campaign = campaign_for(g.person, slug)
    cut = _place({PARAMS[name]: name for name in PLACES})
    metric = _metric("urut")
    found = boards.totals(campaign, cut)
    places = {name: getattr(cut, name) for name in PLACES}
    return render_template(
        "reports/wall.html",
        campaign=campaign,
        cut=cut,
        totals=found,
        declared=walls.declared_at(campaign, cut),
        title=title(campaign, cut),
        state=days_of(campaign, cut),
        target=target_of(campaign, *boards.place_of(cut)),
        standing=standing(campaign),
        metric=metric,
        metrics=walls.METRICS,
        ranked_by=walls.ranked_per(cut),
        bars=_days(campaign, cut),
        feed=url_for("walls.feed", slug=slug, metric=metric, **places),
        again=url_for("walls.replay", slug=slug, **places),
        board=board_url(slug, cut),
        below=PARAMS["upt" if metric == "streak" and not cut.has("upt", "gallery") else walls.ranked_per(cut)],
        paid=paid_url(campaign, cut),
        silent=wall_url(slug, cut, "streaks.reporters", yang="belum"),
    )


@bp.get("/api/campaigns/<slug>/wall")
def feed(slug: str) -> Any:
    """What stands on the wall; 304 to who has it already, at the cost of one small read."""
    facts = facts_for(g.person, slug)
    campaign = facts.campaign
    cut, metric = _place({name: name for name in PLACES}), _metric("metric")
    today = clock.today(g.person.zone if g.person else "WIB")
    known = g.person is not None
    answers: Fresh = current_app.extensions.setdefault("walls", Fresh())
    return _conditional(
        answers.answer(
            (campaign.id, cut, metric, today, known),
            lambda: walls.version(campaign, cut, today, facts.standing),
            lambda: _body(walls.wall(campaign, cut, metric, today, known, facts)),
        )
    )


@bp.get("/api/campaigns/<slug>/replay")
@web.limiter.limit(STRANGERS_RATE, exempt_when=lambda: g.person is not None)
def replay(slug: str) -> Any:
    """One day of the campaign by the minute: read once while nothing more arrives of it, 304 to who has it already."""
    campaign = facts_for(g.person, slug).campaign
    cut = _place({name: name for name in PLACES})
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        sentence = N_("Tulis tanggal yang benar.")
        raise PosError("Hari ini tidak bisa diputar ulang.", fields={"day": sentence}) from None
    known = g.person is not None
    answers: Fresh = current_app.extensions.setdefault("replays", Fresh(DAYS_KEPT, DAY_KEPT))
    return _conditional(
        answers.answer(
            (campaign.id, cut, day, known),
            lambda: replays.version(campaign, cut, day),
            lambda: _body(replays.replay(campaign, cut, day, known)),
        )
    )


def _body(found: dict[str, Any]) -> bytes:
    return json.dumps(found, separators=(",", ":")).encode()


def _conditional(kept: Kept) -> Response:
    answer = Response(kept.body, mimetype="application/json")
    answer.set_etag(kept.etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Cookie")
    answer.make_conditional(request)
    return answer


def _place(names: dict[str, str]) -> Cut:
    """The place in the reader's own node that the address names: a wall knows no finer cuts."""
    return drill.cut_for(g.person, {names[asked]: request.args[asked] for asked in names if request.args.get(asked)})


def _metric(param: str) -> str:
    metric = request.args.get(param, "omzet")
    if metric not in walls.METRICS:
        sentence = Sentence(N_("Harus salah satu dari: %(choices)s."), choices=", ".join(walls.METRICS))
        raise PosError("Ukuran ini tidak ada.", fields={param: sentence})
    return metric


def _days(campaign: Campaign, cut: Cut) -> list[date]:
    """The days of the window: the wall keeps a place for each from the beginning."""
    first, last = boards.reach(campaign)
    count = min((last - first).days + 1, MOST_BARS)
    begins = max(first, min(last, clock.today("WIT"))) if (last - first).days >= MOST_BARS else last
    return [date.fromordinal(begins.toordinal() - i) for i in reversed(range(count))]
