"""A finished PDF made smaller: its page objects packed into compressed object streams.

On a roll every label is a page of its own, and a page object with its line in the cross-reference table costs more
than what is on it. PDF 1.5 keeps such objects compressed by the hundred; ReportLab does not write that form.
"""

import zlib
from typing import Any

A_STREAM = 200  # objects


def pack(data: bytes, document: Any, kind: type) -> bytes:
    """The file `data`, which `document` has just become, with its objects of class `kind` in object streams."""
    names = [document.numberToId[number] for number in range(1, len(document.idToOffset) + 1)]
    starts = [document.idToOffset[name] for name in names]
    ends = [*starts[1:], data.rindex(b"xref\n", 0, data.rindex(b"startxref"))]
    if sum(isinstance(document.idToObject[name], kind) for name in names) < 2:
        return data
    body, small = [data[: starts[0]]], []
    places: list[tuple[int, int, int]] = [(0, 0, 65535)]  # of each object: kind of entry, where, which
    at = starts[0]
    for number, (name, start, end) in enumerate(zip(names, starts, ends, strict=True), 1):
        if isinstance(document.idToObject[name], kind):
            small.append((number, data[data.index(b"obj", start) + 3 : data.rindex(b"endobj", start, end)].strip()))
            places.append((2, 0, 0))
            continue
        places.append((1, at, 0))
        body.append(data[start:end])
        at += end - start
    for first in range(0, len(small), A_STREAM):
        number = len(places)
        group = small[first : first + A_STREAM]
        for index, (member, _content) in enumerate(group):
            places[member] = (2, number, index)
        body.append(_object_stream(number, group))
        places.append((1, at, 0))
        at += len(body[-1])
    return b"".join((*body, _ending(places, at, data)))


def _object_stream(number: int, group: list[tuple[int, bytes]]) -> bytes:
    offsets, at = [], 0
    for member, content in group:
        offsets.append(b"%d %d" % (member, at))
        at += len(content) + 1
    head = b" ".join(offsets) + b"\n"
    packed = zlib.compress(head + b"\n".join(content for _, content in group), 9)
    return b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n" % (
        number,
        len(group),
        len(head),
        len(packed),
        packed,
    )


def _ending(places: list[tuple[int, int, int]], at: int, data: bytes) -> bytes:
    """The cross-reference stream in the place of table and trailer, with what the trailer said."""
    trailer = data[data.rindex(b"trailer") :]
    said = trailer[trailer.index(b"<<") + 2 : trailer.rindex(b">>")]
    kept = b"\n".join(line for line in said.splitlines() if not line.strip().startswith(b"/Size"))
    number = len(places)
    rows = b"".join(
        b"%c%b%b" % (kind, a.to_bytes(4, "big"), b.to_bytes(2, "big")) for kind, a, b in (*places, (1, at, 0))
    )
    packed = zlib.compress(rows, 9)
    return (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]\n%b\n/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF\n" % (number, number + 1, kept, len(packed), packed, at)
    )
