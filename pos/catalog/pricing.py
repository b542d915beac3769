"""What a price says beside its amount, from when a day's price holds, and how many prices move together."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from pos import clock, money
from pos.catalog.models import DIVISIBLE, Price
from pos.errors import N_

RATES = ("", "wholesale", "inside", "auction")  # the usual price, those beside it, what was bid above it
WITHIN = ("petugas", "wbp")  # buyers who are asked the inside price
STEPS = (1, 100, 500, 1000)  # rupiah that a changed price may be rounded to


@dataclass(frozen=True)
class More:
    """The prices beside the usual one: `wholesale` from `wholesale_from` (thousandths) on, `inside` for buyers within
    the walls; None where there is none."""

    wholesale: int | None = None
    wholesale_from: int | None = None
    inside: int | None = None

    @staticmethod
    def of(price: Any | None, amount: int | None = None) -> "More":
        """Those of `price`, to go on beside a usual price of `amount`: a wholesale price only while it is cheaper."""
        if price is None:
            return More()
        if price.wholesale is not None and amount is not None and price.wholesale >= amount:
            return More(inside=price.inside)
        return More(price.wholesale, price.wholesale_from, price.inside)


def lowest(amount: int, more: More, quantity: int, buyer: str) -> tuple[int, str]:
    """What one piece costs this buyer of `quantity` thousandths: the lowest that holds, and which it is: `inside`,
    `wholesale` or empty for the usual one (static/js/cart.js too)."""
    found = (amount, "")
    if more.inside is not None and buyer in WITHIN and more.inside < found[0]:
        found = (more.inside, "inside")
    enough = more.wholesale_from is not None and quantity >= more.wholesale_from
    if more.wholesale is not None and enough and more.wholesale < found[0]:
        found = (more.wholesale, "wholesale")
    return found


def problems(amount: int, more: More, measure: str) -> dict[str, str]:
    """What is wrong with these prices of a product sold by `measure`: a sentence by the name of each field."""
    wrong = {}
    if (more.wholesale is None) != (more.wholesale_from is None):
        name = "wholesale" if more.wholesale is None else "wholesale_from"
        wrong[name] = N_("Harga grosir dan jumlah paling sedikitnya diisi bersama.")
    if more.wholesale is not None and more.wholesale >= amount:
        wrong["wholesale"] = N_("Harga grosir harus lebih murah dari harga biasa.")
    if more.wholesale_from is not None and more.wholesale_from <= 0:
        wrong["wholesale_from"] = N_("Isi jumlah lebih dari nol.")
    elif more.wholesale_from and measure not in DIVISIBLE and more.wholesale_from % money.THOUSAND:
        wrong["wholesale_from"] = N_("Barang ini dihitung utuh.")
    return wrong


def start_of(day: date | None, zone: str) -> datetime | None:
    """Midnight of a later day in the maker's zone; today and no day mean now."""
    if day is None or day == clock.today(zone):
        return None
    return datetime.combine(day, time(), clock.ZONES[zone])


# -- many at once --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """How prices move: by `percent`, then by `amount` rupiah, then to the nearest `rounding` rupiah."""

    percent: int = 0
    amount: int = 0
    rounding: int = 1

    def of(self, price: int) -> int:
        moved = money.half_up(price * (100 + self.percent), 100) + self.amount
        return money.half_up(moved, self.rounding) * self.rounding

    def more(self, price: Price) -> More:
        wholesale = None if price.wholesale is None else self.of(price.wholesale)
        inside = None if price.inside is None else self.of(price.inside)
        return More(wholesale, price.wholesale_from, inside)
