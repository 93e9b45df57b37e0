"""Many recordings to files: in parallel, past broken ones, stopped and gone on with, and as they come into a folder."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import wave
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from debabelizer.cli.transcribe_files import Arrivals, Item, Outputs, Writing, items_of
from debabelizer.errors import StorageError
from fakes.openai_files import PATH
from fakes.openai_server import OpenAIServer, scripted
from fakes.recordings import SPEECH, TINY_WHISPER, plain
from fakes.vendor_http import Answer, HttpRequest

HELLO = SPEECH / "01_hello_test.wav"
DIGITS = SPEECH / "03_digits.wav"
SAID = "hello world this is a test of dictation"
_PATIENCE = 60.0


@dataclass
class HeldServer(OpenAIServer):
    """``hold`` is awaited, with the number of the request, before a recording's text is sent."""

    hold: Callable[[int], object] = lambda _: asyncio.sleep(0)
    asked: int = 0
    at_once: list[int] = field(default_factory=lambda: [0, 0])
    """Requests that are being answered: now, and at most."""

    def answer(self, request: HttpRequest) -> Answer:
        answer = super().answer(request)
        if not request.path.endswith(PATH) or answer.status != 200:
            return answer
        self.asked += 1
        self.at_once[0] += 1
        self.at_once[1] = max(self.at_once)
        return Answer(
            200, self._pieces(answer.body, self.asked), {"Content-Type": "application/json", **answer.headers}
        )

    async def _pieces(self, body: object, number: int) -> AsyncIterator[bytes]:
        await self.hold(number)
        self.at_once[0] -= 1
        if isinstance(body, AsyncIterator):
            async for piece in body:
                yield piece
        else:
            yield msgspec.json.encode(body)


async def serving(server, run):
    async with server:
        return await asyncio.to_thread(run)


def to(program, server, key=""):
    program.env |= {
        "OPENAI_API_KEY": key or server.key,
        "OPENAI_BASE_URL": server.url,
        "DEBABELIZER_PROVIDER": "openai",
    }
    return program


@pytest.fixture
def folder(tmp_path) -> Path:
    """Nine recordings, three broken ones, and what is none; two of them in a folder within."""
    folder = tmp_path / "talks"
    (folder / "inner").mkdir(parents=True)
    for number in range(9):
        shutil.copy(HELLO, folder / ("inner" if number < 2 else "") / f"talk{number}.wav")
    (folder / "broken.mp3").write_bytes(b"ID3" + bytes(range(256)) * 20)
    (folder / "empty.ogg").touch()
    (folder / "lies.mp4").write_text("This is no film.")
    (folder / "notes.txt").write_text("kept")
    (folder / ".hidden.wav").touch()
    return folder


async def test_a_folder_goes_in_parallel_past_broken_files_and_a_second_run_does_only_what_is_missing(program, folder):
    three = asyncio.Barrier(3)
    server = HeldServer(recognise=scripted([SAID]), hold=lambda _: asyncio.wait_for(three.wait(), _PATIENCE))
    talk = ("transcribe", "-r", "--jobs", 3, folder, "--to", "txt,srt", "--output", folder / "texts")

    def run():
        return to(program, server)(*talk), to(program, server)(*talk)

    first, second = await serving(server, run)
    assert (first.status, first.out) == (66, "")
    assert server.at_once[1] == 3
    written = sorted(str(path.relative_to(folder / "texts")) for path in (folder / "texts").rglob("*.*"))
    names = ["inner/talk0", "inner/talk1", *(f"talk{n}" for n in range(2, 9))]
    assert written == [f"{name}.{form}" for name in names for form in ("srt", "txt")]
    assert plain((folder / "texts" / "talk5.txt").read_text()) == SAID
    assert "-->" in (folder / "texts" / "inner" / "talk0.srt").read_text()
    assert (folder / "notes.txt").read_text() == "kept"
    told = first.err.splitlines()
    assert told[-1] == "debabelizer: 9 done, 0 skipped, 3 failed."
    assert len(told) == 13
    for broken in ("broken.mp3", "empty.ogg", "lies.mp4"):
        assert sum(broken in line.split(": ")[1] for line in told) == 1
    assert second.status == 66
    assert second.err.splitlines()[-1] == "debabelizer: 0 done, 9 skipped, 3 failed."
    assert server.asked == 9


