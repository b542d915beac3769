"""Pages of goods on consignment: who owes whom, one seller and one maker, agreeing, paying over, confirming."""

import re
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import UUID, InputRequired, Length

from pos import clock, exports, money, web
from pos.consignment import acts, services
from pos.consignment.acts import Paid
from pos.consignment.pdf import Statement, statement_pdf
from pos.consignment.services import AGES, SIDES, Account
from pos.errors import N_, PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.units.letterheads import letterhead_of
from pos.units.models import Unit

bp = Blueprint("consignment", __name__)
FILTERS = ("sisi", "cari", "semua")


class SettleForm(FlaskForm):
    token = HiddenField(validators=[UUID()])  # the settlement's id: pressed twice it is one
    since = DateField(_l("Untuk penjualan sejak"), [InputRequired(_l("Pilih harinya."))])
    until = DateField(_l("Sampai"), [InputRequired(_l("Pilih harinya."))])
    amount = web.RupiahField(_l("Jumlah uang"), [InputRequired(_l("Tulis jumlah uangnya."))])
    reference = web.TextField(_l("Nomor bukti"), [Length(max=60, message=_l("Paling banyak 60 huruf."))])
    note = web.TextField(_l("Catatan"), [Length(max=200, message=_l("Paling banyak 200 huruf."))])


class TermsForm(FlaskForm):
    commission = StringField(_l("Komisi penjual"), [InputRequired(_l("Isi persennya."))])
    from_day = DateField(_l("Berlaku sejak"), [InputRequired(_l("Pilih harinya."))])

    def hundredths(self) -> int:
        """Hundredths of a percent, or `PosError` beside the field."""
        whole, _comma, rest = (self.commission.data or "").strip().rstrip("% ").replace(".", ",").partition(",")
        if not (re.fullmatch(r"\d{1,3}", whole, re.ASCII) and re.fullmatch(r"\d{0,2}", rest, re.ASCII)):
            raise PosError("Komisi belum benar.", fields={"commission": N_("Tulis persen, misalnya 10 atau 7,5.")})
        return int(whole) * 100 + int(rest.ljust(2, "0"))


# -- who owes whom -------------------------------------------------------------------------------------


@bp.get("/titip-jual")
@web.require(*READERS)
def accounts() -> Any:
    asked = _asked()
    found = _found(asked)
    return render_template(
        "consignment/accounts.html",
        accounts=found,
        sums=_sums(found),
        asked=asked,
        sides=SIDES,
        ages=AGES,
        filtered=any(asked.values()),
        export_link=lambda kind: url_for("consignment.export", kind=kind, **_given(asked)),
    )


@bp.get("/titip-jual.<any(csv, xlsx, pdf):kind>")
@web.require(*READERS)
def export(kind: str) -> Any:
    asked = _asked()
    found = _found(asked)
    title, name = _("Titip jual"), f"titip-jual-{clock.today(g.person.zone)}"
    header = [_("Penjual"), _("Pembuat"), _("Penjualan bersih"), _("Komisi"), _("Hak pembuat"), _("Dibayar")]
    header += [_("Menunggu konfirmasi"), _("Belum dibayar"), _("Sampai %(days)d hari", days=AGES[0])]
    header += [_("%(first)d–%(last)d hari", first=AGES[0] + 1, last=AGES[1])]
    header += [_("Lebih dari %(days)d hari", days=AGES[1])]
    if kind != "pdf":
        table = [[one.seller, one.maker, *_figures(one)] for one in found]
        return exports.sheet(name, kind, title, header, table)
    cells = [[one.seller, one.maker, *(money.rupiah(amount) for amount in _figures(one))] for one in found]
    sums = [money.rupiah(sum(column)) for column in zip(*map(_figures, found), strict=True)]
    total = [pgettext("total", "Jumlah"), "", *sums] if found else []
    about = [g.person.unit_name, web.tr(SIDES[asked["sisi"]]) if asked["sisi"] in SIDES else ""]
    columns = [Column(text, i > 1) for i, text in enumerate(header)]
    about.append(exports.asked({_("Cari"): asked["cari"]}))
    return exports.pdf(name, title, about, columns, cells, total)


def _figures(one: Account) -> list[int]:
    return [one.sold, one.commission, one.due, one.paid, one.waiting, one.outstanding, *one.ages]


def _sums(found: Sequence[Account]) -> dict[str, int]:
    names = ("sold", "due", "paid", "outstanding", "waiting")
    return {name: sum(getattr(one, name) for one in found) for name in names} | {"old": sum(o.ages[2] for o in found)}


def _given(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value}


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:80] for name in FILTERS}


def _found(asked: dict[str, str]) -> list[Account]:
    found = services.accounts(g.person, asked["sisi"], asked["cari"])
    return found if asked["semua"] != "0" else [one for one in found if one.outstanding]


# -- one seller and one maker --------------------------------------------------------------------------


@bp.get("/titip-jual/<int:seller_id>/<int:maker_id>")
@web.require(*READERS)
def account(seller_id: int, maker_id: int) -> Any:
    return _page(*services.pair_for(g.person, seller_id, maker_id))


