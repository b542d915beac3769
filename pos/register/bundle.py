"""The till's modules as they travel: those of its first second in one file, for on a slow line each file costs a
round trip. They stay modules, each in a scope of its own, and nobody builds anything: the server writes them together.

What is there for people alone, comments and indentation, stays on the server: a fifth of what would travel.
`static/js/*.js` import by name (`import { a, b } from './x.js'`) and export at the declaration; two modules of the
first file never export the same name, because those that are fetched later take it from there.
"""

import re
from functools import cache
from pathlib import Path

from flask import current_app, url_for

ENTRY = "register"
IMPORT = re.compile(r"^import \{([^}]*)\} from '\./(\w+)\.js';\n", re.M)
ANY_IMPORT = re.compile(r"(?:from |import\()'\./(\w+)\.js'")
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) ([\w$]+))", re.M)

# Whole lines, or after what ends a statement, with nothing in them that could end a string; no string spans lines.
COMMENT = re.compile(r"^\s*//.*\n|(?<=[;,{]) +// [^'\"`\n]*$", re.M)
INDENT = re.compile(r"^ +", re.M)


def first() -> tuple[str, ...]:
    """The modules of the till's first second; register.js itself is the last."""
    return needed(ENTRY)


@cache
def needed(entry: str) -> tuple[str, ...]:
    """What the module `entry` imports, and what that imports, each after what it needs; itself is the last."""
    found: dict[str, None] = {}
    ahead: set[str] = set()

    def visit(name: str) -> None:
        if name not in ahead:
            ahead.add(name)
            for _, other in IMPORT.findall(source(name)):
                visit(other)
            found[name] = None

    visit(entry)
    return tuple(found)


@cache
def later() -> tuple[str, ...]:
    """What these ask for when it is needed: the browser fetches it when it has nothing better to do."""
    found, ahead = set(first()), list(first())
    while ahead:
        asked = {*ANY_IMPORT.findall(source(ahead.pop()))} - found
        found |= asked
        ahead += asked
    return tuple(sorted(found - {*first()}))


def script(name: str) -> str | None:
    """The module `name` as the till loads it, or None when it loads no such file."""
    if name == ENTRY:
        return lean(_together())
    if name not in later():
        return None
    text = source(name).replace("'../vendor/", f"'{url_for('static', filename='vendor/')}")
    return lean(ANY_IMPORT.sub(lambda m: m[0].replace(m[1], ENTRY) if m[1] in first() else m[0], text))


def lean(text: str) -> str:
    """The module without comments and indentation."""
    return INDENT.sub("", COMMENT.sub("", text))


def source(name: str) -> str:
    return Path(str(current_app.static_folder), "js", f"{name}.js").read_text()


def _together() -> str:
    *modules, entry = first()
    done: list[str] = []
    parts = ["const links = [];"]
    for name in modules:
        names = ", ".join(EXPORT.findall(source(name)))
        parts.append(f"const ${name} = (() => {{\n{_scoped(name, done)}\nreturn {{ {names} }};\n}})();")
        done.append(name)
    parts.append("for (const link of links) link();")
    parts.append(f"(async () => {{\n{_scoped(entry, done)}\n}})();")  # not awaited: what it asks for imports this file
    parts += [f"export const {{ {', '.join(EXPORT.findall(source(name)))} }} = ${name};" for name in modules]
    return "\n".join(parts)


def _scoped(name: str, done: list[str]) -> str:
    """The module's text, its imports as names: those of modules that come after it get their values at the end."""

    def names(match: re.Match[str]) -> str:
        wanted, module = " ".join(match[1].split()).rstrip(","), match[2]
        if module in done:
            return f"const {{ {wanted} }} = ${module};\n"
        return f"let {wanted};\nlinks.push(() => ({{ {wanted} }} = ${module}));\n"

    return EXPORT.sub("", IMPORT.sub(names, source(name)))
