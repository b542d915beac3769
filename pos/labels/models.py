"""Layouts that people measured themselves, and the printers that labels come out of."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Model
from pos.units.models import Unit

RESOLUTIONS = (203, 300, 600)  # dots per inch: label printers, fine label printers, office printers
FARTHEST = 10_00  # hundredths of a millimetre that a printer may feed askew


class LabelLayout(Model):
    """Paper that a unit measured, in hundredths of a millimetre; `pitch` runs from edge to edge of neighbours."""

    __tablename__ = "label_layout"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "name"),
        sa.CheckConstraint("width > 0 AND height > 0 AND left_edge >= 0 AND top_edge >= 0", name="sizes"),
        sa.CheckConstraint("columns BETWEEN 1 AND 20 AND row_count BETWEEN 1 AND 60", name="grid"),
        sa.CheckConstraint(
            "(columns = 1 OR pitch_x >= width) AND (row_count = 1 OR pitch_y >= height)", name="no_overlap"
        ),
        sa.CheckConstraint(
            "left_edge + (columns - 1) * pitch_x + width <= page_width "
            "AND top_edge + (row_count - 1) * pitch_y + height <= page_height",
            name="on_the_page",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    roll: Mapped[bool] = mapped_column(default=False)
    page_width: Mapped[int]
    page_height: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    columns: Mapped[int]
    row_count: Mapped[int]
    pitch_x: Mapped[int]
    pitch_y: Mapped[int]
    left_edge: Mapped[int]
    top_edge: Mapped[int]

    unit: Mapped[Unit] = relationship()


class LabelPrinter(Model):
    """A printer of a unit: its dots, how far it prints askew (hundredths of a millimetre), its paper of last time."""

    __tablename__ = "label_printer"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "name"),
        sa.CheckConstraint(f"dpi IN {RESOLUTIONS}", name="dpi"),
        sa.CheckConstraint(
            f"dx BETWEEN -{FARTHEST} AND {FARTHEST} AND dy BETWEEN -{FARTHEST} AND {FARTHEST}", name="offset"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    dpi: Mapped[int]
    dx: Mapped[int] = mapped_column(default=0)
    dy: Mapped[int] = mapped_column(default=0)
    layout: Mapped[str] = mapped_column(sa.String(40), default="")

    unit: Mapped[Unit] = relationship()
