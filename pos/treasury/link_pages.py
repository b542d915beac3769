"""The page that gives all deposits without takings to the oldest ones: what each would cover, and doing it."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from pos import money, web
from pos.db import db
from pos.errors import Conflict, PosError
from pos.treasury import linking
from pos.units import tree

ROWS_SHOWN = 50


@web.require(*linking.LINKERS)
def link_plan() -> Any:
    return _page()


@web.require(*linking.LINKERS)
def link_all() -> Any:
    try:
        made = linking.link_all(g.person, request.form.get("tanda", ""), _unit_id(request.form))
    except Conflict as error:
        db.session.rollback()
        return _page(web.say(error.sentence)), error.status
    except PosError:
        return _page(), 422
    given, count = money.rupiah(made.given), money.grouped(len(made.links))
    flash(_("%(amount)s dari %(count)s setoran ditautkan ke pendapatan tertua.", amount=given, count=count))
    return redirect(url_for("treasury.deposits"))


def _unit_id(given: Any) -> int | None:
    name = given.get("unit", "").strip()
    return tree.chosen(g.person, name).id if name else None


def _page(problem: str = "") -> Any:
    asked, wrong, plan = request.values.get("unit", "").strip(), "", linking.Plan([])
    try:
        plan = linking.plan(g.person, _unit_id(request.values))
    except PosError as error:
        wrong = web.say(error.fields["unit"])
    page = max(1, request.args.get("hal", 1, web.number))
    return render_template(
        "treasury/link_all.html",
        plan=plan,
        steps=plan.steps[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN],
        page=page,
        pages_count=-(-len(plan.steps) // ROWS_SHOWN),
        units=tree.names(g.person) if g.person.level != "upt" else [],
        asked=asked,
        wrong=wrong,
        problem=problem,
    )


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/setoran/tautkan", link_plan, ["GET"]),
    ("/setoran/tautkan", link_all, ["POST"]),
)
