"""The worker's function with a real (tiny) Whisper model on real speech, in this thread."""

from __future__ import annotations

import math
import random
import shutil
import struct
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import ctranslate2
import pytest

from debabelizer.contract import (
    CommitAnswer,
    CommitMode,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    Finished,
    Ready,
    StreamOptions,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
)
from debabelizer.errors import Category, ConfigurationError, Remedy
from debabelizer.events import Freeze, Tail
from debabelizer_providers._local.speech import samples_of
from debabelizer_providers.whisper import Whisper
from debabelizer_providers.whisper.agreement import text_of
from debabelizer_providers.whisper.device import Device, Notebook
from debabelizer_providers.whisper.engine import Engine
from debabelizer_providers.whisper.gates import Pass
from debabelizer_providers.whisper.languages import LanguageChoice
from debabelizer_providers.whisper.start import Start
from debabelizer_providers.whisper.worker import serve
from fakes.memory_link import MemoryLink, converse
from fakes.recordings import TINY_WHISPER, plain, recording, silence, words_wrong

ONE_SENTENCE = ["hello_test", "send_message", "digits", "save_and_close", "unseen_voice", "noisy"]


def listen(*script: bytes | str, burst: bool = False, settings: dict[str, object] | None = None, **options: object):
    given = {"folder": str(TINY_WHISPER), "device": "cpu", "cpu_threads": 1, "models_folder": "/nowhere"}
    protocol = Whisper().stream(StreamOptions(settings={**given, **(settings or {})}, **options), EpochContext())
    # How often a pass is made depends on what it costs; here it costs nothing, however busy the machine.
    return converse(partial(serve, clock=float), protocol, script, burst=burst)


@cache
def heard_in(name: str) -> list[StreamSignal]:
    """What is said of a recording with a commit after it: the same each time, so it is heard once."""
    return listen(recording(name).pcm, "commit")


def finals(signals: list[StreamSignal]) -> list[Freeze[str | int]]:
    return [s for s in signals if isinstance(s, Freeze)]


def text(signals: list[StreamSignal]) -> str:
    """What stands there in the end: the last word on each segment."""
    return plain(" ".join({final.segment: final.text for final in finals(signals)}.values()))


@pytest.mark.parametrize("name", ONE_SENTENCE)
def test_a_sentence_is_understood(name: str) -> None:
    signals = listen(recording(name).pcm, "commit", "finish")
    assert text(signals) == recording(name).text
    assert isinstance(signals[0], Ready)
    assert [s for s in signals if isinstance(s, CommitAnswer)] == [CommitAnswer(CommitOutcome.FINAL)]
    assert signals[-1] == Finished()


@pytest.mark.parametrize("name", ["commands", "long_silences"])
def test_pauses_make_segments(name: str) -> None:
    signals = heard_in(name)
    assert text(signals) == recording(name).text
    assert len(finals(signals)) == (2 if name == "commands" else 3)


def test_partials_settle_word_by_word_and_never_take_a_settled_word_back() -> None:
    signals = heard_in("send_message")
    tails = [s for s in signals if isinstance(s, Tail)]
    assert len(tails) >= 3
    for before, after in pairwise(tails):
        assert after.frozen.startswith(before.frozen)
    assert tails[-1].frozen
    assert plain(recording("send_message").text).startswith(plain(tails[-1].frozen))
    assert {s.segment for s in tails} == {finals(signals)[0].segment}


@pytest.mark.parametrize(
    "name", ["hello_test", "send_message", "digits", "save_and_close", "commands", "long_silences"]
)
def test_word_times_are_near_the_truth(name: str) -> None:
    words = [word for final in finals(heard_in(name)) for word in final.words]
    assert [plain(word.text) for word in words] == [said for said, _, _ in recording(name).words]
    for word, (_, start, end) in zip(words, recording(name).words, strict=True):
        assert abs(word.start - start) < 0.2
        assert abs(word.end - end) < 0.2
        assert word.confidence is not None
        assert 0 <= word.confidence <= 1


