"""Units, galleries, registers, people, the installation and the log."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from pos import clock
from pos.db import BigId, Instant, Json, Model, write_once
from pos.units import qris as codes
from pos.units import scale as scales

LEVELS = ("ditjenpas", "kanwil", "upt")
ROLES = ("cashier", "staff", "official", "admin", "auditor")
GALLERY_KINDS = ("galeri", "stan", "online")
ROUNDING_STEPS = (0, 100, 500)  # rupiah


class Unit(Model):
    """A node of the tree Ditjenpas > Kanwil > UPT, as it is today; `Placement` tells how it was."""

    __tablename__ = "unit"
    __table_args__ = (
        sa.CheckConstraint(f"level IN {LEVELS}", name="level"),
        sa.CheckConstraint("zone IN ('WIB', 'WITA', 'WIT')", name="zone"),
        sa.CheckConstraint("number BETWEEN 100 AND 899", name="number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    level: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40), default="")
    class_name: Mapped[str] = mapped_column(sa.String(10), default="")
    city: Mapped[str] = mapped_column(sa.String(80), default="")
    zone: Mapped[str] = mapped_column(sa.String(4))
    # The first three digits of the codes this UPT gives its own products (100..899); None above UPT.
    number: Mapped[int | None] = mapped_column(unique=True)
    # Ids from the root down, "1.7.42.": everything under a node starts with the node's own path.
    path: Mapped[str] = mapped_column(sa.String(60), index=True, default="")
    active: Mapped[bool] = mapped_column(default=True)

    parent: Mapped["Unit | None"] = relationship(remote_side=[id])
    galleries: Mapped[list["Gallery"]] = relationship(back_populates="unit", order_by="Gallery.name")


class Placement(Model):
    """Under which Kanwil, and with what name, a unit stood from `from_day` up to but not on `until_day`."""

    __tablename__ = "placement"
    __table_args__ = (sa.CheckConstraint("from_day < until_day", name="span"),)

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    until_day: Mapped[date] = mapped_column(default=clock.FOREVER)
    kanwil_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))


class Gallery(Model):
    """A selling place of a unit; a stand and an online order desk are galleries too."""

    __tablename__ = "gallery"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "name"),
        sa.CheckConstraint("cutoff_minutes BETWEEN 0 AND 720", name="cutoff"),
        sa.CheckConstraint(f"kind IN {GALLERY_KINDS}", name="kind"),
        sa.CheckConstraint(f"rounding_step IN {ROUNDING_STEPS}", name="rounding_step"),
        sa.CheckConstraint("discount_limit BETWEEN 0 AND 100", name="discount_limit"),
        sa.CheckConstraint("down_payment BETWEEN 0 AND 90", name="down_payment"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(10), default="galeri")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    # A sale up to this many minutes after midnight still belongs to the evening's business date.
    cutoff_minutes: Mapped[int] = mapped_column(default=0)
    # What is paid in cash is rounded to this many rupiah; 0 for not at all.
    rounding_step: Mapped[int] = mapped_column(default=0, server_default="0")
    # Percent of the goods' value that a cashier may give away without asking somebody of the staff.
    discount_limit: Mapped[int] = mapped_column(default=10, server_default="10")
    # Percent of an order that the till proposes to take when it is made; 0 to propose none.
    down_payment: Mapped[int] = mapped_column(default=50, server_default="50")
    # The text of the static QRIS code that is stuck up here; empty without one.
    qris: Mapped[str] = mapped_column(sa.String(codes.LONGEST), default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True)
    # What the labels of its scales carry: `21=berat, 22=harga`.
    scale: Mapped[str] = mapped_column(sa.String(scales.LONGEST), default="", server_default="")

    unit: Mapped[Unit] = relationship(back_populates="galleries")
    registers: Mapped[list["Register"]] = relationship(back_populates="gallery", order_by="Register.code")

    @property
    def full_name(self) -> str:
        """Its name, with its unit's where that does not say whose it is."""
        return self.name if self.unit.name in self.name else f"{self.name} · {self.unit.name}"

    @validates("qris")
    def _check_qris(self, _: str, text: str) -> str:
        codes.check(text)
        return text

    @validates("scale")
    def _tidy_scale(self, _: str, text: str) -> str:
        return scales.tidy(text)

    @property
    def payee(self) -> codes.Merchant | None:
        """Whom what is paid by QRIS reaches."""
        return codes.merchant(self.qris) if self.qris else None


class Register(Model):
    """One till: owns a gapless series of receipt numbers. Its code never changes, for receipts carry it."""

    TRAINING = "LATIHAN"  # the series of notas that count for nothing; no register has this code

    __tablename__ = "register"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(12), unique=True)
    paper_width: Mapped[int] = mapped_column(default=58)
    # The series of a gallery's handwritten notas that are entered later: no till sells at it.
    late_notes: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    active: Mapped[bool] = mapped_column(default=True)

    gallery: Mapped[Gallery] = relationship(back_populates="registers")
    keys: Mapped[list["RegisterKey"]] = relationship(order_by="RegisterKey.letter")


class RegisterKey(Model):
    """The secret that signs a register's receipts; a new letter replaces it, old ones go on verifying."""

    __tablename__ = "register_key"

    register_id: Mapped[int] = mapped_column(sa.ForeignKey("register.id"), primary_key=True)
    letter: Mapped[str] = mapped_column(sa.String(1), primary_key=True)
    secret: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(Instant)


class Device(Model):
    """A browser that a supervisor bound to a register: it may bring that register's sales without a sign-in."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    register_id: Mapped[int] = mapped_column(sa.ForeignKey("register.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)  # SHA-256; the secret is the browser's alone
    name: Mapped[str] = mapped_column(sa.String(60))
    enrolled_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    register: Mapped[Register] = relationship()
    enroller: Mapped["User"] = relationship()


class User(Model):
    """A person who signs in: one role, over one node of the tree and everything under it."""

    __tablename__ = "person"
    __table_args__ = (sa.CheckConstraint(f"role IN {ROLES}", name="role"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(40), unique=True)  # kept in lower case
    name: Mapped[str] = mapped_column(sa.String(80))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(10))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    # Part of the session cookie: changing it (a new password) signs the person out everywhere.
    session_stamp: Mapped[str] = mapped_column(sa.String(32))
    # Asked for at a till where somebody else is signed in; empty until the person has chosen one.
    pin_hash: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    pin_wrong: Mapped[int] = mapped_column(default=0, server_default="0")  # tries in a row that were not right
    pin_tried_at: Mapped[datetime | None] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()


class Installation(Model):
    """Which unit this database belongs to (one row)."""

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    demo: Mapped[bool] = mapped_column(default=False)
    # Grows when a unit moves or is renamed, so that what was remembered of the tree is read again.
    tree_version: Mapped[int] = mapped_column(default=0)

    unit: Mapped[Unit] = relationship()


class AuditEntry(Model):
    """Who did what to which thing, and when. Written once."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    act: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(120))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


write_once(AuditEntry.__table__)  # type: ignore[arg-type]