async def test_a_cancelled_run_keeps_what_is_done_and_goes_on_there(program, tmp_path):
    for number in range(3):
        shutil.copy(HELLO, tmp_path / f"talk{number}.wav")
    second, go_on = asyncio.Event(), asyncio.Event()

    async def hold(number: int) -> None:
        if number == 2:
            second.set()
            await go_on.wait()

    server = HeldServer(recognise=scripted([SAID]), hold=hold)
    talk = ("transcribe", "--jobs", 1, tmp_path, "--to", "txt")
    texts = [tmp_path / f"talk{number}.txt" for number in range(3)]
    async with server:
        with to(program, server).started(*talk) as process:
            await asyncio.wait_for(second.wait(), _PATIENCE)
            process.send_signal(signal.SIGINT)
            _, told = await asyncio.to_thread(process.communicate, timeout=_PATIENCE)
        assert process.returncode == 130
        assert b"1 done, 0 skipped, 0 failed, 1 stopped, 1 not begun." in told
        assert [path.exists() for path in texts] == [True, False, False]
        go_on.set()
        before = texts[0].stat().st_mtime_ns
        ran = await asyncio.to_thread(program, *talk)
    assert ran.status == 0
    assert "talk0.wav: skipped" in ran.err
    assert ran.err.splitlines()[-1] == "debabelizer: 2 done, 1 skipped, 0 failed."
    assert [plain(path.read_text()) for path in texts] == [SAID] * 3
    assert texts[0].stat().st_mtime_ns == before


@pytest.mark.parametrize("way", ["stopped", "killed"])
def test_what_was_understood_lies_beside_and_does_not_count_as_done(whisper, tmp_path, way):
    path, part = tmp_path / "hour.wav", tmp_path / "hour.partial.txt"
    with wave.open(str(HELLO)) as source:
        once = source.readframes(source.getnframes()) + bytes(64_000)
    with wave.open(str(path), "wb") as target:
        target.setparams((1, 2, 16_000, 0, "NONE", ""))
        for _ in range(150):
            target.writeframes(once)
    talk = ("--verbose", "--set", "providers.whisper.file_batch=1", "transcribe", path, "--to", "txt")
    with whisper.started(*talk, *(["--live"] if way == "stopped" else [])) as process:
        if way == "stopped":
            assert any(b"understood up to" in line for line in process.stderr)
            process.send_signal(signal.SIGINT)
        else:
            assert any(part.exists() for _ in process.stderr)
            process.kill()
        process.communicate(timeout=_PATIENCE)
    assert process.returncode == (130 if way == "stopped" else -signal.SIGKILL)
    assert SAID in plain(part.read_text())
    assert Outputs(("txt",), None, overwrite=False).missing(Item(str(path))) == {Writing("txt"): tmp_path / "hour.txt"}


@pytest.mark.parametrize("local", [False, True])
async def test_a_budget_that_is_used_up_stops_no_file_in_its_middle_but_the_next_one(program, tmp_path, local):
    for number in range(3):
        shutil.copy(HELLO, tmp_path / f"talk{number}.wav")
    server = HeldServer(recognise=scripted([f"vendor {SAID}"]))
    spend = ("--set", "budget.usd=0.0000001", "--set", f"budget.at_limit={'local' if local else 'refuse'}")
    program.env["DEBABELIZER_PROVIDERS_WHISPER_FOLDER"] = str(TINY_WHISPER)
    talk = (*spend, "transcribe", "--jobs", 1, tmp_path, "--to", "txt")
    ran = await serving(server, lambda: to(program, server)(*talk))
    texts = [plain(path.read_text()) for path in sorted(tmp_path.glob("*.txt"))]
    assert server.asked == 1, ran.err
    if local:
        assert (ran.status, texts) == (0, [f"vendor {SAID}", SAID, SAID])
    else:
        assert (ran.status, texts) == (69, [f"vendor {SAID}"])
        assert "budget" in ran.err
        assert ran.err.splitlines()[-1].startswith("debabelizer: 1 done, 0 skipped, 1 failed")


async def test_a_wrong_key_stops_all_with_one_message(program, folder):
    server = HeldServer()
    ran = await serving(server, lambda: to(program, server, "sk-wrong")("transcribe", "-j", 2, folder, "--to", "txt"))
    assert ran.status in (66, 77)  # broken.mp3 comes first
    assert ran.err.count("keys set openai") == 1
    assert 1 <= len(server.requests) <= 2
    assert "not begun" in ran.err
    assert not list(folder.glob("talk*.txt"))


