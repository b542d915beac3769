"""What units said their figure is, what was judged of it, and what the nation declared: all written once."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.campaigns.models import Campaign
from pos.db import BigId, Instant, Model, Rupiah, Thousandths, write_once
from pos.units.models import Unit, User

VERDICTS = ("verified", "returned")


class Figures:
    """Sums over the notas of one unit as they were when it was said so: never counted again."""

    omzet: Mapped[int] = mapped_column(Rupiah)
    pieces: Mapped[int] = mapped_column(Thousandths)
    sales: Mapped[int] = mapped_column()
    pnbp: Mapped[int] = mapped_column(Rupiah)
    premi: Mapped[int] = mapped_column(Rupiah)
    late_omzet: Mapped[int] = mapped_column(Rupiah)  # the part of it from notas written by hand and entered later
    streak: Mapped[int] = mapped_column()  # the most days in a row with a nota
    documents: Mapped[int] = mapped_column()
    root: Mapped[str] = mapped_column(sa.String(64))  # over these documents
    unit_name: Mapped[str] = mapped_column(sa.String(120))  # all of this as it was called and stood then
    unit_class: Mapped[str] = mapped_column(sa.String(60))
    kanwil_name: Mapped[str] = mapped_column(sa.String(120))


FIGURES = ("omzet", "pieces", "sales", "pnbp", "premi", "late_omzet", "streak", "documents", "root")
NAMED = ("unit_name", "unit_class", "kanwil_name", "kanwil_id")


class Submission(Figures, Model):
    """A unit's own figure for a campaign; after a return, or when more has come, the next round."""

    __tablename__ = "submission"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "unit_id", "round"),
        sa.CheckConstraint("round > 0", name="round"),
        sa.CheckConstraint("length(root) = 64", name="root"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kanwil_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    round: Mapped[int] = mapped_column()
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    is_late: Mapped[bool] = mapped_column()  # after the campaign's cut-off
    note: Mapped[str] = mapped_column(sa.String(300))
    rule: Mapped[str] = mapped_column(sa.Text)  # JSON: what counted then (`wbp_only`, `categories`, `channels`)
    period: Mapped[str] = mapped_column(sa.String(21), server_default="")  # 2026-04-01/2026-04-26, the unit's own days
    format: Mapped[str] = mapped_column(sa.String(20), server_default="etalase-pack-1")  # of the pack with that root
    numbers: Mapped[str] = mapped_column(sa.Text)  # JSON: the receipt numbers in it, ranges by register
    flags: Mapped[str] = mapped_column(sa.Text)  # JSON: what was odd about it then, receipts by kind of flag

    campaign: Mapped[Campaign] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    user: Mapped[User] = relationship()
    verdict: Mapped["Verdict | None"] = relationship(uselist=False, viewonly=True)


class Verdict(Model):
    """What the Kanwil (or the nation) said of a submission: one word each, never of whoever submitted it."""

    __tablename__ = "verdict"
    __table_args__ = (
        sa.CheckConstraint(f"word IN {VERDICTS}", name="word"),
        sa.CheckConstraint("word = 'verified' OR reason <> ''", name="reason"),
    )

    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), primary_key=True)
    word: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str] = mapped_column(sa.String(300))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))  # whom they spoke for
    at: Mapped[datetime] = mapped_column(Instant)

    user: Mapped[User] = relationship()
    unit: Mapped[Unit] = relationship()


class Declaration(Model):
    """The nation's word on a campaign: one, for ever. What comes later is an addendum to it."""

    __tablename__ = "declaration"
    __table_args__ = (sa.CheckConstraint("length(root) = 64", name="root"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), unique=True)
    campaign_name: Mapped[str] = mapped_column(sa.String(120))
    number: Mapped[str] = mapped_column(sa.String(60), unique=True)  # of the Berita Acara
    place: Mapped[str] = mapped_column(sa.String(60))
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    zone: Mapped[str] = mapped_column(sa.String(4))
    period: Mapped[str] = mapped_column(sa.String(21))  # 2026-04-01/2026-04-26
    note: Mapped[str] = mapped_column(sa.String(500))
    omzet: Mapped[int] = mapped_column(Rupiah)
    pieces: Mapped[int] = mapped_column(Thousandths)
    sales: Mapped[int] = mapped_column()
    pnbp: Mapped[int] = mapped_column(Rupiah)
    premi: Mapped[int] = mapped_column(Rupiah)
    late_omzet: Mapped[int] = mapped_column(Rupiah)
    root: Mapped[str] = mapped_column(sa.String(64))  # over the units' rows, each with its own root

    campaign: Mapped[Campaign] = relationship()
    user: Mapped[User] = relationship()
    units: Mapped[list["DeclaredUnit"]] = relationship(order_by="DeclaredUnit.position")
    signers: Mapped[list["Signer"]] = relationship(order_by="Signer.position")


class DeclaredUnit(Figures, Model):
    """One unit's figure as it was declared: that of its verified submission."""

    __tablename__ = "declared_unit"
    __table_args__ = (sa.UniqueConstraint("declaration_id", "unit_id"),)

    declaration_id: Mapped[int] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # in which order they stand under the root
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    kanwil_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submission.id"), unique=True)


class Signer(Model):
    """Who signs the Berita Acara, as typed."""

    __tablename__ = "signer"
    __table_args__ = (sa.CheckConstraint("name <> '' AND title <> ''", name="named"),)

    declaration_id: Mapped[int] = mapped_column(sa.ForeignKey("declaration.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    title: Mapped[str] = mapped_column(sa.String(120))
    identity: Mapped[str] = mapped_column(sa.String(30))  # NIP, may be empty


for _table in (Submission, Verdict, Declaration, DeclaredUnit, Signer):
    write_once(_table.__table__)  # type: ignore[arg-type]
