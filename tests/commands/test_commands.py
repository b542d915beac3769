"""Every command, run as people run it, on both engines."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pos import create_app
from pos import db as database
from pos.db import db
from pos.register.models import Sale
from pos.units.models import Unit, User
from tests import world
from tests.grounds import app_on

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sold(database_url: str, tmp_path: Path) -> str:
    """A receipt number of a sale in the command's database."""
    app = app_on(database_url, tmp_path)
    with app.app_context():
        receipt: str = world.sell(lines=[("Tas rajut", 2000), ("Keripik pisang", 1500)]).receipt
        database.close()
    return receipt


def in_database(url: str, query: Any) -> Any:
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "test"})
    with app.app_context():
        result = list(db.session.scalars(query))
        database.close()
    return result


def test_check_prints_a_line_a_rule_and_exits_0(pos: Any, sold: str) -> None:
    done = pos("check", cold=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 7 and "GAGAL" not in done.stdout


def test_check_names_what_does_not_agree_and_exits_1(pos: Any, sold: str, database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE turnover SET omzet = omzet + 1"))
    engine.dispose()
    done = pos("check")
    assert done.returncode == 1 and "GAGAL  turnover = lines" in done.stdout


def test_units_load_loads_the_real_list_and_a_second_time_changes_nothing(pos: Any, database_url: str) -> None:
    real = str(ROOT / "pos" / "data" / "units.csv")
    assert pos("units", "load", real).stdout.startswith("610 unit baru")  # four are in the small world already
    assert pos("units", "load", real).stdout.startswith("0 unit baru, 0 berubah, 614 tetap")
    assert len(in_database(database_url, sa.select(Unit.id).where(Unit.level == "kanwil"))) == 33


def test_user_add_adds_someone_who_can_sign_in(pos: Any, database_url: str) -> None:
    done = pos("user", "add", "wati", "--role", "cashier", "--unit", "Lapas Kelas IIA Ambon")
    assert done.returncode == 0, done.stderr
    assert in_database(database_url, sa.select(User.role).where(User.username == "wati")) == ["cashier"]


def test_a_mistake_is_a_sentence_and_not_a_traceback(pos: Any) -> None:
    done = pos("user", "add", "wati", "--role", "cashier", "--unit", "Lapas Antah Berantah", cold=True)
    assert done.returncode == 1 and "Tidak ada unit bernama Lapas Antah Berantah." in done.stderr
    assert "Traceback" not in done.stderr


def test_products_import_is_all_or_nothing_and_names_the_cell(pos: Any, tmp_path: Path) -> None:
    bad = tmp_path / "produk.csv"
    bad.write_text(
        "unit_name;product;category;price_rp;barcode\n"
        "Lapas Kelas IIA Ambon;Sapu lidi;kerajinan tangan;Rp 12.500;\n"
        "Lapas Kelas IIA Ambon;Sapu ijuk;kerajinan tangan;15.000;8,99E+12\n"
    )
    done = pos("products", "import", str(bad))
    assert done.returncode == 1 and "3" in done.stderr and "8,99E+12" in done.stderr
    bad.write_text(bad.read_text().replace("8,99E+12", ""))
    assert pos("products", "import", str(bad), "--dry-run").stdout.startswith("Akan diimpor: 2 baru")
    assert pos("products", "import", str(bad)).stdout.startswith("Diimpor: 2 baru")
    assert pos("products", "import", str(bad)).stdout.startswith("Diimpor: 0 baru, 0 berubah, 2 tetap")


@pytest.mark.parametrize("layout", ["a4-l7160", "roll-33x15"])
def test_labels_writes_a_pdf(pos: Any, tmp_path: Path, layout: str, database_url: str) -> None:
    from pos.catalog.models import Barcode

    code = in_database(database_url, sa.select(Barcode.code).where(Barcode.symbology == "own"))[0]
    done = pos(
        "labels", "--layout", layout, "--code", f"{code}=3", "--code", world.FACTORY_CODE, "-o", str(tmp_path / "l.pdf")
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "l.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("escpos", b"\x1b"), ("text", b"")])
@pytest.mark.parametrize("width", ["58", "80"])
def test_receipt_writes_each_format(pos: Any, sold: str, tmp_path: Path, kind: str, start: bytes, width: str) -> None:
    done = pos("receipt", sold, "--format", kind, "--width", width, "-o", str(tmp_path / "r"))
    assert done.returncode == 0, done.stderr
    content = (tmp_path / "r").read_bytes()
    assert content.startswith(start) and (kind == "pdf" or b"235.000" in content)


def test_a_backup_of_a_live_database_comes_back_whole(pos: Any, sold: str, tmp_path: Path, database_url: str) -> None:
    copy = tmp_path / "cadangan.zip"
    assert pos("backup", str(copy)).returncode == 0
    assert pos("restore", str(copy)).returncode == 1  # the database holds something
    done = pos("restore", str(copy), "--force")
    assert done.returncode == 0, done.stderr
    assert in_database(database_url, sa.select(Sale.receipt)) == [sold]
    assert pos("check").returncode == 0


def test_a_sqlite_backup_restores_into_a_new_place(pos: Any, sold: str, tmp_path: Path, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        return  # PostgreSQL's new place is made by its administrator
    assert pos("backup", str(tmp_path / "c.zip")).returncode == 0
    fresh = tmp_path / "baru" / "pos.db"
    url = f"sqlite:///{fresh}"
    done = pos("restore", str(tmp_path / "c.zip"), POS_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert in_database(url, sa.select(Sale.receipt)) == [sold]


def test_a_damaged_backup_is_refused(pos: Any, sold: str, tmp_path: Path) -> None:
    copy = tmp_path / "cadangan.zip"
    assert pos("backup", str(copy)).returncode == 0
    with zipfile.ZipFile(copy) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        contents = {name: archive.read(name) for name in manifest["sha256"]}
    name = next(iter(contents))
    with zipfile.ZipFile(copy, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr(name, contents[name][:-1] + b"?")
    done = pos("restore", str(copy), "--force")
    assert done.returncode == 1 and "rusak" in done.stderr


def test_others_are_served_only_under_a_name_of_ours(pos: Any) -> None:
    refused = pos("serve", "--host", "0.0.0.0", "--port", "0", POS_PUBLIC_URL="", POS_TRUSTED_HOSTS="")
    assert refused.returncode == 1 and "POS_PUBLIC_URL" in refused.stderr and "Traceback" not in refused.stderr
