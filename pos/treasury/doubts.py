"""What is asked back before a payment is kept: codes that may be another unit's."""

import re

import sqlalchemy as sa

from pos import clock
from pos.db import db
from pos.errors import N_, PosError, Sentence
from pos.treasury import workdays
from pos.treasury.models import DepositRule
from pos.units.models import Unit


class OtherSatker(PosError):
    """A satker that is not the unit's own: kept only when whoever enters it says that the receipt says so."""

    def __init__(self, satker: str, sentence: Sentence) -> None:
        super().__init__(N_("Kode satker perlu dipastikan."), fields={"satker": sentence})
        self.satker = satker


def own_satker(unit: Unit) -> str:
    """The satker under which the unit pays; empty where no rule tells."""
    rule = workdays.rule_of(unit, clock.today(unit.zone))
    return rule.satker if rule else ""


def check_satker(unit: Unit, satker: str, sure_of: str = "") -> None:
    """`OtherSatker` where `satker` is not the unit's own and is not the one that the person is sure of."""
    if not re.fullmatch(r"\d{6}", satker, re.ASCII) or satker == sure_of:
        return
    own = own_satker(unit)
    if own and satker != own:
        raise OtherSatker(satker, Sentence(N_("Satker unit ini %(own)s, bukan %(typed)s."), own=own, typed=satker))
    if not own and db.session.scalar(sa.select(sa.exists().where(DepositRule.satker == satker))):
        raise OtherSatker(satker, Sentence(N_("Satker %(typed)s milik unit lain."), typed=satker))
