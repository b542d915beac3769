"""A printer that a test can hold in its hands."""

from collections.abc import Callable, Iterator

import pytest

from pos.receipts import drivers
from tests.receipts.paperboy import Paperboy


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "PATIENCE", 0.4)


@pytest.fixture
def paperboy() -> Iterator[Callable[..., Paperboy]]:
    made: list[Paperboy] = []

    def make(mood: str = "good") -> Paperboy:
        made.append(Paperboy(mood))
        return made[-1]

    yield make
    for one in made:
        one.close()