@pytest.mark.parametrize("loudness", [0, 60, 3000, 12000])
def test_silence_and_noise_give_no_text(loudness: int) -> None:
    chance = random.Random(loudness)
    noise = b"".join(struct.pack("<h", int(chance.gauss(0, loudness / 3))) for _ in range(16_000 * 5))
    signals = listen(noise, "commit")
    assert not [s for s in signals if isinstance(s, Freeze | Tail)]
    assert signals[-1] == CommitAnswer(CommitOutcome.EMPTY)


def test_silence_is_covered_so_that_it_need_not_be_kept() -> None:
    covered = [s.samples for s in listen(silence(20)) if isinstance(s, Covered)]
    assert covered[-1] > 16 * 16_000


LONG = ["hello_test", "send_message", "commands", "save_and_close", "digits"] * 2


@pytest.mark.parametrize("burst", [False, True])
def test_long_dictation_is_bounded_and_complete(burst: bool) -> None:
    """30 s in one utterance: in real time, and all at once as after a reconnect."""
    pcm = b"".join(recording(name).pcm for name in LONG)
    signals = listen(pcm, "commit", burst=burst)
    said = " ".join(recording(name).text for name in LONG)
    assert words_wrong(said, text(signals)) <= 0.1
    covered = [s.samples for s in signals if isinstance(s, Covered)]
    assert covered == sorted(covered)
    assert covered[-1] == len(pcm) // 2


def test_nothing_is_lost_when_someone_never_pauses() -> None:
    one = recording("save_and_close").pcm[2 * 4000 : -2 * 7500]
    signals = listen(one * 10, "commit", settings={"second_pass": False})
    lengths = [(final.end or 0) - (final.start or 0) for final in finals(signals)]
    assert len(lengths) >= 2
    assert max(lengths) <= 28.5
    assert words_wrong((recording("save_and_close").text + " ") * 10, text(signals)) <= 0.35


def test_a_commit_in_mid_speech_answers_and_the_rest_is_heard_too() -> None:
    spoken = recording("send_message")
    cut = int((spoken.words[3][1] + 0.02) * 16_000) * 2  # between "the" and "message"
    signals = listen(spoken.pcm[:cut], "commit", spoken.pcm[cut:], "commit")
    assert [s.started for s in signals if isinstance(s, VendorSpeech)] == [True, False, True, False]
    answers = [i for i, s in enumerate(signals) if isinstance(s, CommitAnswer)]
    assert text(signals[: answers[0]]).startswith("please send")
    assert text(signals[answers[0] :]).endswith("message tomorrow morning")


def test_a_long_pause_ends_the_utterance_without_an_answer() -> None:
    pcm = recording("hello_test").pcm + silence(1.5) + recording("digits").pcm + silence(1.5)
    signals = listen(pcm, commit=CommitMode.PAUSE, pause_s=1.0)
    assert [plain(final.text) for final in finals(signals)] == [recording("hello_test").text, recording("digits").text]
    assert not [s for s in signals if isinstance(s, CommitAnswer)]


def test_a_second_pass_that_understands_better_corrects_a_segment_closed_before() -> None:
    """A gap in mid-sentence makes the model mishear "world" as "all"; with the rest before it, it does not."""
    signals = listen(recording("second_pass").pcm, "commit")
    heard = [(final.segment, plain(final.text)) for final in finals(signals)]
    assert heard == [
        (0, "hello"),
        (1, "all this is a test of dictation"),
        (2, "please send the message tomorrow morning"),
        (1, "world this is a test of dictation"),
    ]
    assert isinstance(signals[-1], CommitAnswer)
    assert text(signals) == recording("second_pass").text


def test_the_second_pass_can_be_switched_off() -> None:
    signals = listen(recording("second_pass").pcm, "commit", settings={"second_pass": False})
    assert len(finals(signals)) == 3
    assert "all this is" in text(signals)


def test_a_graphics_card_that_cannot_be_used_is_given_up_said_and_remembered(tmp_path: Path) -> None:
    """On a machine without CUDA; with it, the model simply runs there and there is nothing to see."""
    if ctranslate2.get_cuda_device_count():
        pytest.skip("this machine has a graphics card")
    settings = {"device": "cuda", "models_folder": str(tmp_path)}
    signals = listen(recording("digits").pcm, "commit", settings=settings)
    notices = [s for s in signals if isinstance(s, VendorNotice)]
    assert [n.code for n in notices] == ["cpu_fallback"]
    assert text(signals) == recording("digits").text
    assert (tmp_path / "whisper" / "graphics-card.json").is_file()


