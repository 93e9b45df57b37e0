"""The list of recordings: done in order, kept on disk, gone on with, and nothing of it lost by an error."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from debabelizer.config import Settings, folders
from debabelizer.errors import Category, Remedy
from debabelizer.events import Word
from debabelizer.recordings.choices import Choices, speakers_setting, tells_speakers, way_of
from debabelizer.recordings.item import RecordingChanged, RecordingItem, RecordingRemoved
from debabelizer.recordings.item import RecordingState as State
from debabelizer.recordings.kept import KeptList
from debabelizer.registry import describe
from debabelizer.transcriber import Transcript, TranscriptSegment
from fakes.recording_list import SAID
from fakes.recordings import SPEECH


def recordings(folder: Path, *names: str) -> list[str]:
    folder.mkdir(exist_ok=True)
    return [str(shutil.copy(SPEECH / "03_digits.wav", folder / name)) for name in names]


async def test_a_folder_becomes_text_in_the_order_of_its_names(make, home) -> None:
    a_list = make()
    recordings(home / "talks", "part10.wav", "part2.wav", "notes.txt", "part1.wav")
    await a_list.queue.add([str(home / "talks")], Choices())
    await a_list.all_over()
    items = a_list.queue.items
    assert [Path(item.path).name for item in items] == ["part1.wav", "part2.wav", "part10.wav"]
    assert {(item.state, item.provider, item.has_text) for item in items} == {(State.DONE, "openai", True)}
    assert await a_list.text("part2.wav") == SAID
    first = [e.item for e in a_list.told if isinstance(e, RecordingChanged) and e.item.path == items[0].path]
    assert [state for state in State if any(item.state is state for item in first)] == [
        State.WAITING,
        State.RUNNING,
        State.DONE,
    ]


async def test_what_is_done_is_done_again_only_when_it_is_newer_or_asked_for(make, server, home) -> None:
    a_list = make()
    [path] = recordings(home / "talks", "a.wav")
    for _ in range(2):
        assert await a_list.queue.add([path], Choices()) == [path]
        await a_list.all_over()
    assert server.asked == 1
    os.utime(path, (time.time() + 60, time.time() + 60))
    await a_list.queue.add([path], Choices())
    await a_list.all_over()
    a_list.queue.again([path], Choices())
    await a_list.all_over()
    assert server.asked == 3
    assert len(a_list.queue.items) == 1


async def test_a_stop_keeps_what_was_understood_and_a_text_stays_until_there_is_another(make, server, home) -> None:
    a_list = make()
    server.held = True
    [path] = recordings(home / "talks", "a.wav")
    await a_list.queue.add([path], Choices())
    await a_list.until(lambda: (progress := a_list.item("a.wav").progress) and progress.text)
    a_list.queue.cancel([path])
    await a_list.all_over()
    assert a_list.item("a.wav").state is State.STOPPED
    part = await a_list.text("a.wav")
    assert part
    assert SAID.startswith(part)
    server.let_go()
    a_list.queue.again([path], Choices())
    await a_list.all_over()
    assert await a_list.text("a.wav") == SAID
    server.key = "another"
    a_list.queue.again([path], Choices())
    await a_list.all_over()
    item = a_list.item("a.wav")
    assert item.state is State.FAILED
    assert item.has_text
    assert await a_list.text("a.wav") == SAID, "an error takes nothing away"


async def test_after_a_wrong_key_the_others_are_spared_and_all_go_on_with_the_right_one(make, server, home) -> None:
    right, server.key = server.key, "another"
    a_list = make(providers__openai__api_key=right, network__proxy="")
    paths = recordings(home / "talks", *(f"{n}.wav" for n in range(9)))
    await a_list.queue.add(paths, Choices())
    await a_list.all_over()
    errors = [item.error for item in a_list.queue.items]
    assert {(error.category, error.remedy) for error in errors} == {(Category.AUTH, Remedy.SET_KEY)}
    assert len([r for r in server.requests if r.method == "POST"]) < len(paths)
    server.key = right
    a_list.queue.again(paths, Choices())
    await a_list.all_over()
    assert {item.state for item in a_list.queue.items} == {State.DONE}
    assert {item.error for item in a_list.queue.items} == {None}


async def test_a_broken_file_costs_itself_alone(make, home) -> None:
    a_list = make()
    (home / "broken.mp3").write_bytes(bytes(range(256)) * 40)
    await a_list.queue.add([str(home / "broken.mp3"), str(home / "gone.mp3")], Choices())
    await a_list.queue.add(recordings(home / "talks", "good.wav"), Choices())
    await a_list.all_over()
    assert "Convert it" in str(a_list.item("broken.mp3").error)
    assert "There is no file" in str(a_list.item("gone.mp3").error)
    assert a_list.item("good.wav").state is State.DONE


async def test_the_next_start_goes_on_and_has_all_texts(make, server, home) -> None:
    first = make()
    paths = recordings(home / "talks", *(f"{n}.wav" for n in range(9)))
    await first.queue.add(paths[:1], Choices())
    await first.all_over()
    server.held = True
    await first.queue.add(paths[1:], Choices(speakers=False))
    await first.until(lambda: any(item.progress and item.progress.text for item in first.queue.items))
    await first.queue.close()
    server.let_go()
    second = make()
    unfinished = await second.queue.restore()
    assert [Path(item.path).name for item in unfinished] == [f"{n}.wav" for n in range(1, 9)]
    assert {item.choices for item in unfinished} == {Choices(speakers=False)}
    await second.all_over()
    assert {item.state for item in second.queue.items} == {State.DONE}
    assert [await second.text(f"{n}.wav") for n in range(9)] == [SAID] * 9
    assert not first.troubles + second.troubles


async def test_a_recording_that_brought_the_program_down_is_not_begun_by_itself(make, home) -> None:
    [path] = recordings(home / "talks", "a.wav")
    kept = KeptList(Settings.load(), folders.data_dir())
    kept.put(RecordingItem(path=path, state=State.RUNNING, added=1.0))
    kept.close()
    second = make()
    assert len(await second.queue.restore()) == 1
    item = second.item("a.wav")
    assert item.state is State.FAILED
    assert item.error is not None
    assert "The program ended" in item.error.message
    assert item.error.remedy is Remedy.RETRY
    await second.queue.close()
    assert await make().queue.restore() == [], "it is told once"


async def test_what_is_removed_is_gone_also_when_it_was_under_way(make, server, home) -> None:
    a_list = make()
    server.held = True
    paths = recordings(home / "talks", "a.wav", "b.wav")
    await a_list.queue.add(paths, Choices())
    await a_list.until(lambda: a_list.item("a.wav").progress)
    a_list.queue.remove(paths)
    assert a_list.queue.items == []
    assert [e.path for e in a_list.told if isinstance(e, RecordingRemoved)] == paths
    server.let_go()
    await a_list.queue.add(paths[:1], Choices())
    await a_list.all_over()
    assert await a_list.text("a.wav") == SAID
    a_list.queue.remove(paths)
    await a_list.queue.close()
    assert await make().queue.restore() == []
    assert all(Path(path).exists() for path in paths), "the recordings themselves stay"


async def test_where_nothing_is_to_be_kept_nothing_is_on_the_disk(make, home) -> None:
    a_list = make(storage__keep_nothing=True)
    await a_list.queue.add(recordings(home / "talks", "a.wav"), Choices())
    await a_list.all_over()
    assert await a_list.text("a.wav") == SAID
    await a_list.queue.close()
    assert not list(folders.data_dir().glob("recordings*"))


async def test_old_texts_go_when_the_user_says_so(make, home) -> None:
    a_list = make()
    await a_list.queue.add(recordings(home / "talks", "a.wav"), Choices())
    await a_list.all_over()
    await a_list.queue.close()
    assert await make(storage__keep_text_days=0).queue.restore() == []
    again = make()
    assert await again.queue.restore() == []
    assert again.queue.items == []


def test_a_transcript_comes_back_as_it_was(home) -> None:
    kept = KeptList(Settings.load(), folders.data_dir())
    word = Word("hello", 0.1, 0.5, 0.9, "A")
    segment = TranscriptSegment(text="hello", start=0.1, end=0.5, language="en", speaker="A", words=(word,))
    whole = Transcript(provider="x", text="hello", duration=1.0, segments=(segment,), notices=("so",))
    kept.put(RecordingItem(path="/a.wav", state=State.DONE, added=1.0))
    kept.put_transcript("/a.wav", whole)
    kept.put(RecordingItem(path="/a.wav", state=State.FAILED, added=1.0))
    assert kept.transcript("/a.wav") == whole
    assert kept.transcript("/b.wav") is None
    kept.close()


def test_choices_reach_the_provider_and_only_where_it_can(home) -> None:
    settings = Settings.load(code={"providers.elevenlabs.api_key": "k", "languages": ("de",)})
    way = way_of(settings, Choices(provider="elevenlabs", languages=("fr",), speakers=True))
    assert way.provider == "elevenlabs"
    assert way.settings.get("languages") == ("fr",)
    assert way.settings.get("providers.elevenlabs.file_diarize") is True
    assert tells_speakers(way.settings, describe("elevenlabs"))
    assert way.at_a_time > 1
    deepgram = way_of(settings, Choices(provider="deepgram", speakers=True)).settings
    assert deepgram.get("providers.deepgram.file_diarize") == "latest"
    local = way_of(settings, Choices(provider="sphinx", speakers=True))
    assert local.at_a_time == 1
    assert speakers_setting(settings, describe("sphinx")) is None
    assert way_of(settings, Choices()).settings.get("languages") == ("de",)
