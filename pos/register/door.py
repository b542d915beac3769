"""Who may bring a sale: a signed-in person, or an enrolled register in the name of the person it says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from flask import current_app, g, request
from werkzeug.wrappers import Response

from pos import web
from pos.register.services import LATE
from pos.register.tills import tills
from pos.units import devices
from pos.units.devices import SELLERS, Enrolled
from pos.units.services import Person

COOKIE = "perangkat"
KEPT_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie; it is renewed while the device is used


def device_here() -> Enrolled | None:
    """What this browser is enrolled as, whoever is signed in."""
    secret = request.cookies.get(COOKIE, "")
    return devices.enrolled(secret) if secret else None


def asking_device(*kinds: str) -> Enrolled | None:
    """The enrolled register that speaks, when the request can only come from the till's own page.

    No other site can send `X-Outbox`, or JSON (or what else is among the content types `kinds`), with our cookie;
    browsers that say where a request comes from must say that it is from here.
    """
    if request.headers.get("X-Outbox") != "1":
        return None
    site = request.headers.get("Sec-Fetch-Site")
    if request.method == "POST":
        from_here = request.headers.get("Origin") == f"{request.scheme}://{request.host}"
        if request.mimetype not in (kinds or ("application/json",)) or not (
            site == "same-origin" if site else from_here
        ):
            return None
    elif site not in (None, "same-origin"):
        return None
    return device_here()


def ask_for_sign_in() -> None:
    """Raise unless somebody who sells is signed in and the page's token came along."""
    web.check_token()
    web.admit(*SELLERS)


def who_sold(device: Enrolled | None, register: object) -> tuple[Person, Sequence[str]]:
    """Who a sale of this register is booked on, and the flags of what is odd about that."""
    if device is None or device.register != register:
        ask_for_sign_in()
        return g.person, ()
    person, certain = devices.seller(device, unquote(request.headers.get("X-Cashier", "")))
    return person, () if certain else ("cashier_unknown",)


def odd_clock(now: datetime) -> Sequence[str]:
    """The flag of a sender whose own clock, as it says, is not the server's."""
    try:
        ahead = datetime.fromisoformat(request.headers.get("X-Clock", "")) - now
    except (ValueError, TypeError, OverflowError):  # none, or no instant
        return ()
    if abs(ahead) <= LATE:
        return ()
    return ("clock_ahead" if ahead > LATE else "clock_behind",)


def was_told() -> bool:
    """Whether the till has shown this sale as paid, so that it cannot be taken back."""
    return request.headers.get("X-Told") == "1"


def open_tills() -> list[dict[str, Any]]:
    """The registers that the caller may sell at, the one this browser is enrolled as being marked.

    An enrolled browser in which nobody is signed in gets its own.
    """
    device = asking_device()
    if device:
        devices.seen(device)
    if device and g.person is None:
        person, _ = devices.seller(device, "")
        return [place | {"enrolled": True} for place in tills(person) if place["code"] == device.register]
    web.admit("cashier", "staff", "admin")
    return [
        place | ({"enrolled": True} if device and place["code"] == device.register else {}) for place in tills(g.person)
    ]


def remember(response: Response, secret: str) -> None:
    """Leave the device's secret in its browser, for our own pages alone."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
