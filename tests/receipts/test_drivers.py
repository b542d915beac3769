"""Printers on USB and in the operating system's queues, with stand-ins for what a test machine lacks."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import usb.core

from pos.receipts import drivers
from pos.receipts.drivers import Target, Trouble

JOB = b"\x1b@" + b"Tas rajut 80.000\n" * 100 + b"\x1dVB\x00"


def target(kind: str, **over: Any) -> Target:
    fields: dict[str, Any] = {
        "host": "",
        "port": 9100,
        "vendor_id": 0x04B8,
        "product_id": 0x0E15,
        "queue": "",
        "answers": True,
    }
    return Target(kind, **fields | over)


class FakeUsb:
    """A USB printer whose end points are not those that the library supposes."""

    backend = SimpleNamespace(__module__="fake")
    _ctx = SimpleNamespace(dispose=lambda device: None)

    def __init__(self, paper: int = 0x12) -> None:
        self.paper, self.got, self.question = paper, b"", b""

    def set_configuration(self) -> None: ...

    def reset(self) -> None: ...

    def get_active_configuration(self) -> Any:
        return {(0, 0): [SimpleNamespace(bEndpointAddress=0x81), SimpleNamespace(bEndpointAddress=0x03)]}

    def write(self, endpoint: int, data: bytes, timeout: int) -> None:
        assert endpoint == 0x03 and timeout > 0
        if data.startswith(b"\x10\x04"):
            self.question = data
        else:
            self.got += data

    def read(self, endpoint: int, size: int, timeout: int) -> bytes:
        assert endpoint == 0x81
        if not self.paper:
            raise usb.core.USBTimeoutError("no answer")
        return bytes([self.paper if self.question.endswith(b"\x04") else 0x12])


def test_a_usb_printer_prints_at_its_own_end_points(monkeypatch: pytest.MonkeyPatch) -> None:
    device, asked = FakeUsb(), {}
    monkeypatch.setattr(usb.core, "find", lambda **what: asked.update(what) or device)
    drivers.deliver(target("usb"), JOB)
    assert device.got == JOB and asked == {"idVendor": 0x04B8, "idProduct": 0x0E15}


@pytest.mark.parametrize(("paper", "reason"), [(0x72, "paper"), (0, "silent")])
def test_a_usb_printer_in_trouble_is_sent_nothing(monkeypatch: pytest.MonkeyPatch, paper: int, reason: str) -> None:
    device = FakeUsb(paper)
    monkeypatch.setattr(usb.core, "find", lambda **_: device)
    with pytest.raises(Trouble) as trouble:
        drivers.deliver(target("usb"), JOB, lambda: pytest.fail("it was not ready"))
    assert trouble.value.reason == reason and device.got == b""


def test_an_unplugged_usb_printer_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usb.core, "find", lambda **_: None)
    with pytest.raises(Trouble) as trouble:
        drivers.deliver(target("usb"), JOB)
    assert trouble.value.reason == "unreachable"


@pytest.mark.skipif(os.name == "nt", reason="Windows prints through its own spooler")
@pytest.mark.parametrize(("status", "reason"), [(0, ""), (1, "unreachable")])
def test_a_cups_queue_takes_the_bytes_raw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, reason: str
) -> None:
    command = tmp_path / "lp"
    command.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat > {tmp_path}/job\nexit {status}\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    said = ""
    try:
        drivers.deliver(target("queue", queue="Kasir Depan"), JOB)
    except Trouble as trouble:
        said = trouble.reason
    assert said == reason and (tmp_path / "job").read_bytes() == JOB
    assert (tmp_path / "asked").read_text().strip() == "-s -d Kasir Depan -o raw -"


@pytest.mark.skipif(os.name == "nt", reason="Windows prints through its own spooler")
def test_a_machine_without_a_spooler_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble) as trouble:
        drivers.deliver(target("queue", queue="Kasir"), JOB)
    assert trouble.value.reason == "no_driver"
