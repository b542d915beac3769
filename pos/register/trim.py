"""The part of a style sheet that one page can use: a whole framework is too much for a slow line."""

import re
from collections.abc import Set

WORD = re.compile(r"[\w-]+")
BLOCK = re.compile(r"(@[\w-]+[^{};]*)\{((?:[^{}]+\{[^{}]*\})*)\}|([^{}@;]+)\{([^{}]*)\}")
SPACE = re.compile(r"\s*([{};])\s*|\s+")  # what nobody would miss: these sheets have no text with spaces in it
COMMENT = re.compile(r"/\*.*?\*/", re.S)
NOT = re.compile(r":not\([^()]*\)")  # true of what does not occur
NAME = re.compile(r"[.#]([\w-]+)|\[([\w-]+)")
VARIABLE = re.compile(r"(?<=[{;])(--[\w-]+):[^;{}]*;?")
ASKED = re.compile(r"var\((--[\w-]+)")


def words(*sources: str) -> frozenset[str]:
    """Every word in `sources`: a class or attribute that occurs in none of them is not on the page."""
    return frozenset(word for source in sources for word in WORD.findall(source))


def trim(sheet: str, used: Set[str]) -> str:
    """The rules of `sheet` that can apply where only `used` classes, ids and attributes occur."""
    bare = SPACE.sub(lambda found: found[1] or " ", COMMENT.sub("", sheet))
    return "".join(_block(found, used) for found in BLOCK.finditer(bare))


def _block(found: re.Match[str], used: Set[str]) -> str:
    at, body, selectors, declarations = found.groups()
    if at is None:
        kept = [each for each in re.split(r",(?![^()]*\))", selectors) if _applies(each, used)]
        return f"{','.join(kept)}{{{declarations}}}" if kept else ""
    if at.startswith("@keyframes"):
        return found[0] if at.split()[1] in used else ""
    inner = trim(body, used)
    return f"{at}{{{inner}}}" if inner else ""


def _applies(selector: str, used: Set[str]) -> bool:
    return all((name or attribute) in used for name, attribute in NAME.findall(NOT.sub("", selector)))


def without_idle(sheet: str, *others: str) -> str:
    """The trimmed `sheet` without the variables that neither it nor one of the `others` asks for."""
    asked = {name for each in (sheet, *others) for name in ASKED.findall(each)}
    return VARIABLE.sub(lambda found: found[0] if found[1] in asked else "", sheet)
