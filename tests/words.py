"""`python -m tests.words`: bring the English catalogue up to date with the sentences in the source."""

import importlib
import io
import pkgutil
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import pos
from pos.errors import PosError

ROOT = Path(pos.__file__).parent.parent
CATALOGUE = ROOT / "pos" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
MARKERS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "N_": None,
    "Sentence": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "NC_": ((1, "c"), 2),
}


def sentences() -> Catalog:
    """Every sentence in the source, wherever it is raised, marked or shown (they are written in Indonesian)."""
    for module in pkgutil.walk_packages(pos.__path__, "pos."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    markers = MARKERS | dict.fromkeys(_names_below(PosError))
    found = Catalog(locale="id")
    for folder, method in (("pos", "python"), ("templates", "jinja2")):
        for file, line, text, _, context in extract_from_dir(
            str(ROOT / folder),
            [("**.py" if method == "python" else "**.html", method)],
            keywords=markers,
        ):
            found.add(text, locations=[(f"{folder}/{file}", line)], context=context)
    return found


def catalogue() -> Catalog:
    return read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="en") if CATALOGUE.exists() else Catalog(locale="en")


def _names_below(error: type[PosError]) -> set[str]:
    return {error.__name__}.union(*(_names_below(child) for child in error.__subclasses__()))


if __name__ == "__main__":
    english = catalogue()
    english.update(sentences(), no_fuzzy_matching=True, update_creation_date=False)
    english.obsolete.clear()
    for message in english:
        message.locations = []
    out = io.BytesIO()
    write_po(out, english, sort_output=True, omit_header=False, width=120)
    CATALOGUE.write_bytes(out.getvalue())
    print(sum(1 for m in english if m.id and not m.string), "sentences still without English")
