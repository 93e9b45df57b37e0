"""The recording on disk: nothing lost when the process is killed, the disk is full, or the record is damaged."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import pytest

from debabelizer import errors
from debabelizer.dictation.journal import TakeJournal, TakeRecord, TakeState
from debabelizer.dictation.shelf import TakeShelf
from debabelizer.errors import ConfigurationError, Remedy, StorageError

BUFFER = 640  # 20 ms


def numbered(count: int, first: int = 0) -> list[bytes]:
    """Buffers of 20 ms whose samples tell which they are."""
    return [(first + number).to_bytes(2, "little") * (BUFFER // 2) for number in range(count)]


def test_a_take_is_a_playable_file_and_a_record(tmp_path: Path) -> None:
    shelf = TakeShelf(tmp_path)
    journal = shelf.new()
    for pcm in numbered(50):
        journal.append(pcm)
    journal.update(TakeState.KEPT, provider="acme", error=errors.ConnectionError("No route to acme", "acme"))
    journal.close()
    (record,) = TakeShelf(tmp_path).kept()
    assert (record.seconds, record.provider, record.error) == (1.0, "acme", "No route to acme")
    assert record.remedy is Remedy.CHECK_NETWORK
    with wave.open(record.audio) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert file.readframes(file.getnframes()) == b"".join(numbered(50))
    assert b"".join(TakeShelf(tmp_path).pcm(record.take)) == b"".join(numbered(50))
    if os.name == "posix":
        assert Path(record.audio).stat().st_mode & 0o077 == 0, "a recording is nobody else's business"


RECORDER = """
import sys
from pathlib import Path
from debabelizer.dictation.shelf import TakeShelf
journal = TakeShelf(Path(sys.argv[1])).new()
number = 0
while True:
    journal.append(number.to_bytes(2, "little") * 320)
    number += 1
    if number % 10 == 0:
        print(number, flush=True)
        sys.stdin.readline()
"""


def test_kill_9_loses_nothing_that_was_appended_and_the_take_is_offered(tmp_path: Path) -> None:
    recorder = subprocess.Popen(
        [sys.executable, "-c", RECORDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert recorder.stdin is not None
    assert recorder.stdout is not None
    with recorder:
        for _ in range(20):
            appended = int(recorder.stdout.readline())
            recorder.stdin.write(b"\n")
            recorder.stdin.flush()
        appended = int(recorder.stdout.readline())
        assert TakeShelf(tmp_path).recover() == [], "another process is still recording it"
        recorder.send_signal(signal.SIGKILL)
        recorder.wait()
    shelf = TakeShelf(tmp_path)
    (record,) = shelf.recover()
    assert record.state is TakeState.KEPT
    assert record.error
    sound = b"".join(shelf.pcm(record.take))
    assert sound == b"".join(numbered(appended))
    with wave.open(record.audio) as file:
        assert file.getnframes() == appended * 320
    assert TakeShelf(tmp_path).recover() == [], "offered as recovered only once"
    assert [one.take for one in TakeShelf(tmp_path).kept()] == [record.take]


def test_a_killed_program_loses_at_most_100_ms_of_what_its_microphone_heard(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent.parent / "fakes" / "recording_program.py"), str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert program.stdout is not None
    with program:
        heard = 0
        while heard < 60:
            heard = int(program.stdout.readline())
        program.send_signal(signal.SIGKILL)
        heard = max([heard, *map(int, program.stdout.read().split())])
    shelf = TakeShelf(tmp_path / "takes")
    (record,) = shelf.recover()
    sound = b"".join(shelf.pcm(record.take))
    whole = len(sound) // BUFFER
    assert sound[: whole * BUFFER] == b"".join(numbered(whole, first=1))
    assert whole >= heard - 5, "100 ms are five buffers"


DISK_FULL = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_001, 10_001))
from debabelizer.dictation.shelf import TakeShelf
shelf = TakeShelf(Path({folder!r}))
journal = shelf.new()
for number in range(50):
    journal.append(number.to_bytes(2, "little") * 320)
sound = b"".join(journal.pcm())
assert sound == b"".join(n.to_bytes(2, "little") * 320 for n in range(50)), len(sound)
assert journal.seconds == 1.0
print(type(journal.problem).__name__, journal.problem.remedy, journal.problem, sep="|")
"""


