"""Reading processes that misbehave as a library under attack would; ``DEBABELIZER_BAD_READER`` says how. A recording
that begins with ``RIFF`` is read as it should be."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import threading
import time

from debabelizer.audio.bounded import child, reading
from debabelizer.contract import WorkerLink

_opened = reading.opened


def run(link: WorkerLink) -> None:
    child.opened = _badly  # type: ignore[assignment]
    child.serve(link)


def _badly(file):  # type: ignore[no-untyped-def]
    if file.read(4) == b"RIFF":
        file.seek(0)
        return _opened(file)
    getattr(sys.modules[__name__], os.environ["DEBABELIZER_BAD_READER"])()
    return _opened(file)


def crashes() -> None:
    ctypes.string_at(0)


def ends() -> None:
    os._exit(3)


def stands_still() -> None:
    threading.Event().wait()


def works_for_nothing() -> None:
    while True:
        time.process_time()


def swallows_memory() -> None:
    held = []
    while True:
        held.append(bytearray(8 << 20))


def babbles() -> None:
    os.write(_sink(), b"\0\0\0\0\5{'is}")
    time.sleep(60)


def floods() -> None:
    os.write(_sink(), b"\1\xff\xff\xff\xff" + bytes(60_000))
    time.sleep(60)


def reaches_out() -> None:
    """Tells what it could get hold of."""
    got = []
    for what, attempt in (
        ("file", lambda: os.open("/etc/hosts", os.O_RDONLY)),
        ("its own folder", lambda: os.open(".", os.O_RDONLY)),
        ("network", lambda: socket.create_connection(("127.0.0.1", 9), 1)),
        ("socket", socket.socket),
        ("pipe", os.pipe),
    ):
        try:
            attempt()
        except OSError as error:
            if "Too many open files" not in str(error):
                got.append(f"{what} ({error})")
        else:
            got.append(what)
    raise reading.Refused("not_audio", f"got: {', '.join(got) or 'nothing'}")


def _sink() -> int:
    """The pipe to the program: the one behind 0, 1 and 2 that can be written to."""
    for number in range(3, 20):
        try:
            os.write(number, b"")
        except OSError:
            continue
        if os.get_blocking(number) and not os.isatty(number):
            return number
    raise OSError("no pipe")
