"""Submissions, verdicts and declarations for tests: a small campaign on its way."""

import io
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from pos import clock
from pos.campaigns.verification_models import Declaration, Submission
from pos.units import services as units
from pos.verification import declaring, late, services
from pos.verification.scope import campaign_at
from tests import world

AMBON, PONTIANAK = "Lapas Kelas IIA Ambon", "Lapas Kelas IIA Pontianak"
SUBMITTER = {AMBON: "petugas", PONTIANAK: "petugas-ptk"}
LATER = clock.parse("2026-04-28T08:00:00+07:00")


def campaign() -> Any:
    return campaign_at("odop-2026")


def sell_in_april() -> None:
    world.sell(lines=[("Tas rajut", 2000)], at="2026-04-02T10:00:00+09:00")
    world.sell(lines=[("Keripik pisang", 1500)], at="2026-04-03T10:00:00+09:00")
    world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at="2026-04-03T11:00:00+07:00")


def submit(unit: str = AMBON, **over: Any) -> Submission:
    person = world.person(SUBMITTER[unit])
    return services.submit(person, campaign(), units.unit_named(unit), now=over.pop("now", LATER), **over)


def verify(submission: Submission, who: str = "pejabat-pusat") -> None:
    services.judge(world.person(who), submission, "verified", now=LATER)


SIGNERS = (declaring.Signing("Nama Pertama", "Direktur Jenderal Pemasyarakatan", "19700101 199503 1 001"),)


def declare(partial: bool = False, number: str = "PAS-1/2026") -> Declaration:
    draft = declaring.Draft(number, "Jakarta", SIGNERS, partial=partial)
    return declaring.declare(world.person("pejabat-pusat"), campaign(), draft, now=LATER)


def picture(text: str = "Nota 17") -> bytes:
    paper = Image.new("RGB", (600, 800), "white")
    ImageDraw.Draw(paper).text((40, 40), text, fill="black")
    out = io.BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()


def late_draft(**over: Any) -> late.Draft:
    gallery = next(one for one in units.galleries_for(world.person("petugas")))
    draft: dict[str, Any] = {
        "gallery_id": gallery.id,
        "written_number": "17",
        "sold_on": date(2026, 4, 10),
        "buyer": "petugas",
        "channel": "bazar",
        "method": "cash",
        "reference": "",
        "note": "",
        "rows": [late.Row(world.code("Tas rajut"), 3000, 75_000), late.Row("Keripik pisang", 500, 40_000)],
    }
    return late.Draft(**draft | over)


def enter(folder: Path, **over: Any) -> late.LateNote:
    return late.enter(world.person("petugas"), late_draft(**over), picture(), folder)
