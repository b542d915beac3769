"""A printer to print on: a real TCP listener that understands ESC/POS, and has the moods of a real one."""

import socket
import threading
from contextlib import suppress

READY, NO_PAPER, OFFLINE = 0x12, 0x72, 0x1A
_QUESTIONS = (b"\x10\x04\x01", b"\x10\x04\x04")
_LENGTHS = {b"\x1b@": 2, b"\x1b!": 3, b"\x1bE": 3, b"\x1ba": 3, b"\x1bt": 3, b"\x1bd": 3, b"\x1bp": 5, b"\x1dV": 4}
_ANSWERS = {("no_paper", 4): NO_PAPER, ("no_paper", 1): OFFLINE, ("cover", 1): OFFLINE}


class Paper:
    """What came out of the printer, command by command; half a job may end anywhere."""

    def __init__(self) -> None:
        self.events: list[str] = []  # cut, pulse, in the order they came
        self.rows: list[str] = []
        self.rasters: list[tuple[int, int]] = []  # dots across and down

    def print(self, job: bytes) -> None:
        at, printed = 0, b""
        while at < len(job):
            two = job[at : at + 2]
            if two == b"\x1dv":
                across, down = (int.from_bytes(job[at + i : at + i + 2], "little") for i in (4, 6))
                self.rasters.append((across * 8, down))
                at += 8 + across * down
            elif job[at] in (0x1B, 0x1D, 0x10):
                self.events += {b"\x1dV": ["cut"], b"\x1bp": ["pulse"]}.get(two, [])
                at += _LENGTHS[two]
            else:
                printed += job[at : at + 1]
                at += 1
        self.rows += printed.decode("ascii").splitlines()


class Paperboy:
    """Listens at `port`. `mood` may be changed at any time: good, no_paper, cover, mute (takes all, answers nothing),
    deaf (accepts and never reads), cut (hangs up in the middle of a job)."""

    def __init__(self, mood: str = "good") -> None:
        self.mood = mood
        self.jobs = 0
        self._paper = Paper()
        self._printing = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._callers: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def paper(self) -> Paper:
        """All that came out, once nothing is being printed."""
        with self._printing:
            return self._paper

    @property
    def events(self) -> list[str]:
        return self.paper.events

    @property
    def rows(self) -> list[str]:
        return self.paper.rows

    def close(self) -> None:
        self._door.close()
        for caller in self._callers:
            caller.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._door.accept()
                self._callers.append(caller)
                if self.mood != "deaf":
                    with self._printing:
                        self._hear(caller)
                    caller.close()

    def _hear(self, caller: socket.socket) -> None:
        got = b""
        with suppress(OSError):
            while heard := caller.recv(4096):
                got += heard
                for question in _QUESTIONS:
                    if question in got:
                        got = got.replace(question, b"")
                        self._answer(caller, question[2])
                if self.mood == "cut" and len(got) > 600:
                    break
        self.jobs += bool(got)
        self._paper.print(got)

    def _answer(self, caller: socket.socket, about: int) -> None:
        if self.mood != "mute":
            caller.sendall(bytes([_ANSWERS.get((self.mood, about), READY)]))


def refusing_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
