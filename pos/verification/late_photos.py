"""The photo of a handwritten nota: read before anything is kept, and given a better one until its verdict."""

from pathlib import Path

import sqlalchemy as sa
from PIL import Image

from pos import clock
from pos.catalog import photos
from pos.db import atomic, db
from pos.errors import N_, Conflict, Forbidden, PosError, Sentence
from pos.units.services import Person, log
from pos.verification.models import LateNote, LatePhoto, LateVerdict

SIZES = {"besar": (1600, 1600), "kecil": (160, 160)}  # pixels


def read(data: bytes | None, wrong: dict[str, str | Sentence]) -> Image.Image | None:
    """The picture in `data`; what is wrong with it goes into `wrong`."""
    if data is None:
        wrong["photo"] = N_("Lampirkan foto nota aslinya.")
        return None
    try:
        return photos.read(data, SIZES["besar"])
    except PosError as refused:
        wrong |= refused.fields
        return None


def keep(folder: Path, picture: Image.Image) -> str:
    return photos.keep_picture(folder, picture, SIZES)


def may_replace(person: Person, note: LateNote) -> bool:
    """Only whoever entered the note: else the second person could approve a photo of their own."""
    return person.may("staff", "official") and person.id == note.entered_by


def replace(person: Person, note: LateNote, data: bytes | None, folder: Path) -> LatePhoto:
    """Put a better photo in the place of the last one, which stays; `Conflict` once the second person has spoken."""
    wrong: dict[str, str | Sentence] = {}
    picture = read(data, wrong)
    if picture is None:
        raise PosError("Foto belum diganti.", fields=wrong)
    if not may_replace(person, note):
        raise Forbidden("Foto diganti oleh yang memasukkan nota ini.")
    name = keep(folder, picture)
    with atomic() as session:
        last = last_of(note)
        if session.scalar(sa.select(LateVerdict.note_id).where(LateVerdict.note_id == note.id)):
            raise Conflict("Nota ini sudah diputus orang kedua; fotonya tetap.")
        if name == last:
            raise PosError("Foto belum diganti.", fields={"photo": N_("Foto ini sama dengan yang sudah ada.")})
        better = LatePhoto(note_id=note.id, entered_by=person.id, photo=name, at=clock.now())
        session.add(better)
        log("late.photo", note.written_number, person, note.unit_id, photo=name[:12], before=last[:12])
        session.flush()
    return better


def last_of(note: LateNote) -> str:
    """The note's photo now; within `atomic()` nobody replaces or judges it until the end of the act."""
    db.session.execute(sa.select(LateNote.id).where(LateNote.id == note.id).with_for_update())
    query = sa.select(LatePhoto.photo).where(LatePhoto.note_id == note.id).order_by(LatePhoto.id.desc())
    return db.session.scalar(query.limit(1)) or note.photo
