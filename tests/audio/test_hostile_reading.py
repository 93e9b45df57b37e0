"""What a file does to the process that reads it stays there: it is bounded, told as an error, and the next file is read
as if nothing had been."""

from __future__ import annotations

import ctypes
import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from debabelizer.audio.bounded import process
from debabelizer.audio.bounded.limits import Limits, limits_of
from debabelizer.audio.bounded.process import readers
from debabelizer.audio.bounded.windows_job import Extended
from debabelizer.audio.decode import decode, probe
from debabelizer.errors import (
    AudioError,
    DecoderCrashError,
    InternalError,
    LimitExceededError,
    Remedy,
    UnsupportedFormatError,
)
from debabelizer.workers.launch import environment
from fakes.made_files import made
from fakes.reading_processes import reading_processes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="what holds on this system is told by the doctor")


@pytest.fixture(autouse=True)
def none_before_and_none_after() -> Iterator[None]:
    readers.close()
    yield
    readers.close()
    assert reading_processes() == []


@pytest.fixture
def badly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Exception]:
    """The error of a file whose reader misbehaves so."""

    def read(how: str, **limits: float) -> Exception:
        monkeypatch.setattr(process, "TARGET", "fakes.bad_readers:run")
        monkeypatch.setenv("DEBABELIZER_BAD_READER", how)
        path = tmp_path / "trap.mp3"
        path.write_bytes(made("a.mp3"))
        with pytest.raises((AudioError, InternalError)) as told:
            list(decode(path, limits=Limits(**limits)))
        assert len(reading_processes()) == (how == "reaches_out"), "what misbehaved is gone"
        return told.value

    return read


def test_a_crash(badly: Callable[..., Exception]) -> None:
    error = badly("crashes")
    assert isinstance(error, DecoderCrashError)
    assert "trap.mp3 brought down the process that read it (SIGSEGV)" in str(error)
    assert sum(map(len, decode(io.BytesIO(made("a.wav"))))) > 60_000, "the next file is read as it should be"
    assert "Convert it" in str(error)


def test_standing_still(badly: Callable[..., Exception]) -> None:
    error = badly("stands_still", stall=0.5)
    assert isinstance(error, LimitExceededError)
    assert "Reading trap.mp3 came to a standstill" in str(error)


def test_work_without_an_end(badly: Callable[..., Exception]) -> None:
    error = badly("works_for_nothing", patience=0.3)
    assert isinstance(error, LimitExceededError)
    assert "trap.mp3 takes far longer to read than its sound lasts" in str(error)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="held by the system itself on Linux only")
def test_memory_without_an_end(badly: Callable[..., Exception]) -> None:
    error = badly("swallows_memory", memory=100 << 20)
    assert isinstance(error, LimitExceededError)
    assert "Reading trap.mp3 takes more than 100 MB of memory" in str(error)
    assert error.setting == "files.memory_mb"
    assert error.remedy is Remedy.OPEN_SETTINGS


def test_neither_file_nor_network(badly: Callable[..., Exception]) -> None:
    error = badly("reaches_out")
    assert isinstance(error, UnsupportedFormatError)
    assert error.vendor_message == "got: nothing"


def test_ending_for_no_reason(badly: Callable[..., Exception]) -> None:
    error = badly("ends")
    assert isinstance(error, InternalError)
    assert "ended while it read trap.mp3 (exit code 3)" in str(error)


@pytest.mark.parametrize("how", ["babbles", "floods"])
def test_saying_what_is_no_message(badly: Callable[..., Exception], how: str) -> None:
    assert "The process that reads trap.mp3 said something strange" in str(badly(how))


def test_one_that_was_ended_from_outside() -> None:
    """As systems do where memory runs out."""
    pieces = decode(io.BytesIO(made("a.flac") * 200))
    next(pieces)
    [reader] = reading_processes()
    reader.kill()
    with pytest.raises(DecoderCrashError, match=r"The recording was ended from outside.*Close other programs"):
        list(pieces)


def test_a_real_bomb_takes_no_more_time_than_its_sound(tmp_path: Path) -> None:
    """Gigabytes in which the next frame is looked for, and never found."""
    path = tmp_path / "it.mp3"
    with path.open("wb") as file:
        file.write(made("a.mp3"))
        file.truncate(200 << 30)
    with pytest.raises(LimitExceededError, match=r"it\.mp3 takes far longer to read than its sound lasts"):
        list(decode(path, limits=Limits(patience=0.1, seconds=None)))


# --------------------------------------------------------------------------------------------- cancelled, and warm


class Endless(io.RawIOBase):
    """A stream that never ends and, after its beginning, never comes."""

    def __init__(self, beginning: bytes) -> None:
        self._rest = beginning
        self.waited_for = threading.Event()
        self.let_go = threading.Event()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece, self._rest = self._rest[:size], self._rest[size:]
        if not piece:
            self.waited_for.set()
            self.let_go.wait(60)
        return piece


