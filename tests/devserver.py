"""`python -m tests.devserver [port]`: the small world with a few sales, served for a look in a browser."""

import sys
import tempfile
from pathlib import Path

import waitress

from pos.db import db
from tests import world
from tests.grounds import app_on

if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8123
    folder = Path(tempfile.mkdtemp())
    app = app_on(
        f"sqlite:///{folder / 'pos.db'}",
        folder,
        WTF_CSRF_ENABLED=True,
        PUBLIC_URL=f"http://127.0.0.1:{port}",
        TEMPLATES_AUTO_RELOAD=True,
        SEND_FILE_MAX_AGE_DEFAULT=0,
    )
    with app.app_context():
        db.create_all()
        world.build()
        for day in range(1, 27):
            world.sell(
                lines=[("Tas rajut", 1000 * (1 + day % 4)), ("Keripik pisang", 1500)],
                at=f"2026-04-{day:02d}T10:15:00+09:00",
            )
            world.sell(
                "kasir-ptk",
                "PTK-1",
                [("Miniatur kapal", 1000), ("Tas rajut", 1000)],
                at=f"2026-04-{day:02d}T11:00:00+07:00",
            )
        world.sell("kasir-kdi", "KDI-1", [("Meja jati", 1000)], at="2026-04-20T11:00:00+08:00", buyer="instansi")
    print(f"http://127.0.0.1:{port}  users: {', '.join(world.PEOPLE)}  password: {world.PASSWORD}")
    waitress.serve(app, host="127.0.0.1", port=port, threads=8)
