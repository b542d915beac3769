"""What a seller and a maker agreed on, what the seller paid over, and what the maker said to it. All written once."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Instant, Model, Rupiah, write_once
from pos.units.models import Unit, User

WHOLE = 10_000  # hundredths of a percent


class ConsignmentTerms(Model):
    """The part of sales that the seller keeps from a day on; the last row for a day holds. Without one: nothing."""

    __tablename__ = "consignment_terms"
    __table_args__ = (
        sa.CheckConstraint(f"commission BETWEEN 0 AND {WHOLE}", name="commission"),
        sa.CheckConstraint("seller_id <> maker_id", name="ends"),
        sa.Index("ix_consignment_terms_seller_id_maker_id_from_day", "seller_id", "maker_id", "from_day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    seller_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    maker_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    from_day: Mapped[date] = mapped_column()
    commission: Mapped[int] = mapped_column()  # hundredths of a percent
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    user: Mapped[User | None] = relationship()


class ConsignmentSettlement(Model):
    """Money that a seller paid over to a maker for what was sold of its goods in a period."""

    __tablename__ = "consignment_settlement"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("from_day <= until_day", name="period"),
        sa.CheckConstraint("reference <> ''", name="reference"),
        sa.CheckConstraint("seller_id <> maker_id", name="ends"),
        sa.Index("ix_consignment_settlement_seller_id_maker_id", "seller_id", "maker_id"),
    )

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    seller_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    maker_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    from_day: Mapped[date] = mapped_column()
    until_day: Mapped[date] = mapped_column()
    amount: Mapped[int] = mapped_column(Rupiah)
    reference: Mapped[str] = mapped_column(sa.String(60))
    note: Mapped[str] = mapped_column(sa.String(200))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    seller: Mapped[Unit] = relationship(foreign_keys=[seller_id])
    maker: Mapped[Unit] = relationship(foreign_keys=[maker_id])
    user: Mapped[User | None] = relationship()
    answer: Mapped["ConsignmentAnswer | None"] = relationship()


class ConsignmentAnswer(Model):
    """That the maker received the money, or did not: then the settlement counts for nothing."""

    __tablename__ = "consignment_answer"
    __table_args__ = (sa.CheckConstraint("received OR note <> ''", name="note"),)

    settlement_id: Mapped[str] = mapped_column(
        sa.Uuid(as_uuid=False), sa.ForeignKey("consignment_settlement.id"), primary_key=True
    )
    received: Mapped[bool] = mapped_column()
    note: Mapped[str] = mapped_column(sa.String(200))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    user: Mapped[User | None] = relationship()


for _table in (ConsignmentTerms, ConsignmentSettlement, ConsignmentAnswer):
    write_once(_table.__table__)  # type: ignore[arg-type]