def test_a_full_disk_is_told_and_the_take_goes_on_in_memory(tmp_path: Path) -> None:
    code = DISK_FULL.format(path=sys.path, folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    kind, remedy, message = done.stdout.strip().split("|")
    assert (kind, remedy) == ("StorageError", Remedy.FREE_DISK_SPACE)
    assert "memory" in message
    (record,) = TakeShelf(tmp_path).recover()
    assert record.seconds > 0.3, "what fitted is on disk and offered"


def test_a_folder_that_cannot_be_made_is_told_and_the_take_is_in_memory(tmp_path: Path) -> None:
    (tmp_path / "takes").write_text("a file where the folder should be")
    journal = TakeShelf(tmp_path / "takes").new()
    journal.append(b"\1\0" * 160)
    assert isinstance(journal.problem, StorageError)
    assert b"".join(journal.pcm()) == b"\1\0" * 160


def test_keep_nothing_never_touches_the_disk(tmp_path: Path) -> None:
    shelf = TakeShelf(tmp_path / "takes")
    journal = shelf.new(on_disk=False)
    for pcm in numbered(10):
        journal.append(pcm)
    journal.update(TakeState.KEPT, error=errors.ConnectionError("gone"))
    journal.close()
    assert journal.problem is None
    assert [one.take for one in shelf.kept()] == [journal.take], "it can be retried while the program runs"
    assert b"".join(shelf.pcm(journal.take)) == b"".join(numbered(10))
    assert not (tmp_path / "takes").exists()


def test_a_damaged_record_does_not_cost_the_sound(tmp_path: Path) -> None:
    journal = TakeShelf(tmp_path).new()
    journal.append(b"\2\0" * 1600)
    journal.close()
    (tmp_path / f"{journal.take}.json").write_bytes(b'{"take": "x", "sta')
    shelf = TakeShelf(tmp_path)
    (record,) = shelf.recover()
    assert b"".join(shelf.pcm(record.take)) == b"\2\0" * 1600


def test_finished_takes_are_deleted_when_old_enough_and_kept_ones_stay(tmp_path: Path) -> None:
    shelf = TakeShelf(tmp_path)
    takes = {}
    for name in ("at once", "later", "kept"):
        journal = shelf.new()
        journal.append(b"\0\0" * 160)
        takes[name] = journal
    takes["kept"].update(TakeState.KEPT, error=errors.ConnectionError("gone"))
    shelf.finish(takes["at once"].take, 0)
    shelf.finish(takes["later"].take, 7)
    assert sorted(p.stem for p in tmp_path.glob("*.wav")) == sorted([takes["later"].take, takes["kept"].take])
    assert shelf.prune(7) == 0
    assert shelf.prune(7, now=time.time() + 8 * 86_400) == 1
    assert [p.stem for p in tmp_path.glob("*.wav")] == [takes["kept"].take]
    shelf.discard(takes["kept"].take)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ConfigurationError):
        shelf.record(takes["kept"].take)


def test_a_name_from_outside_cannot_reach_other_files(tmp_path: Path) -> None:
    (tmp_path / "precious.json").write_text(json.dumps({}))
    shelf = TakeShelf(tmp_path / "takes")
    shelf.discard("../precious")
    assert (tmp_path / "precious.json").exists()
    with pytest.raises(ConfigurationError):
        shelf.record("../precious")


def test_the_record_can_be_read_back_from_its_own_file(tmp_path: Path) -> None:
    record = TakeRecord(take="t1", state=TakeState.RECORDING, created=1.0)
    journal = TakeJournal(tmp_path, record)
    journal.append(b"\0\0" * 16_000)
    journal.close()
    assert json.loads((tmp_path / "t1.json").read_text())["seconds"] == 1.0