def test_the_local_engine_writes_documents_and_prints_the_list(whisper, tmp_path):
    ran = whisper("transcribe", HELLO, DIGITS, "--to", "json,docx,vtt", "-o", tmp_path, "--json", "-q", "--line", 20)
    assert (ran.status, ran.err) == (0, "")
    first, second = ran.json()
    assert (plain(first["text"]), second["file"]) == (SAID, str(DIGITS))
    assert msgspec.json.decode((tmp_path / f"{HELLO.stem}.json").read_bytes())["text"] == first["text"]
    assert (tmp_path / f"{DIGITS.stem}.docx").read_bytes().startswith(b"PK")
    lines = (tmp_path / f"{HELLO.stem}.vtt").read_text().splitlines()
    assert lines[0] == "WEBVTT"
    assert max(len(line) for line in lines if "-->" not in line) <= 20


async def test_a_watched_folder_is_done_as_it_fills(program, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copy(HELLO, inbox / "early.wav")
    server = HeldServer(recognise=scripted([SAID]))
    async with server:
        with to(program, server).started("transcribe", "--watch", inbox, "--to", "md") as process:

            def until(name: bytes) -> None:
                assert any(name in line for line in process.stderr)

            await asyncio.wait_for(asyncio.to_thread(until, b"early.md"), _PATIENCE)
            shutil.copy(DIGITS, inbox / "late.wav")
            await asyncio.wait_for(asyncio.to_thread(until, b"late.md"), _PATIENCE)
            process.send_signal(signal.SIGINT)
            _, told = await asyncio.to_thread(process.communicate, timeout=_PATIENCE)
    assert (process.returncode, server.asked) == (0, 2)
    assert b"2 done, 0 skipped, 0 failed." in told
    assert SAID in plain((inbox / "late.md").read_text())


def test_what_is_still_being_written_is_left_alone(tmp_path):
    arrivals = Arrivals([str(tmp_path)], recursive=False)
    talk = tmp_path / "talk.mp3"
    talk.touch()
    assert [arrivals.look() for _ in range(3)] == [[], [], []]
    for size in (100, 200, 300):
        talk.write_bytes(bytes(size))
        assert arrivals.look() == []
    assert [arrivals.look(), arrivals.look()] == [[Item(str(talk))], []]
    talk.write_bytes(bytes(50))
    assert [arrivals.look(), arrivals.look(), arrivals.look()] == [[], [Item(str(talk))], []]


def test_folders_give_recordings_each_once_and_in_order(folder):
    named = [
        item.name.removeprefix(f"{folder}/")
        for item in items_of([str(folder), str(folder / "talk3.wav")], recursive=False)
    ]
    assert named == ["broken.mp3", "empty.ogg", "lies.mp4", *(f"talk{n}.wav" for n in range(2, 9))]


def test_outputs_are_replaced_when_they_are_older_or_it_is_wanted(tmp_path):
    talk, text, table = tmp_path / "talk.wav", tmp_path / "talk.txt", tmp_path / "talk.tsv"
    for path, at in ((text, 100), (talk, 200), (table, 300)):
        path.touch()
        os.utime(path, (at, at))
    item = Item(str(talk))
    assert Outputs(("txt", "tsv", "md"), None, overwrite=False).missing(item) == {
        Writing("txt"): text,
        Writing("md"): tmp_path / "talk.md",
    }
    assert Outputs(("tsv",), None, overwrite=True).missing(item) == {Writing("tsv"): table}


def test_recordings_of_one_name_do_not_overwrite_each_other_or_themselves(tmp_path):
    for name in ("talk.mp3", "talk.wav", "odd.txt"):
        (tmp_path / name).touch()
    outputs = Outputs(("txt",), None, overwrite=True)
    found = [
        outputs.missing(Item(str(tmp_path / name)))[Writing("txt")].name for name in ("talk.mp3", "talk.wav", "odd.txt")
    ]
    assert found == ["talk.mp3.txt", "talk.wav.txt", "odd.txt.txt"]
    gathered = Outputs(("txt",), tmp_path / "out", overwrite=False)
    gathered.missing(Item("a/speech.wav"))
    with pytest.raises(StorageError, match="already the text of a/speech"):
        gathered.missing(Item("b/speech.wav"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--to", "pdf", HELLO), "'pdf' is none of txt, md, srt"),
        (("--to", "srt", "-"), "say with --output"),
        (("--watch", SPEECH), "--watch writes files"),
        (("--watch", "--to", "srt", HELLO), "--watch watches folders"),
    ],
)
def test_what_can_not_be_meant_is_refused(program, arguments, told):
    ran = program("transcribe", *arguments)
    assert ran.status == 2
    assert told in " ".join(ran.err.split())
