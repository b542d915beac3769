"""A consistent copy of a live database and its files in one ZIP, and the way back.

SQLite is copied through its online backup interface (copying the file of a live database loses sales),
PostgreSQL by `pg_dump` (found on PATH or in `POS_PG_BIN`).
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.errors import Conflict, PosError

DUMPS = {"sqlite": "etalase.db", "postgresql": "etalase.pgdump"}


class BackupFailed(PosError):
    code = "backup_failed"


def backup(url: str, files: Path, target: Path) -> int:
    """Write `target` (a ZIP) whole or not at all; returns its size in bytes."""
    kind = sa.make_url(url).get_backend_name()
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        dump = Path(folder) / DUMPS[kind]
        (_dump_sqlite if kind == "sqlite" else _dump_postgresql)(url, dump)
        part = Path(folder) / "backup.zip"
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            hashes = {dump.name: _add(archive, dump, dump.name)}
            for path in sorted(p for p in files.rglob("*") if p.is_file()) if files.is_dir() else []:
                name = f"files/{path.relative_to(files).as_posix()}"
                hashes[name] = _add(archive, path, name)
            manifest = {"kind": kind, "made_at": clock.now().isoformat(), "sha256": hashes}
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        with part.open("rb+") as handle:
            os.fsync(handle.fileno())
        part.replace(target)
    return target.stat().st_size


def restore(source: Path, url: str, files: Path, force: bool = False) -> None:
    """Bring back what `backup` wrote; refuses a database that holds anything unless `force`."""
    kind = sa.make_url(url).get_backend_name()
    with tempfile.TemporaryDirectory() as folder:
        manifest = _unpack(source, Path(folder))
        if manifest["kind"] != kind:
            raise BackupFailed(
                "Cadangan ini dari %(from_kind)s, sedangkan basis data ini %(kind)s.",
                from_kind=manifest["kind"],
                kind=kind,
            )
        if not force and _holds_something(url):
            raise Conflict("Basis data ini sudah berisi. Pakai --force untuk menimpanya.")
        dump = Path(folder) / DUMPS[kind]
        (_load_sqlite if kind == "sqlite" else _load_postgresql)(url, dump)
        if (Path(folder) / "files").is_dir():
            shutil.copytree(Path(folder) / "files", files, dirs_exist_ok=True)


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    archive.write(path, name)
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """The manifest, with every file it names unpacked and its hash proved."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
            for name, expected in manifest["sha256"].items():
                path = Path(archive.extract(name, folder))
                if not path.resolve().is_relative_to(folder.resolve()):
                    raise BackupFailed("Berkas cadangan ini berbahaya.")
                with path.open("rb") as handle:
                    if hashlib.file_digest(handle, "sha256").hexdigest() != expected:
                        raise BackupFailed("Berkas cadangan ini rusak: %(name)s.", name=name)
            return manifest
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BackupFailed("Berkas cadangan %(file)s tidak bisa dibaca.", file=source.name) from error


def _holds_something(url: str) -> bool:
    if url.startswith("sqlite") and not _sqlite_path(url).exists():
        return False
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return bool(sa.inspect(connection).get_table_names())
    finally:
        engine.dispose()


def _sqlite_path(url: str) -> Path:
    return Path(sa.make_url(url).database or "")


def _dump_sqlite(url: str, target: Path) -> None:
    path = _sqlite_path(url)
    if not path.exists():
        raise BackupFailed("Basis data %(file)s tidak ada.", file=path.name)
    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupFailed("Basis data ini rusak; cadangan tidak dibuat.")
        copy.execute("PRAGMA journal_mode = DELETE")


def _load_sqlite(url: str, source: Path) -> None:
    path = _sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(path)) as live:
        copy.backup(live)
        live.execute("PRAGMA journal_mode = WAL")


def _dump_postgresql(url: str, target: Path) -> None:
    _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={target}")


def _load_postgresql(url: str, source: Path) -> None:
    _run(
        "pg_restore",
        url,
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        "--exit-on-error",
        str(source),
    )


def _run(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database; the password travels in the environment."""
    found = shutil.which(program, path=os.environ.get("POS_PG_BIN") or None)
    if not found:
        raise BackupFailed(
            "Program %(program)s tidak ditemukan; pasang klien PostgreSQL atau isi POS_PG_BIN.", program=program
        )
    target = sa.make_url(url)
    dsn = target.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(target.password)} if target.password else {})
    done = subprocess.run([found, f"--dbname={dsn}", *arguments], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BackupFailed("%(program)s gagal: %(why)s", program=program, why=done.stderr.strip()[-300:])
