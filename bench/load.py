"""The load: so many cashiers, each posting one sale after the other over its own kept connection.

`python -m bench.load`, a process of its own, reads the plan as JSON on standard input and writes what happened as JSON.
One thread, plain sockets, bodies filled into templates: as little of the two cores as a load can take.
"""

import json
import os
import selectors
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

LINES = 3
BASKETS = 20  # different baskets a till cycles through
CUT_OFF = 599  # the server went away before it answered
PATIENCE = 60


@dataclass
class Client:
    """One till on one connection."""

    register: str
    number: int
    head: bytes
    baskets: list[bytes]
    socket: socket.socket
    sent_at: float = 0.0
    id: str = ""
    answer: bytes = b""
    last: bytes = b""  # body of the last answer
    done: list[str] = field(default_factory=list)


def basket(products: Sequence[Sequence[Any]], first: int) -> dict[str, Any]:
    """A sale of three lines paid in cash, all but what changes from one to the next."""
    lines = []
    for i in range(LINES):
        code, price = products[(first * LINES + i) % len(products)]
        pieces = 1 + (first + i) % 3
        lines.append(
            {
                "product": code,
                "quantity": pieces * 1000,
                "unit_price": price,
                "discount": 0,
                "amount": pieces * price,
            }
        )
    total = sum(line["amount"] for line in lines)
    return {
        "catalog_version": 1,
        "buyer": "masyarakat",
        "channel": "galeri",
        "refund_of": None,
        "note": "",
        "discount": 0,
        "rounding": 0,
        "total": total,
        "lines": lines,
        "payments": [{"method": "cash", "tendered": total + 5000, "change": 5000, "reference": ""}],
    }


def new_id() -> str:
    """A UUIDv7: time first, so that keys grow."""
    raw = (time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10)
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-7{text[13:16]}-a{text[17:20]}-{text[20:]}"


def send(client: Client) -> None:
    client.id, client.number = new_id(), client.number + 1
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    body = b'{"id":"%s","register":"%s","number":%d,"sold_at":"%s",%s' % (
        client.id.encode(),
        client.register.encode(),
        client.number,
        now.encode(),
        client.baskets[client.number % BASKETS],
    )
    client.sent_at = time.perf_counter()
    client.socket.sendall(b"%sContent-Length: %d\r\n\r\n%s" % (client.head, len(body), body))


def receive(client: Client) -> int:
    """The status once the whole answer is there, else 0."""
    try:
        part = client.socket.recv(65536)
    except ConnectionError:
        part = b""
    client.answer += part
    head, end, body = client.answer.partition(b"\r\n\r\n")
    if not part:
        return CUT_OFF
    if not end:
        return 0
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    if len(body) < length:
        return 0
    client.answer, client.last = b"", body
    return int(head[9:12])


def connect(plan: dict[str, Any], till: dict[str, Any], first: int) -> Client:
    """A till on its own connection; `first` is where its baskets begin."""
    headers = {
        "Host": f"{plan['host']}:{plan['port']}",
        "Cookie": f"session={till['cookie']}",
        "User-Agent": plan["agent"],
        "X-CSRFToken": till["csrf"],
        "Content-Type": "application/json",
        "Accept-Encoding": "gzip, deflate",
    }
    head = "POST /api/sales HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    baskets = [json.dumps(basket(plan["products"], first + i), separators=(",", ":")) for i in range(BASKETS)]
    connection = socket.create_connection((plan["host"], plan["port"]))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Client(till["register"], till["number"], head.encode(), [b[1:].encode() for b in baskets], connection)


def connected(plan: dict[str, Any], selector: selectors.BaseSelector) -> list[Client]:
    """A client for each till, whose answers the selector tells of."""
    clients = [connect(plan, till, i * 7) for i, till in enumerate(plan["tills"])]
    for client in clients:
        selector.register(client.socket, selectors.EVENT_READ, client)
    return clients


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Post for `seconds`, then wait for what is under way."""
    selector = selectors.DefaultSelector()
    clients = connected(plan, selector)
    seconds: list[float] = []
    statuses: dict[int, int] = {}
    problems: list[str] = []
    start = time.perf_counter()
    deadline = start + plan["seconds"]
    for client in clients:
        send(client)
    waiting = len(clients)
    while waiting:
        ready = selector.select(PATIENCE)
        if not ready:
            raise TimeoutError(f"{waiting} answers did not come within {PATIENCE} s")
        for key, _ in ready:
            client = key.data
            status = receive(client)
            if not status:
                continue
            now = time.perf_counter()
            seconds.append(now - client.sent_at)
            statuses[status] = statuses.get(status, 0) + 1
            if status == 201:
                client.done.append(client.id)
            else:
                problems.append(f"{status} {client.last.decode(errors='replace')[:300]}")
            if status == 201 and now < deadline:
                send(client)
            else:
                selector.unregister(key.fileobj)
                waiting -= 1
    return {
        "took": time.perf_counter() - start,
        "seconds": sorted(seconds),
        "statuses": statuses,
        "problems": problems[:3],
        "acknowledged": [sale_id for client in clients for sale_id in client.done],
    }


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
