"""Commands that write reports to files: for cron, Windows' Task Scheduler and the auditor at the server."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pos.errors import PosError

DAY = click.DateTime(["%Y-%m-%d"])


def _app() -> Any:
    """The program on its migrated database, as the command line has set it up."""
    return click.get_current_context().obj()


@click.command()
@click.option("--unit", "unit_name", required=True, help="Ditjenpas, a Kanwil or a UPT.")
@click.option("--day", type=DAY, help="By default today, where the unit is.")
@click.option("-o", "--output", required=True, type=click.Path(file_okay=False, path_type=Path))
def recap(unit_name: str, day: datetime | None, output: Path) -> None:
    """Write a day's evening recap (message, picture, PDF) into a folder."""
    from pos import clock
    from pos.reports import recaps
    from pos.units.services import unit_named

    with _app().app_context():
        unit = unit_named(unit_name)
        for path in recaps.write(unit, day.date() if day else clock.today(unit.zone), output):
            click.echo(str(path))


@click.command("audit-bundle")
@click.option("--from", "since", required=True, type=DAY)
@click.option("--until", required=True, type=DAY)
@click.option("--unit", "unit_name", default="", help="By default the whole tree.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def audit_bundle(since: datetime, until: datetime, unit_name: str, output: Path) -> None:
    """Write everything an auditor asks about some days into one ZIP."""
    from flask import g

    from pos.reports import bundle
    from pos.units.services import NATION, operator, unit_named

    if until < since:
        raise PosError("Tanggal akhir sebelum tanggal mulai.")
    with _app().test_request_context():
        g.person = operator(unit_named(unit_name or NATION))
        view = bundle.view_of(g.person, since.date(), until.date())
        part = output.with_name(output.name + ".part")
        try:
            with part.open("wb") as file:
                parts = bundle.write(view, g.person, file)
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
        bundle.remember(g.person, view, parts, None)
    click.echo(f"{output}: {output.stat().st_size} byte, {len(parts)} berkas")


COMMANDS = (recap, audit_bundle)
