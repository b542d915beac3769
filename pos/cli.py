"""The command `pos`: what a gallery's computer and the hub are run with."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask

from pos import INSTANCE, create_app, serving
from pos.errors import PosError, Sentence
from pos.reports import commands

HOST, PORT, THREADS = "127.0.0.1", 8000, 16


@click.group()
@click.pass_context
def pos(context: click.Context) -> None:
    """Etalase: kasir dan papan kampanye galeri pemasyarakatan."""
    context.obj = _migrated  # how commands of rooms get the program


for _command in commands.COMMANDS:
    pos.add_command(_command)


def main() -> None:
    """Run the command; what goes wrong for a person is a sentence and exit status 1, not a traceback."""
    try:
        pos(standalone_mode=True)
    except PosError as error:
        click.secho(str(error), fg="red", err=True)
        for name, sentence in error.fields.items():
            click.echo(f"  {_place(name)}{sentence}", err=True)
        sys.exit(1)


def _place(name: str) -> str:
    return "" if name[:1].isdigit() else f"{name}: "


# -- serving -------------------------------------------------------------------------------------------


@pos.command()
@click.option("--host", default=HOST, show_default=True)
@click.option("--port", default=PORT, show_default=True)
@click.option("--threads", default=THREADS, show_default=True)
@click.option("--processes", type=int, help="By default one on SQLite, one a core on PostgreSQL.")
def serve(host: str, port: int, threads: int, processes: int | None) -> None:
    """Serve the database named by POS_DATABASE_URL (default instance/pos.db), migrating it first."""
    app = _migrated()
    local = host in ("127.0.0.1", "localhost", "::1")
    from pos.units.services import installation

    with app.app_context():
        here = installation()
    if here and here.demo and not local:
        raise PosError("Data contoh hanya dilayani di komputer ini sendiri (127.0.0.1).")
    if not (local or app.config["PUBLIC_URL"] or app.config["TRUSTED_HOSTS"]):
        raise PosError("Untuk melayani komputer lain, isi dahulu POS_PUBLIC_URL atau POS_TRUSTED_HOSTS.")
    click.echo(f"http://{host}:{port}")
    _serve(app, host, port, threads, processes)


@pos.command()
@click.option("--port", default=PORT, show_default=True)
def demo(port: int) -> None:
    """Serve the example galleries from instance/demo.db, made on first use."""
    from pos import demo as example

    app = example.app(INSTANCE / "demo.db")
    click.echo(f"\n  Etalase (data contoh): http://{HOST}:{port}")
    for username, what in example.SIGN_INS.items():
        click.echo(f"    {username:9} {what}")
    click.echo(f"  Kata sandi semuanya: {example.PASSWORD}   (Ctrl+C untuk berhenti)")
    click.echo(f"  PIN kasir dan petugas di Ambon: {example.counter.PIN}\n")
    _serve(app, HOST, port, THREADS)


def _serve(app: Flask, host: str, port: int, threads: int, processes: int | None = None) -> None:
    from pos import db

    with app.app_context():
        db.close()  # the serving processes open their own
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    serving.serve(url, host, port, threads, processes or serving.processes_for(url))


def _app() -> Flask:
    INSTANCE.mkdir(parents=True, exist_ok=True)
    return create_app()


def _migrated() -> Flask:
    from pos.migrations import upgrade

    app = _app()
    with app.app_context():
        upgrade()
    return app


# -- the tree, people, products ------------------------------------------------------------------------


@pos.group()
def units() -> None:
    """Pohon unit: Ditjenpas > Kanwil > UPT."""


@units.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def units_load(file: Path) -> None:
    """Load or update the tree from a CSV list (kanwil,unit_name,kind,class,city,timezone)."""
    from pos.units.loading import load_units

    with _migrated().app_context():
        loaded = load_units(file.read_bytes(), file.name)
    click.echo(f"{loaded.added} unit baru, {loaded.changed} berubah, {loaded.same} tetap.")


@pos.group()
def user() -> None:
    """Pengguna."""


@user.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(["cashier", "staff", "official", "admin", "auditor"]))
@click.option("--unit", "unit_name", required=True)
def user_add(name: str, role: str, unit_name: str) -> None:
    """Add a person; asks for a password, or reads it from POS_PASSWORD."""
    from pos.units.services import add_user, unit_named

    with _migrated().app_context():
        unit = unit_named(unit_name)
        password = os.environ.get("POS_PASSWORD") or click.prompt(
            "Kata sandi", hide_input=True, confirmation_prompt=True
        )
        added = add_user(name, name, password, role, unit)
        click.echo(f"{added.username}: {role}, {unit.name}.")


@pos.group()
def products() -> None:
    """Produk."""


@products.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and check only; write nothing.")
def products_import(file: Path, dry_run: bool) -> None:
    """Import a CSV or XLSX list of products: every bad cell is named, all or nothing."""
    from pos.catalog import importing

    with _migrated().app_context():
        preview = importing.read_products(file.read_bytes(), file.name, None)
        for warning in preview.warnings:
            click.secho(f"  {warning}", fg="yellow", err=True)
        if preview.wrong:
            for cell in preview.wrong:
                click.secho(f"  {cell}", fg="red", err=True)
            raise PosError("Tidak ada yang diimpor: %(count)d sel salah.", count=len(preview.wrong))
        if not dry_run:
            importing.apply(preview, None)
        counts = preview.counts
        click.echo(
            f"{'Akan diimpor' if dry_run else 'Diimpor'}: {counts['new']} baru, {counts['changed']} berubah, "
            f"{counts['same']} tetap."
        )


@pos.group()
def sales() -> None:
    """Nota."""


@sales.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def sales_import(file: Path) -> None:
    """Record the sales that a till saved to FILE, each exactly once; names those that are refused."""
    from pos.register import carried

    with _migrated().app_context():
        done = carried.bring_in(carried.read(file.read_bytes()), None, file.name)
    for sale in done:
        if sale.status == "refused":
            place = sale.receipt or Sentence("baris %(line)d", line=sale.line)
            click.secho(f"  {place}: {' '.join(map(str, sale.problems))}", fg="red", err=True)
    counts = carried.counts(done)
    click.echo(f"{counts['recorded']} nota tercatat, {counts['known']} sudah ada, {counts['refused']} ditolak.")
    if counts["refused"]:
        sys.exit(1)


# -- paper ---------------------------------------------------------------------------------------------


@pos.command()
@click.option("--layout", required=True, help="a4-l7160, roll-33x15, ...")
@click.option("--code", "codes", required=True, multiple=True, metavar="BARCODE=COPIES")
@click.option("--start", default=1, show_default=True, help="First position on the first sheet.")
@click.option("--dpi", default="203", show_default=True, type=click.Choice(["203", "300", "600"]))
@click.option("--level", default="harga", show_default=True, type=click.Choice(["harga", "produk", "kartu"]))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def labels(layout: str, codes: tuple[str, ...], start: int, dpi: str, level: str, output: Path) -> None:
    """Print labels of products into a PDF in true millimetres."""
    from pos.labels.layouts import layout_named
    from pos.labels.pdf import labels_pdf
    from pos.labels.services import Wish, labels_for

    app = _migrated()
    wish = Wish(level, base=app.config["PUBLIC_URL"] or f"http://{HOST}:{PORT}")
    with app.app_context():
        wanted = labels_for([_copies(code) for code in codes], wish)
    pdf = labels_pdf(wanted, layout_named(layout), start=start, dpi=int(dpi))
    output.write_bytes(pdf)
    click.echo(f"{output}: {len(pdf)} byte")


def _copies(text: str) -> tuple[str, int]:
    code, _, copies = text.partition("=")
    if copies and not copies.isdecimal():
        raise PosError("Tulis --code BARCODE=JUMLAH; '%(given)s' tidak terbaca.", given=text)
    return code, int(copies or 1)


@pos.command()
@click.argument("number")
@click.option("--format", "kind", required=True, type=click.Choice(["pdf", "escpos", "text"]))
@click.option("--width", default="58", show_default=True, type=click.Choice(["58", "80"]))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def receipt(number: str, kind: str, width: str, output: Path) -> None:
    """Write the receipt NUMBER (AMB-1-000124) to a file."""
    from pos.receipts.formats import receipt_bytes
    from pos.register.lookup import sale_numbered

    app = _migrated()
    with app.app_context():
        base = app.config["PUBLIC_URL"] or f"http://{HOST}:{PORT}"
        content = receipt_bytes(sale_numbered(number), kind, int(width), base)
    output.write_bytes(content)
    click.echo(f"{output}: {len(content)} byte")


@pos.group()
def shelf() -> None:
    """Etalase publik."""


@shelf.command("export")
@click.argument("unit_name", metavar="UNIT")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def shelf_export(unit_name: str, folder: Path) -> None:
    """Write the open public shelf of UNIT into FOLDER as pages that need no server."""
    from pos.storefront import pages
    from pos.storefront.services import shelf_of_unit

    app = _migrated()
    with app.test_request_context():
        count = pages.write(shelf_of_unit(unit_name), Path(app.instance_path) / "files" / "foto", folder)
    click.echo(f"{folder}: {count} berkas")


# -- the books, and their copies -----------------------------------------------------------------------


@pos.command()
def check() -> None:
    """Audit the books: one line a rule, exit status 1 if any fails."""
    from pos.reports.audit import MOST_SHOWN, audit

    with _migrated().app_context():
        rules = audit()
    _report([(rule.name, rule.wrong) for rule in rules], MOST_SHOWN)
    if not all(rule.holds for rule in rules):
        sys.exit(1)


@pos.command()
@click.argument("node")
@click.option("--campaign", "slug", help="The campaign's address, e.g. odop-2026.")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="Or from this business day ...")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="... to this one.")
@click.option("--declared", is_flag=True, help="With --campaign: what was declared, and NODE's notas.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def pack(node: str, slug: str | None, since: Any, until: Any, declared: bool, output: Path) -> None:
    """Write the paket verifikasi of NODE (a unit or a gallery): its documents, their hashes and the recap."""
    from pos import clock
    from pos.verification import pack as packs
    from pos.verification import proof, scope

    app = _migrated()
    with app.app_context():
        unit, gallery = scope.place_named(node)
        if declared:
            _pack_declared(unit, slug or "", output, packs.photo_folder(app.instance_path))
            return
        wanted = scope.of_campaign(unit, scope.campaign_at(slug)) if slug else scope.of_days(unit, *_days(since, until))
        wanted = wanted.at(gallery)
        with _bar("Nota") as progress:
            made = packs.make(wanted, output, packs.photo_folder(app.instance_path), clock.now(), progress)
    click.echo(f"{output}: {made.tally.whole.documents} nota, {output.stat().st_size} byte")
    click.echo(f"root {proof.grouped(made.root)}")


def _pack_declared(unit: Any, slug: str, output: Path, photos: Path) -> None:
    from pos.verification import declared, proof, scope

    declaration = declared.of_campaign(scope.campaign_at(slug))
    with _bar("Nota") as progress:
        declared.make(declaration, declared.units_below(unit), output, photos, progress)
    click.echo(f"{output}: {len(declaration.units)} unit, {output.stat().st_size} byte")
    click.echo(f"root {proof.grouped(declaration.root)}")


@pos.command()
@click.argument("file", metavar="PACK", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", help="The root as it is printed on the recap, groups or not.")
def verify(file: Path, root: str | None) -> None:
    """Prove a paket verifikasi: one line a check, exit status 1 if any fails. Needs no database."""
    from pos.verification import proof
    from pos.verification.proving import prove
    from pos.verification.verify import MOST_SHOWN

    if root is not None and proof.read_root(root) is None:
        raise PosError("Akar yang tercetak terdiri dari 64 angka dan huruf a-f.")
    with _bar("Nota") as progress:
        told, checks, found = prove(file, root, progress)
    click.echo(told)
    _report([(check.name, check.wrong) for check in checks], MOST_SHOWN)
    click.echo(f"root {proof.grouped(found)}")
    if root is None:
        click.secho("Belum dicocokkan dengan akar yang tercetak di kertasnya: ulangi dengan --root.", fg="yellow")
    if not all(check.holds for check in checks):
        sys.exit(1)


def _days(*given: Any) -> Any:
    return (day.date() if day else None for day in given)


@contextmanager
def _bar(what: str) -> Any:
    """A progress bar on a terminal, quiet elsewhere; gives `progress(done, total)`."""
    from tqdm import tqdm

    with tqdm(desc=what, unit="nota", ncols=80, disable=None, leave=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


def _report(rules: list[tuple[str, list[str]]], most: int) -> None:
    """One line a rule, and the first places where it does not hold."""
    for name, wrong in rules:
        click.secho(f"{'GAGAL ' if wrong else 'OK    '} {name}", fg="red" if wrong else "green")
        for place in wrong[:most]:
            click.echo(f"         {place}")
        if len(wrong) > most:
            click.echo(f"         ... {len(wrong)}")


@pos.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of the live database and its files to FILE."""
    from pos import backup as copies

    url, files = _database()
    click.echo(f"{file}: {copies.backup(url, files, file)} byte")


@pos.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite a database that holds something.")
def restore(file: Path, force: bool) -> None:
    """Bring back what `pos backup` wrote."""
    from pos import backup as copies

    url, files = _database()
    copies.restore(file, url, files, force)
    _migrated()
    click.echo(str(Sentence("Basis data dipulihkan dari %(file)s.", file=file)))


def _database() -> tuple[str, Path]:
    app: Any = _app()
    return app.config["SQLALCHEMY_DATABASE_URI"], Path(app.instance_path) / "files"
