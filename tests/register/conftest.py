"""An open till in a real browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests import world


@pytest.fixture
def expect() -> Any:
    from playwright.sync_api import expect as playwright_expect

    playwright_expect.set_options(timeout=30_000)
    return playwright_expect


@pytest.fixture
def till(open_as: Callable[..., Any], app: Flask) -> Iterator[Callable[..., Any]]:
    """An open till at AMB-1, ready to sell; nothing may go wrong unseen on its page."""
    crashes: list[str] = []

    def open_till(width: int = 1366, height: int = 768, clock: bool = False, who: str = "kasir") -> Any:
        page = open_as(who, "about:blank", width=width, height=height)
        page.on("pageerror", lambda error: crashes.append(str(error)))
        if clock:
            page.clock.install()
        page.goto("/kasir")
        page.get_by_role("button", name="AMB-1").click()
        page.locator("#till").wait_for()
        hears_keys(page)
        return page

    yield open_till
    assert not crashes


@pytest.fixture
def codes(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {name: world.code(name) for _, name, *_ in world.PRODUCTS}


def hears_keys(page: Any) -> None:
    """Wait until keys arrive: a browser drops those pressed before a page's first picture."""
    page.evaluate(
        "addEventListener('keydown', () => (document.documentElement.dataset.hears = 'keys'), { once: true })"
    )
    for _ in range(100):
        page.keyboard.press("Shift")
        if page.locator("html[data-hears]").count():
            return
        page.wait_for_timeout(50)
    raise AssertionError("the page hears no keys")