def test_closing_from_another_thread_ends_it() -> None:
    stream = Endless(made("a.mp3"))
    pieces = decode(stream)  # type: ignore[arg-type]
    heard: list[int] = []
    thread = threading.Thread(target=lambda: heard.extend(len(piece) for piece in pieces))
    thread.start()
    assert stream.waited_for.wait(30)
    pieces.close()
    assert reading_processes() == []
    stream.let_go.set()
    thread.join(30)
    assert not thread.is_alive()
    assert sum(heard) > 16_000, "what came before was handed on while it waited for more"


def test_closing_between_two_pieces_ends_it() -> None:
    pieces = decode(io.BytesIO(made("a.flac") * 50))
    next(pieces)
    assert len(reading_processes()) == 1
    pieces.close()
    assert reading_processes() == []
    assert list(pieces) == []


def test_one_process_reads_many_files() -> None:
    for name in ("a.mp3", "a.flac", "a.ogg"):
        list(decode(io.BytesIO(made(name))))
        probe(io.BytesIO(made(name)))
        seen = {p.pid for p in reading_processes()}
        assert len(seen) == 1
    list(decode(io.BytesIO(made("a.mp3")), limits=Limits(memory=300 << 20)))
    assert len(reading_processes()) == 2, "another bound is another process"


@pytest.mark.parametrize("seen", [True, False])
def test_a_warm_one_that_is_gone_is_nobodys_fault(seen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """``seen``: before it is asked; otherwise it went a moment later."""
    if not seen:
        monkeypatch.setattr(process.Reader, "alive", True)
    list(decode(io.BytesIO(made("a.mp3"))))
    [warm] = reading_processes()
    warm.kill()
    warm.wait(30)
    assert sum(map(len, decode(io.BytesIO(made("a.mp3"))))) > 60_000


def test_what_one_file_broke_is_not_blamed_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A warm process falls over a file: a fresh one gets a chance before the file is blamed."""
    monkeypatch.setattr(process, "TARGET", "fakes.bad_readers:run")
    monkeypatch.setenv("DEBABELIZER_BAD_READER", "crashes")
    list(decode(io.BytesIO(made("float.wav"))))
    [warm] = reading_processes()
    monkeypatch.undo()
    assert sum(map(len, decode(io.BytesIO(made("a.mp3"))))) > 60_000
    assert warm.pid not in {p.pid for p in reading_processes()}


def test_no_reader_outlives_its_program() -> None:
    program = (
        "import time, psutil; from debabelizer.audio.decode import decode\n"
        "from debabelizer.audio.file_capture import sample_speech\n"
        "pieces = decode(sample_speech()); next(pieces)\n"
        "print(psutil.Process().children()[0].pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment()) as parent:
        assert parent.stdout is not None
        reader = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
    reader.wait(30)


# ---------------------------------------------------------------------------------------------------- the settings


def test_the_settings_bound_it_and_are_named(tmp_path: Path) -> None:
    path = tmp_path / "talk.flac"
    path.write_bytes(made("a.flac") + bytes(2 << 20))
    asked = {"files.longest_h": 0.0001, "files.largest_mb": 0, "files.memory_mb": 128}
    with pytest.raises(LimitExceededError, match=r"talk\.flac is longer than .* The setting files\.longest_h") as long:
        list(decode(path, limits=limits_of(asked)))
    assert long.value.setting == "files.longest_h"
    asked = {"files.longest_h": 24.0, "files.largest_mb": 1, "files.memory_mb": 128}
    for source in (path, io.BytesIO(path.read_bytes())):
        with pytest.raises(LimitExceededError, match=r"is larger than 1 MB.* files\.largest_mb allows more"):
            list(decode(source, limits=limits_of(asked)))
    asked = {"files.longest_h": 0, "files.largest_mb": 0, "files.memory_mb": 128}
    assert limits_of(asked) == Limits(seconds=None, size=None, memory=128 << 20)
    assert sum(map(len, decode(path, limits=limits_of(asked)))) > 60_000


def test_a_name_may_not_speak_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\n.wav"
    for content in (b"", b"words"):
        path.write_bytes(content)
        with pytest.raises(UnsupportedFormatError) as told:
            probe(path)
        assert told.value.message.isprintable()
    path.unlink()
    with pytest.raises(UnsupportedFormatError) as told:
        probe(path)
    assert told.value.message.isprintable()


@pytest.mark.skipif(sys.maxsize < 1 << 32, reason="counted for 64 bits")
def test_windows_gets_its_structures_in_the_size_it_expects() -> None:
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION: another size is refused, and memory would not be bound."""
    assert ctypes.sizeof(Extended) == 144
    assert Extended.process_memory.offset == 112
