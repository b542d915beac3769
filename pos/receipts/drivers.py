"""Bytes to a printer, and what can go wrong on the way. Knows no database and no receipt."""

import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from escpos import constants
from escpos.exceptions import Error as EscposError
from escpos.printer import Network, Usb, Win32Raw

from pos.errors import N_

PATIENCE = 5.0  # seconds for a connection, a piece of the job, an answer
ROW = 0.1  # seconds that the slowest printer takes for a row: it answers the last question once all are printed
PIECE = 512  # bytes sent at a time
_STATUS, _STATUS_BITS = 0x93, 0x12  # the bits that say a byte is an answer about the printer's status
_OFFLINE, _NO_PAPER = 0x08, 0x60

TROUBLES = {
    "unreachable": N_("Printer tidak terjangkau. Periksa daya, kabel dan alamatnya."),
    "silent": N_("Printer tidak menjawab. Matikan, nyalakan lagi, lalu cetak ulang."),
    "paper": N_("Kertas printer habis. Pasang gulungan baru, lalu cetak lagi."),
    "offline": N_("Printer belum siap: tutupnya terbuka atau sedang berhenti."),
    "broken": N_("Sambungan putus saat mencetak. Periksa kertasnya: nota mungkin tidak lengkap."),
    "browser": N_("Kasir ini sekarang mencetak lewat peramban, tanpa printer di server."),
    "no_driver": N_("Komputer server belum punya pustaka untuk printer ini."),
    "stopped": N_("Server berhenti sebelum cetakan ini selesai."),
    "program": N_("Cetakan ini gagal karena kesalahan program."),
}


class Trouble(Exception):
    """The printer did not print; `reason` is a key of `TROUBLES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(TROUBLES[reason])
        self.reason = reason


@dataclass(frozen=True)
class Target:
    """Where a printer is, as plain values; `kind` is network, usb or queue."""

    kind: str
    host: str
    port: int
    vendor_id: int
    product_id: int
    queue: str
    answers: bool


def deliver(target: Target, job: bytes, sending: Callable[[], None] = lambda: None) -> None:
    """Print `job` and return when it is on paper, or raise `Trouble`.

    `sending` is called when the printer is ready, before the first byte of the job. A queue of the operating system
    and a printer that does not answer take the bytes, and nobody knows more.
    """
    with _locks[target]:  # two registers may share a printer: one job at a time
        if target.kind == "queue" and not sys.platform.startswith("win"):
            sending()
            _hand_to_cups(target.queue, job)
            return
        with _opened(target) as device:
            asks = target.answers and target.kind != "queue"
            if asks:
                _check_ready(device, PATIENCE)
            sending()
            _send(device, job)
            if asks:
                _check_ready(device, PATIENCE + job.count(b"\n") * ROW)
            elif target.kind == "network":
                device.finish()


_locks: dict[Target, threading.Lock] = defaultdict(threading.Lock)


@contextmanager
def _opened(target: Target) -> Iterator[Any]:
    try:
        device = _device(target)
        device.open()
    except RuntimeError as error:  # python-escpos without the library of this kind of printer
        raise Trouble("no_driver") from error
    except (EscposError, OSError, ValueError) as error:
        raise Trouble("unreachable") from error
    try:
        yield device
    finally:
        device.close()


def _device(target: Target) -> Any:
    if target.kind == "network":
        return _Network(target.host, target.port, timeout=PATIENCE)
    if target.kind == "usb":
        return _Usb(target.vendor_id, target.product_id, timeout=int(PATIENCE * 1000))
    return Win32Raw(target.queue)


def _send(device: Any, job: bytes) -> None:
    """Piece by piece: a printer that prints slowly is not one that has stopped reading."""
    try:
        for start in range(0, len(job), PIECE):
            device._raw(job[start : start + PIECE])
    except (EscposError, OSError) as error:
        raise Trouble("broken") from error


def _check_ready(device: Any, seconds: float) -> None:
    if _answer(device, constants.RT_STATUS_PAPER, seconds) & _NO_PAPER == _NO_PAPER:
        raise Trouble("paper")
    if _answer(device, constants.RT_STATUS_ONLINE, PATIENCE) & _OFFLINE:
        raise Trouble("offline")


def _answer(device: Any, question: bytes, seconds: float) -> int:
    """The printer's status byte; what else it says is passed over."""
    until = time.monotonic() + seconds
    try:
        device._raw(question)
        while (left := until - time.monotonic()) > 0:
            for byte in device.listen(left):
                if byte & _STATUS == _STATUS_BITS:
                    return int(byte)
    except OSError as error:
        raise Trouble("silent") from error
    raise Trouble("silent")


class _Network(Network):
    """A printer with an address of its own; unlike its parent it leaves no socket behind that failed to connect."""

    def open(self, raise_not_found: bool = True) -> None:
        self.device = socket.create_connection((self.host, self.port), self.timeout)

    def listen(self, seconds: float) -> bytes:
        self.device.settimeout(seconds)
        try:
            heard: bytes = self.device.recv(16)
        finally:
            self.device.settimeout(self.timeout)
        if not heard:
            raise ConnectionResetError
        return heard

    def finish(self) -> None:
        """Close our side and wait for the printer's: closing at once could drop what it has not yet read."""
        try:
            self.device.shutdown(socket.SHUT_WR)
            while self.device.recv(64):
                pass
        except TimeoutError:
            return
        except OSError as error:
            raise Trouble("broken") from error


class _Usb(Usb):
    """A printer on the server's USB; its end points are read from it, for every maker has its own."""

    def open(self, raise_not_found: bool = True) -> None:
        super().open()
        from usb.util import ENDPOINT_IN, endpoint_direction

        for endpoint in self.device.get_active_configuration()[(0, 0)]:
            if endpoint_direction(endpoint.bEndpointAddress) == ENDPOINT_IN:
                self.in_ep = endpoint.bEndpointAddress
            else:
                self.out_ep = endpoint.bEndpointAddress

    def listen(self, seconds: float) -> bytes:
        return bytes(self.device.read(self.in_ep, 16, int(seconds * 1000) or 1))


def _hand_to_cups(queue: str, job: bytes) -> None:
    command = ["lp", "-s", "-d", queue, "-o", "raw", "-"]
    try:
        subprocess.run(command, input=job, check=True, capture_output=True, timeout=4 * PATIENCE)
    except FileNotFoundError as error:
        raise Trouble("no_driver") from error
    except (subprocess.SubprocessError, OSError) as error:
        raise Trouble("unreachable") from error
