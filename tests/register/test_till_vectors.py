"""The till's arithmetic and the server's are one: both are held to the same checked-in vectors."""

import shutil
import subprocess
from pathlib import Path

from tests.conftest import cannot_run
from tests.vectors import make, refunds, schemes

ROOT = Path(__file__).resolve().parents[2]


def test_the_vectors_are_what_the_server_says() -> None:
    assert make.PATH.read_text() == make.text(), "run python -m tests.vectors.make and look at what changed"


def test_the_vectors_of_refunds_are_what_the_server_says() -> None:
    assert refunds.PATH.read_text() == refunds.text(), "run python -m tests.vectors.refunds and look at what changed"


def test_the_vectors_of_schemes_are_what_the_server_says() -> None:
    assert schemes.PATH.read_text() == schemes.text(), "run python -m tests.vectors.schemes and look at what changed"


def test_the_tills_own_arithmetic_and_rules_hold() -> None:
    node = shutil.which("node")
    if node is None:
        cannot_run("there is no Node.js on this machine (apt-get install nodejs)")
        return
    files = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.js"))
    done = subprocess.run([node, "--test", *files], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
