"""Sheets and rolls in millimetres, as data: measured from the top left corner of the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from pos.errors import N_, NotFound
from pos.paper import A4

LEAST_BARS = 10.0  # millimetres bars are high at the very least, to be hit at a glance
LEAST_BARS_SMALL = 6.0  # on labels less than 20 mm high


@dataclass(frozen=True)
class Layout:
    """A page of labels: `columns` x `rows` labels of `width` x `height`, `pitch` from edge to edge.

    On a roll the page is exactly one row, and the printer's sensor finds the gap. `own` is the id of a layout
    that a unit measured itself, 0 for those that come with the program; `title` is what it is called.
    """

    name: str
    title: str
    width: float
    height: float
    page: tuple[float, float]
    columns: int = 1
    rows: int = 1
    pitch: tuple[float, float] = (0.0, 0.0)
    origin: tuple[float, float] = (0.0, 0.0)
    roll: bool = False
    own: int = 0

    @property
    def count(self) -> int:
        """Labels on a page."""
        return self.columns * self.rows

    @property
    def least_bars(self) -> float:
        """How high the bars are at the very least."""
        return LEAST_BARS_SMALL if self.height < 18 else LEAST_BARS

    def cells(self) -> Iterator[tuple[float, float]]:
        """The top left corner of each label, row by row."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield self.origin[0] + column * self.pitch[0], self.origin[1] + row * self.pitch[1]


def _roll(width: float, height: float) -> Layout:
    name = f"roll-{width:g}x{height:g}"
    return Layout(name, N_("Gulungan"), width, height, (width, height), roll=True)


def _small_roll(across: int, liner: float) -> Layout:
    name = "roll-33x15" + (f"-{across}" if across > 1 else "")
    return Layout(name, N_("Gulungan"), 33, 15, (liner, 15), across, pitch=(36.25, 15), origin=(1, 0), roll=True)


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("a4-l7160", "A4 L7160", 63.5, 38.1, A4, 3, 7, (66.04, 38.1), (7.2, 15.15)),
        Layout("a4-l7159", "A4 L7159", 63.5, 33.9, A4, 3, 8, (66.0, 33.9), (7.2, 12.9)),
        Layout("a4-l7654", "A4 L7654", 45.7, 25.4, A4, 4, 10, (48.5, 25.4), (10.0, 22.0)),
        Layout("a4-l7651", "A4 L7651", 38.1, 21.2, A4, 5, 13, (40.6, 21.2), (4.7, 10.9)),
        _small_roll(1, 35),
        _small_roll(2, 72),
        _small_roll(3, 108),
        _roll(40, 30),
        _roll(50, 20),
        _roll(50, 30),
        _roll(60, 30),
        # What a 58 mm receipt printer can print on its endless paper: 48 mm, and as long as we say.
        Layout("roll-58", N_("Kertas struk 58 mm"), 48, 40, (48, 40), roll=True),
        Layout("tj-103", "Tom & Jerry 103", 64, 32, (215.2, 165.1), 3, 4, (69.15, 38.0), (6.4, 13.0)),
        Layout("tj-107", "Tom & Jerry 107", 50, 18, (165, 215), 3, 10, (53.1, 20.6), (6.1, 1.0)),
        Layout("tj-108", "Tom & Jerry 108", 38, 18, (215, 165), 5, 8, (41.1, 20.1), (3.0, 4.6)),
        Layout("tj-121", "Tom & Jerry 121", 75, 38, (176, 223), 2, 5, (78.5, 40.6), (7.6, 7.1)),
    )
}


def layout_named(name: str) -> Layout:
    """The layout called `name`, or `NotFound` naming those there are."""
    layout = LAYOUTS.get(name.strip().lower())
    if layout is None:
        raise NotFound(
            "Tidak ada tata letak label bernama %(name)s. Yang ada: %(known)s.", name=name, known=", ".join(LAYOUTS)
        )
    return layout
