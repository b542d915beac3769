"""Whether one document adds up, and whether what was frozen with it follows from it; needs no database.

The arithmetic is that of `pos.money`; how it is put together is written here once more on purpose, so that a
mistake in what makes the documents cannot prove itself.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from pos import clock, money

Json = Mapping[str, Any]
MOST_ROUNDING = 500  # rupiah, of cash


def wrong_with(document: Json, evidence: Json, header: Json) -> Iterator[str]:
    """What is not as it must be, in a few words each; raises what badly formed content raises."""
    if evidence["receipt"] != f"{document['register']}-{document['number']:06d}":
        yield "nomor nota"
    if not _on_its_day(document, evidence, header):
        yield "tanggal usaha"
    if not _of_the_node(evidence, header):
        yield "unit atau galeri lain"
    if len(document["lines"]) != len(evidence["lines"]):
        yield "jumlah baris"
        return
    if not all(_whole(line[name]) for line in document["lines"] for name in ("quantity", "unit_price", "amount")):
        yield "angka baris"
        return
    if document["total"] != sum(line["amount"] for line in document["lines"]) + document["rounding"]:
        yield "total"
    if abs(document["rounding"]) > MOST_ROUNDING:  # of a refund it is what the sale's own goes back by
        yield "pembulatan"
    if document["total"] != sum(paid["tendered"] - paid["change"] for paid in document["payments"]):
        yield "pembayaran"
    yield from (_sale if document["refund_of"] is None else _refund)(document, evidence)
    if sum(1 for line in evidence["lines"] for _, kind, _ in line["shares"] if kind not in ("pnbp", "premi", "other")):
        yield "jenis bagian"


def _on_its_day(document: Json, evidence: Json, header: Json) -> bool:
    """The local day of the sale or the evening before it, within what the pack says it is about."""
    day = date.fromisoformat(evidence["business_date"])
    earlier = clock.day_of(clock.parse(document["sold_at"]), evidence["zone"]) - day
    within = date.fromisoformat(header["from"]) <= day <= date.fromisoformat(header["until"])
    return timedelta(0) <= earlier <= timedelta(days=1) and within


def _of_the_node(evidence: Json, header: Json) -> bool:
    """Of the unit or gallery that the pack says it is about; where a Kanwil's units stood, no document says."""
    if header.get("level") == "gallery":
        return bool(evidence["gallery"]["id"] == header["gallery"] and evidence["unit"]["id"] == header["unit"])
    return header.get("level") != "upt" or bool(evidence["unit"]["id"] == header["unit"])


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _sale(document: Json, evidence: Json) -> Iterator[str]:
    lines = document["lines"]
    net = [money.gross(line["quantity"], line["unit_price"]) - line["discount"] for line in lines]
    if any(line["quantity"] <= 0 or part < 0 for line, part in zip(lines, net, strict=True)):
        yield "jumlah barang"
        return
    parts = money.spread(document["discount"], net)
    for i, (line, frozen) in enumerate(zip(lines, evidence["lines"], strict=True)):
        if line["amount"] != net[i] - parts[i] or frozen["discount"] != line["discount"] or frozen["of"] is not None:
            yield f"jumlah baris {i + 1}"
        if [frozen["base"], frozen["shares"]] != _split(line["amount"], frozen):
            yield f"bagi hasil baris {i + 1}"


def _split(amount: int, frozen: Json) -> list[Any]:
    """Base and shares by the scheme that held: each rounded down, the named one takes the rest."""
    if frozen["scheme"] is None or not frozen["wbp_made"]:
        return [0, []]
    gained, shares = frozen["scheme"]
    base = max(0, amount - frozen["cost"] if gained == "laba" else amount)
    parts = [base * points // 10_000 for _, _, points, _ in shares]
    taker = next(i for i, share in enumerate(shares) if share[3])
    parts[taker] += base - sum(parts)
    return [base, [[name, kind, part] for (name, kind, _, _), part in zip(shares, parts, strict=True)]]


def _refund(document: Json, evidence: Json) -> Iterator[str]:
    if document["discount"]:
        yield "retur berdiskon"
    for i, (line, frozen) in enumerate(zip(document["lines"], evidence["lines"], strict=True)):
        of = frozen["of"]
        now, before = -line["quantity"], of["before"]
        if now <= 0 or before < 0 or before + now > of["quantity"]:
            yield f"jumlah retur baris {i + 1}"
            continue
        if line["amount"] != -money.portion(of["amount"], before, now, of["quantity"]):
            yield f"jumlah baris {i + 1}"
        if frozen["cost"] != -money.portion(of["cost"], before, now, of["quantity"]):
            yield f"modal baris {i + 1}"
        if [frozen["base"], frozen["shares"]] != _back(of, before, now):
            yield f"bagi hasil baris {i + 1}"


def _back(of: Json, before: int, now: int) -> list[Any]:
    """The part of base and shares that goes back with `now` of the line's thousandths."""
    if not of["shares"]:
        return [0, []]
    weights = [amount for _, _, amount in of["shares"]]

    def gone(thousandths: int) -> list[int]:
        return money.spread(money.half_up(of["base"] * thousandths, of["quantity"]), weights)

    parts = [earlier - later for earlier, later in zip(gone(before), gone(before + now), strict=True)]
    return [sum(parts), [[name, kind, part] for (name, kind, _), part in zip(of["shares"], parts, strict=True)]]