def _page(
    seller: Unit, maker: Unit, settle: SettleForm | None = None, terms: TermsForm | None = None, said: str = ""
) -> str:
    since, until = _period()
    sold, commission = services.account_of(seller, maker)
    paid = services.paid_of(seller, maker)
    today, left = clock.today(seller.zone), max(0, sold - commission - paid)
    return render_template(
        "consignment/account.html",
        seller=seller,
        maker=maker,
        since=since,
        until=until,
        in_period=services.account_of(seller, maker, since, until),
        products=services.products(seller, maker, since, until),
        sold=sold,
        commission=commission,
        paid=paid,
        outstanding=sold - commission - paid,
        settlements=services.settlements(seller, maker),
        terms=services.terms_of(seller, maker),
        sells=g.person.may("staff") and services.within_scope(g.person, seller),
        makes=g.person.may("staff") and services.within_scope(g.person, maker),
        agrees=g.person.may("staff", "admin") and services.within_scope(g.person, maker),
        settle=settle
        or SettleForm(None, token=str(uuid.uuid4()), since=since or today, until=until or today, amount=left),
        terms_form=terms or TermsForm(None, from_day=today),
        said=said,
    )


def _blank(since: date, until: date, amount: int) -> SettleForm:
    return SettleForm(None, token=str(uuid.uuid4()), since=since, until=until, amount=amount)


def _period() -> tuple[date | None, date | None]:
    return _day(request.args.get("dari", "")), _day(request.args.get("sampai", ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@bp.get("/titip-jual/<int:seller_id>/<int:maker_id>/laporan.pdf")
@web.require(*READERS)
def statement(seller_id: int, maker_id: int) -> Response:
    """What both sides sign, of the period that the address names."""
    seller, maker = services.pair_for(g.person, seller_id, maker_id)
    since, until = _period()
    sold, commission = services.account_of(seller, maker, since, until)
    goods = [one for one in services.products(seller, maker, since, until) if one.sold or one.returned]
    rows = [
        (one.name, *(f"{money.quantity_text(int(n))} {one.unit_of_measure}" for n in (one.sold, one.returned)))
        + (money.grouped(int(one.sold_amount)), money.grouped(int(one.returned_amount)))
        for one in goods
    ]
    sums = [("Penjualan setelah retur", money.rupiah(sold)), ("Komisi penjual", money.rupiah(-commission))]
    letterhead = letterhead_of(seller.id)
    content = statement_pdf(
        Statement(
            letterhead=letterhead,
            seller=seller.name,
            maker=maker.name,
            period=exports.period(since, until) or "Seluruh penjualan",
            rows=rows,
            sums=[*sums, ("Hak pihak pembuat", money.rupiah(sold - commission))],
            due=sold - commission,
            place_and_day=exports.place_and_day(letterhead.city),
        )
    )
    name = f"titip-jual-{seller.id}-{maker.id}.pdf"
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


@bp.post("/titip-jual/<int:seller_id>/<int:maker_id>/bayar")
@web.require("staff")
def settle(seller_id: int, maker_id: int) -> Any:
    seller, maker = services.pair_for(g.person, seller_id, maker_id)
    form = SettleForm()
    if form.validate_on_submit():
        paid = Paid(form.since.data, form.until.data, form.amount.data or 0, form.reference.data, form.note.data)
        try:
            acts.settle(g.person, form.token.data, seller.id, maker.id, paid)
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Pembayaran %(amount)s dicatat; pihak pembuat mengonfirmasinya.", amount=money.rupiah(paid.amount)))
            return redirect(url_for("consignment.account", seller_id=seller.id, maker_id=maker.id))
    return _page(seller, maker, settle=form), 422


@bp.post("/titip-jual/<int:seller_id>/<int:maker_id>/komisi")
@web.require("staff", "admin")
def agree(seller_id: int, maker_id: int) -> Any:
    seller, maker = services.pair_for(g.person, seller_id, maker_id)
    form = TermsForm()
    if form.validate_on_submit():
        try:
            acts.agree(g.person, seller.id, maker.id, form.hundredths(), form.from_day.data)
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Komisi dicatat."))
            return redirect(url_for("consignment.account", seller_id=seller.id, maker_id=maker.id))
    return _page(seller, maker, terms=form), 422


@bp.post("/titip-jual/terima/<uuid:settlement_id>")
@web.require("staff")
def answer(settlement_id: uuid.UUID) -> Any:
    """The maker's word on a payment: it came, or it did not."""
    row = acts.settlement_for(g.person, str(settlement_id))
    received = request.form.get("diterima") == "1"
    try:
        acts.answer(g.person, row.id, received, web.one_line(request.form.get("catatan", ""))[:200])
    except PosError as error:
        if not error.fields:
            raise
        return _page(row.seller, row.maker, said=" ".join(web.say(text) for text in error.fields.values())), 422
    flash(_("Penerimaan uang dicatat.") if received else _("Dicatat tidak diterima: jumlah ini terutang lagi."))
    return redirect(url_for("consignment.account", seller_id=row.seller_id, maker_id=row.maker_id))
