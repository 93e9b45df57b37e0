"""Streaming over Whisper: what our step makes the model do, against the usual recipe (LocalAgreement-2, padded).

Both transcribe the same minute with a model of true size (base.en) and random weights. So that its nonsense does not
decide how much there is to decode, the model is scripted at CTranslate2's border: it encodes what it is given, decodes
as many tokens as the words in that sound need, and then says those words (``parts/scripted_whisper.py``). Everything
above that border is real: our engine and listener here, faster-whisper's ``transcribe`` under the recipe there.

Work is encoder frames (of 20 ms) plus decoded tokens, of all passes: on our side also of the careful ones that close
segments, and of the second look at the end. Tokens that an answer is forced to begin with count as decoded, because
CTranslate2 goes through them one by one. The goal holds at the recipe's pace, a pass a second; how much it is at our
own, two a second, stands below. The minute is made of the tests' recordings, with pauses of a third of a second, and
of one second every fourth time.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent / "parts"))

import random_whisper
from faster_whisper import WhisperModel
from local_agreement import STEP_S, LocalAgreement
from scripted_whisper import RATE, ScriptedWhisper, Spoken, Work

from debabelizer_providers._local.messages import Heard, Report
from debabelizer_providers._local.speech import SpeechProbe, samples_of
from debabelizer_providers.whisper.engine import Engine
from debabelizer_providers.whisper.listener import Listener
from debabelizer_providers.whisper.start import Start
from fakes.recordings import TINY_WHISPER, plain, recording, words_wrong
from figures import Figure, report

SECONDS = 60.0
NAMES = ("hello_test", "send_message", "digits", "save_and_close")
SHORT_S, LONG_S = 0.33, 1.0
THREADS = os.cpu_count() or 1


def minute() -> tuple[bytes, list[Spoken]]:
    """What is said, and what it sounds like: no two places alike, so that any of them can be found again."""
    sound, script, at = bytearray(), [], 0.0
    for number in count():
        one = recording(NAMES[number % len(NAMES)])
        first, last = one.words[0][1], one.words[-1][2]
        length = last - first + (LONG_S if number % 4 == 3 else SHORT_S)
        if at + length > SECONDS:
            break
        spoken = one.pcm[2 * int(first * RATE) : 2 * int(last * RATE)]
        sound += spoken + bytes(2 * int(length * RATE) - len(spoken))
        for index, (text, start, end) in enumerate(one.words):
            shown = text.capitalize() if index == 0 else text
            script.append(Spoken(shown, at + start - first, at + end - first, index == len(one.words) - 1))
        at = len(sound) / 2 / RATE
    noise = np.random.default_rng(1).integers(-3, 4, len(sound) // 2)
    return (np.frombuffer(bytes(sound), "<i2") // 2 + noise).astype("<i2").tobytes(), script


def measured(run: Callable[[bytes, list[Spoken]], tuple[str, Work]]) -> tuple[Work, float]:
    """The work and the seconds of processor time; the text must be what was said."""
    pcm, script = minute()
    began = time.process_time()
    text, work = run(pcm, script)
    spent = time.process_time() - began
    wrong = words_wrong(plain(" ".join(word.text for word in script)), text)
    assert wrong < 0.02, f"{wrong:.0%} of the words wrong: {text}"
    return work, spent


def recipe(folder: Path) -> Callable[[bytes, list[Spoken]], tuple[str, Work]]:
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=THREADS)

    def run(pcm: bytes, script: list[Spoken]) -> tuple[str, Work]:
        scripted, streaming = ScriptedWhisper(model, pcm, script), LocalAgreement(model)
        size = int(STEP_S * RATE) * 2
        for at in range(0, len(pcm), size):
            streaming.step(samples_of(pcm[at : at + size]))
        return streaming.finish(), scripted.work

    return run


def ours(folder: Path, pass_s: float) -> Callable[[bytes, list[Spoken]], tuple[str, Work]]:
    """On a machine on which a pass takes ``pass_s``; that sets the pace."""
    start = Start(model="base.en", folder=str(folder), device="cpu", compute="int8", threads=THREADS, languages=("en",))
    engine = Engine(start)
    engine.use(start)

    def run(pcm: bytes, script: list[Spoken]) -> tuple[str, Work]:
        scripted = ScriptedWhisper(engine._model, pcm, script)
        now = count(0.0, pass_s)
        listener = Listener(engine, SpeechProbe(), start, lambda: next(now))
        texts = {r.segment: r.text for r in _listen(listener, pcm) if isinstance(r, Heard)}
        return " ".join(texts[key] for key in sorted(texts)), scripted.work

    return run


def _listen(listener: Listener, pcm: bytes) -> Iterator[Report]:
    for at in range(0, len(pcm), 3200):
        yield from listener.feed(pcm[at : at + 3200])
        while listener.due:
            yield from listener.step()
    yield from listener.commit()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        random_whisper.make(folder, TINY_WHISPER)
        theirs, their_s = measured(recipe(folder))
        same_pace, our_s = measured(ours(folder, STEP_S / 2))
        own_pace, _ = measured(ours(folder, 0.0))
    text = f"LocalAgreement-2, padded: {theirs.positions:,} frames + {theirs.tokens:,} tokens"
    report(Figure("whisper step, frames + tokens, a pass a second", same_pace.total / theirs.total, "x", 1 / 3, text))
    text = f"the same; ours {own_pace.positions:,} frames + {own_pace.tokens:,} tokens"
    report(Figure("the same at our own pace, two a second", own_pace.total / theirs.total, "x", None, text))
    text = f"{their_s:.0f} s for a minute; ours {our_s:.0f} s"
    report(Figure("whisper step, processor time, a pass a second", our_s / their_s, "x", None, text))


if __name__ == "__main__":
    main()
