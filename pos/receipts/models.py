"""What a register prints with, every print of a nota, and the jobs that wait for a printer."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Instant, Model, write_once
from pos.register.models import Sale
from pos.register.shift_models import Shift
from pos.units.models import Register, User

KINDS = ("browser", "network", "usb", "queue")
WAYS = ("browser", "printer", "pdf", "slip")
STATES = ("waiting", "printing", "done", "failed", "moved")


class Printer(Model):
    """What a register prints with; a register without a row prints by its browser."""

    __tablename__ = "printer"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {KINDS}", name="kind"),
        sa.CheckConstraint("columns IN (32, 48)", name="columns"),
        sa.CheckConstraint("port BETWEEN 1 AND 65535", name="port"),
        sa.CheckConstraint("kind <> 'network' OR host <> ''", name="host"),
        sa.CheckConstraint("vendor_id BETWEEN 0 AND 65535 AND product_id BETWEEN 0 AND 65535", name="usb_ids"),
        sa.CheckConstraint("kind <> 'usb' OR vendor_id > 0", name="usb"),
        sa.CheckConstraint("kind <> 'queue' OR queue <> ''", name="queue"),
    )

    register_id: Mapped[int] = mapped_column(sa.ForeignKey("register.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    host: Mapped[str] = mapped_column(sa.String(100))
    port: Mapped[int] = mapped_column()
    vendor_id: Mapped[int] = mapped_column()
    product_id: Mapped[int] = mapped_column()
    queue: Mapped[str] = mapped_column(sa.String(80))  # its name in Windows or CUPS
    columns: Mapped[int] = mapped_column()
    cutter: Mapped[bool] = mapped_column()
    drawer: Mapped[bool] = mapped_column()
    automatic: Mapped[bool] = mapped_column()  # prints as soon as a sale is recorded, without being asked
    answers: Mapped[bool] = mapped_column()  # to questions about paper and cover

    register: Mapped[Register] = relationship()


class SalePrint(Model):
    """One print of a nota, recorded before it happens: 0 is the original, n is SALINAN KE-n. Written once."""

    __tablename__ = "sale_print"
    __table_args__ = (
        sa.CheckConstraint("copy >= 0", name="copy"),
        sa.CheckConstraint(f"way IN {WAYS}", name="way"),
    )

    sale_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("sale.id"), primary_key=True)
    copy: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Made by whoever asks, so that asking twice (a double click, a lost answer) is one print.
    token: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), unique=True)
    way: Mapped[str] = mapped_column(sa.String(8))
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))

    sale: Mapped[Sale] = relationship()
    user: Mapped[User] = relationship()


class PrintJob(Model):
    """A print (of a nota, of the X or Z of a shift, or a test page) on its way to a printer of the server's."""

    __tablename__ = "print_job"
    __table_args__ = (
        sa.ForeignKeyConstraint(["sale_id", "copy"], ["sale_print.sale_id", "sale_print.copy"]),
        sa.UniqueConstraint("sale_id", "copy"),  # a print is one job, however often it is tried
        sa.CheckConstraint(f"state IN {STATES}", name="state"),
        sa.CheckConstraint("(kind = 'receipt') = (sale_id IS NOT NULL)", name="sale"),
        sa.CheckConstraint("(kind IN ('x', 'z')) = (shift_id IS NOT NULL)", name="shift"),
        sa.CheckConstraint("kind IN ('receipt', 'test', 'x', 'z')", name="kind"),
        sa.CheckConstraint("(state = 'failed') = (error <> '')", name="error"),
        sa.CheckConstraint("(state IN ('done', 'moved')) = (done_at IS NOT NULL)", name="done"),
        sa.Index("ix_print_job_register_id_state", "register_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    register_id: Mapped[int] = mapped_column(sa.ForeignKey("register.id"))
    kind: Mapped[str] = mapped_column(sa.String(8))
    sale_id: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False))
    shift_id: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey(Shift.id))
    copy: Mapped[int] = mapped_column()  # of a nota or a Z: 0 is the original
    token: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False), unique=True)  # of a shift's, as of a SalePrint
    base_url: Mapped[str] = mapped_column(sa.String(200))  # where the QR leads
    state: Mapped[str] = mapped_column(sa.String(8))
    error: Mapped[str] = mapped_column(sa.String(12))  # a key of `drivers.TROUBLES`
    tries: Mapped[int] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)
    moved_at: Mapped[datetime] = mapped_column(Instant)  # when it took its state
    # Set before the first byte leaves: the drawer's pulse goes with that try and never again.
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)

    register: Mapped[Register] = relationship()
    shift: Mapped[Shift | None] = relationship()
    print: Mapped[SalePrint | None] = relationship()


write_once(SalePrint.__table__)  # type: ignore[arg-type]