def test_an_english_model_asked_for_another_language_says_so() -> None:
    signals = listen(recording("digits").pcm, "commit", languages=("ru",))
    assert [n.code for n in signals if isinstance(n, VendorNotice)] == ["english_only"]
    assert text(signals) == recording("digits").text


def test_a_word_list_that_is_too_long_is_cut_and_said() -> None:
    words = tuple(f"Unheard{number}" for number in range(200))
    (notice,) = [n for n in listen(b"", "finish", vocabulary=words) if isinstance(n, VendorNotice)]
    assert notice.code == "vocabulary"
    assert "takes only part of the word list" in notice.text
    assert "Unheard0," not in notice.text
    assert not [n for n in listen(b"", "finish", vocabulary=words[:3]) if isinstance(n, VendorNotice)]


class BrokenCard(Engine):
    """An engine on a graphics card whose arithmetic is broken; on the processor it is as good as any."""

    failure: type[RuntimeError] | None = None

    def _load(self, device: Device) -> Any:
        return super()._load(Device("cpu", "int8"))

    def _pass(self, *given: Any) -> Pass:
        heard = super()._pass(*given)
        if self.device.kind == "cpu":
            return heard
        if self.failure is not None:
            raise self.failure("CUDA out of memory")
        return Pass(words=heard.words, logprob=math.nan)


class CrashingCard(BrokenCard):
    failure = RuntimeError


@pytest.mark.parametrize("card", [BrokenCard, CrashingCard])
def test_nonsense_or_failure_of_the_card_is_heard_again_on_the_processor(
    card: type[BrokenCard], tmp_path: Path
) -> None:
    start = Start(
        model="tiny", folder=str(TINY_WHISPER), device="cuda", threads=1, notebook=str(tmp_path / "card.json")
    )
    engine = card(start)
    heard = engine.hear(samples_of(recording("digits").pcm), LanguageChoice(["en"]), voiced_s=1.5)
    assert plain(text_of(heard.words)) == recording("digits").text
    assert engine.device.kind == "cpu"
    assert [note.code for note in engine.notes] == ["cpu_fallback"]
    assert Notebook(start.notebook).cuda_failure(ctranslate2.__version__)


@pytest.mark.parametrize(
    ("damaged", "left"),
    [("model.bin", 2_000), ("tokenizer.json", 2_000), ("config.json", b"{}"), ("preprocessor_config.json", b"[]")],
)
def test_a_model_that_is_broken_says_what_to_do(tmp_path: Path, damaged: str, left: int | bytes) -> None:
    shutil.copytree(TINY_WHISPER, tmp_path / "model")
    file = tmp_path / "model" / damaged
    file.write_bytes(left if isinstance(left, bytes) else file.read_bytes()[:left])
    settings = {"folder": str(file.parent), "device": "cuda", "models_folder": str(tmp_path)}
    (failure,) = listen(silence(1), settings=settings)
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, ConfigurationError)
    assert "download it again" in failure.error.message
    assert not list(tmp_path.rglob("graphics-card.json")), "no card is to blame"


def test_a_model_removed_meanwhile_is_missing(tmp_path: Path) -> None:
    for name in ("model.bin", "tokenizer.json", "config.json"):
        (tmp_path / name).write_bytes(b"x")
    given = {"folder": str(tmp_path), "models_folder": str(tmp_path)}
    protocol = Whisper().stream(StreamOptions(settings=given), EpochContext())
    (tmp_path / "model.bin").unlink()
    (failure,) = converse(serve, protocol, [silence(0.1)])
    assert isinstance(failure, Failure)
    assert failure.error.remedy is Remedy.DOWNLOAD_MODEL


def test_a_garbled_message_ends_the_connection_as_a_protocol_error() -> None:
    link = MemoryLink(["{}"])
    serve(link)
    assert '"protocol"' in str(link.sent[0])
    assert Category.PROTOCOL.retryable
