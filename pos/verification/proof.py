"""Hashes that prove: canonical text, leaves, a Merkle root, and how a root is written for people.

Needs nothing but Python: `pos verify` runs where there is no database. The tree is the one of RFC 6962: a leaf is
SHA-256 of 0x00 and its bytes, a node SHA-256 of 0x01 and its two halves, so that neither can pass for the other.
"""

import hashlib
import json
import re
from typing import Any

FIRST_FORMAT = "etalase-pack-1"  # its documents hold the staff numbers of officers who bought
FORMAT = "etalase-pack-2"  # they do not: those are for the unit's own eyes
FORMATS = (FIRST_FORMAT, FORMAT)
DECLARED = "etalase-declaration-1"
DECLARED_SUMS = ("omzet", "pieces", "sales", "pnbp", "premi", "late_omzet")
PROVED = (*DECLARED_SUMS, "streak", "documents")  # what a unit's pack proves of its row
DECLARED_ROW = ("unit_id", "unit_name", "kanwil_name", *PROVED, "root")
EMPTY = hashlib.sha256(b"").hexdigest()


def canonical(content: Any) -> str:
    """The same text for the same content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


class Tree:
    """A Merkle tree that grows leaf by leaf and remembers one hash a level."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []  # height and hash of each full subtree, the highest first

    def add(self, leaf_hash: bytes) -> None:
        height, right = 0, leaf_hash
        while self._peaks and self._peaks[-1][0] == height:
            right = _node(self._peaks.pop()[1], right)
            height += 1
        self._peaks.append((height, right))

    @property
    def root(self) -> str:
        """64 hexadecimal digits; the hash of nothing for a tree without leaves."""
        if not self._peaks:
            return EMPTY
        *left, (_, found) = self._peaks
        for _, peak in reversed(left):
            found = _node(peak, found)
        return found.hex()


def root_of(parts: list[Any]) -> str:
    """The root over parts in their order, each as canonical text."""
    tree = Tree()
    for part in parts:
        tree.add(leaf(canonical(part).encode()))
    return tree.root


def declared_row(row: Any) -> dict[str, Any]:
    """What stands under a declaration's root of one unit; `row` has these as attributes."""
    return {name: getattr(row, name) for name in DECLARED_ROW}


def declaration_root(campaign: str, rows: list[dict[str, Any]]) -> str:
    """The root that a Berita Acara prints, over the units in their order."""
    return root_of([{"format": DECLARED, "campaign": campaign, "units": len(rows)}, *rows])


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def grouped(root: str) -> str:
    """In groups of four, as it is printed and read out."""
    return " ".join(root[i : i + 4] for i in range(0, len(root), 4))


def read_root(text: str) -> str | None:
    """A root as somebody typed it off paper (groups, capitals); None when it is none."""
    plain = re.sub(r"[\s-]", "", text).lower()
    return plain if re.fullmatch(r"[0-9a-f]{64}", plain) else None
