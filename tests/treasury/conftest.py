"""What the tests of the treasury begin with."""

import pytest
from flask import Flask

from tests import world


@pytest.fixture
def sold(app: Flask) -> Flask:
    """Three days in Ambon (45.000, 18.000 and 9.000 of PNBP), one in Pontianak."""
    with app.app_context():
        for day, pieces in ((1, 10_000), (2, 4_000), (8, 2_000)):
            world.sell(lines=[("Tas rajut", pieces)], at=f"2026-04-{day:02d}T10:00:00+09:00")
        world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1_000)], at="2026-04-01T10:00:00+07:00")
    return app
