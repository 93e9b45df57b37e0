"""The listener's decisions, with a model that hears what the test says. (With the real one: test_whisper_worker.)"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from debabelizer.contract import CommitOutcome
from debabelizer_providers._local.messages import Committed, Heard, Hearing, Note, Nothing, Report
from debabelizer_providers._local.speech import RATE, SpeechProbe
from debabelizer_providers.whisper.agreement import HeardWord, text_of
from debabelizer_providers.whisper.gates import Pass
from debabelizer_providers.whisper.languages import LanguageChoice
from debabelizer_providers.whisper.listener import Listener
from debabelizer_providers.whisper.start import Start
from fakes.recordings import recording, silence

SPEECH = recording("save_and_close").pcm[2 * 4000 : -2 * 7500]


class ScriptedEars:
    """Plays the model: ``answer`` gets the window's length in seconds and whether the pass is a final one."""

    def __init__(self, answer: Callable[[float, bool], str], language: str = "en") -> None:
        self.notes: list[Note] = []
        self.windows: list[float] = []
        self.prefixes: list[str] = []
        self.contexts: list[str] = []
        self.compared: list[tuple[str, str]] = []
        self._answer = answer
        self._language = language

    def hear(
        self,
        audio: Any,
        choice: LanguageChoice,
        *,
        voiced_s: float,
        prefix: str = "",
        prefix_s: float = 0.0,
        context: str = "",
        final: bool = False,
    ) -> Pass:
        del choice, voiced_s
        length = len(audio) / RATE
        self.windows.append(length)
        self.prefixes.append(prefix)
        self.contexts.append(context)
        words = self._answer(length, final).split()
        each = length / max(1, len(words))
        heard = tuple(HeardWord(f" {w}", i * each, (i + 1) * each - 0.02, 0.9) for i, w in enumerate(words))
        return Pass(words=heard, logprob=-0.2, language=self._language)

    def compare(self, settled: Any, careful: Any) -> None:
        self.compared.append((text_of(settled), text_of(careful)))


def counted(length: float, final: bool) -> str:
    """A word each half second."""
    del final
    return " ".join(f"w{i}" for i in range(int(length / 0.5)))


def run(ears: ScriptedEars, *script: bytes | str, clock: Callable[[], float] = lambda: 0.0, **start: Any):
    listener = Listener(ears, SpeechProbe(), Start(model="m", folder="", **start), clock)
    reports: list[Report] = []
    for item in script:
        if isinstance(item, str):
            reports.extend(listener.commit())
            continue
        for at in range(0, len(item), 3200):
            reports.extend(listener.feed(item[at : at + 3200]))
            while listener.due:
                reports.extend(listener.step())
    return listener, reports


def heard(reports: list[Report]) -> list[tuple[int, str]]:
    return [(r.segment, r.text) for r in reports if isinstance(r, Heard)]


def test_what_is_settled_is_forced_on_the_next_pass() -> None:
    ears = ScriptedEars(counted)
    _, reports = run(ears, SPEECH, "commit")
    settled = [r.settled for r in reports if isinstance(r, Hearing)]
    assert settled[-1].startswith("w0 w1")
    assert ears.prefixes[1:-1] == settled[:-1]
    assert ears.prefixes[-1] == ""  # the final pass is free to think again


def test_a_slow_machine_makes_fewer_passes() -> None:
    def passes(cost: float) -> int:
        now = iter(i * cost for i in range(10_000))
        ears = ScriptedEars(counted)
        run(ears, SPEECH * 4, clock=lambda: next(now))
        return len(ears.windows)

    assert passes(0.0) >= 1.8 * passes(1.0)


def test_a_second_pass_never_swallows_a_sentence() -> None:
    def forgetful(length: float, final: bool) -> str:
        return "only this" if length > 4 else "please open the file now"

    ears = ScriptedEars(forgetful)
    _, reports = run(ears, SPEECH + silence(1) + SPEECH, "commit")
    assert heard(reports) == [(0, "please open the file now"), (1, "please open the file now")]


def test_a_final_pass_that_hears_nothing_does_not_take_settled_text_away() -> None:
    ears = ScriptedEars(lambda length, final: "" if final else counted(length, final))
    _, reports = run(ears, SPEECH, "commit")
    (segment, text), *_ = heard(reports)
    assert (segment, text[:5]) == (0, "w0 w1")


def test_text_shown_once_and_then_not_believed_is_taken_back() -> None:
    ears = ScriptedEars(lambda length, final: "" if final or length > 0.7 else "oh")
    _, reports = run(ears, SPEECH, "commit")
    assert [r.volatile for r in reports if isinstance(r, Hearing)] == ["oh"]
    assert Nothing(0) in reports
    assert not heard(reports)
    assert reports[-1] == Committed(CommitOutcome.EMPTY)


def test_nothing_at_all_was_said() -> None:
    ears = ScriptedEars(lambda length, final: "")
    _, reports = run(ears, SPEECH, "commit")
    assert not [r for r in reports if isinstance(r, Hearing | Heard | Nothing)]
    assert reports[-1] == Committed(CommitOutcome.EMPTY)


def test_what_was_said_before_is_the_context_of_what_follows() -> None:
    ears = ScriptedEars(lambda length, final: "first part" if len(ears.contexts) < 6 else "second part")
    run(ears, SPEECH, "commit", SPEECH, "commit", previous_text="Once upon a time.")
    assert ears.contexts[0] == "Once upon a time."
    assert ears.contexts[-1].startswith("Once upon a time. first part")


def test_languages_without_spaces_are_joined_without() -> None:
    _, reports = run(ScriptedEars(counted, language="ja"), SPEECH, "commit")
    last = next(r for r in reports if isinstance(r, Heard))
    assert (last.spaced, last.language) == (False, "ja")


def test_notes_of_the_engine_are_passed_on_once() -> None:
    ears = ScriptedEars(counted)
    ears.notes.append(Note("the card is broken", "cpu_fallback"))
    _, reports = run(ears, SPEECH, "commit")
    assert [r for r in reports if isinstance(r, Note)] == [Note("the card is broken", "cpu_fallback")]


def test_ten_minutes_take_no_more_memory_than_two() -> None:
    listener, _ = run(ScriptedEars(counted), (SPEECH + silence(1)) * 5, second_pass=False)
    assert listener.held_s < 30
    listener, _ = run(ScriptedEars(counted), (SPEECH + silence(1)) * 20, second_pass_s=5.0)
    assert listener.held_s < 5 + 28 + 5
