"""A recording in place of a microphone."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from debabelizer.audio.capture import Capture
from debabelizer.audio.decode import decode
from debabelizer.audio.file_capture import SAMPLE_TEXT, FileCapture, sample_speech
from debabelizer.audio.wav import write
from debabelizer.errors import UnsupportedFormatError
from fakes.sinks import RecordingSink


@pytest.fixture
def recording(tmp_path: Path) -> tuple[Path, bytes]:
    pcm = np.random.default_rng(5).bytes(32_000 // 2 + 100)
    write(tmp_path / "a.wav", pcm)
    return tmp_path / "a.wav", pcm


def test_as_fast_as_spoken_then_silence(recording: tuple[Path, bytes], sink: RecordingSink) -> None:
    path, pcm = recording
    ended = threading.Event()
    capture: Capture = FileCapture(path, on_end=ended.set)
    capture.start(sink)
    assert ended.wait(5)
    took = sink.stamps[-1] - sink.stamps[0]
    assert len(pcm) / 32_000 - 0.05 < took < len(pcm) / 32_000 + 0.3
    sink.wait_for_more(0.2)
    capture.stop()
    assert sink.pcm.startswith(pcm)
    assert not any(sink.pcm[len(pcm) :])
    assert sink.stamps == sorted(sink.stamps)


def test_as_fast_as_it_goes(recording: tuple[Path, bytes], sink: RecordingSink) -> None:
    path, pcm = recording
    ended = threading.Event()
    capture = FileCapture(path, realtime=False, on_end=ended.set)
    began = time.monotonic()
    capture.start(sink)
    assert ended.wait(5)
    capture.stop()
    assert time.monotonic() - began < len(pcm) / 32_000
    assert bytes(sink.pcm) == pcm


def test_stopped_early_it_never_ends(recording: tuple[Path, bytes], sink: RecordingSink) -> None:
    ended = threading.Event()
    threads = set(threading.enumerate())
    capture = FileCapture(recording[0], on_end=ended.set)
    capture.start(sink)
    sink.wait_for_more(0.1)
    capture.stop()
    capture.stop()
    heard = len(sink.pcm)
    assert set(threading.enumerate()) == threads
    assert not ended.is_set()
    assert 0 < heard < len(recording[1])


def test_what_is_no_recording_is_refused_at_the_start(tmp_path: Path, sink: RecordingSink) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(UnsupportedFormatError, match=r"notes\.txt"):
        FileCapture(tmp_path / "notes.txt").start(sink)


def test_the_bundled_sample_is_understood_by_the_built_in_recogniser() -> None:
    from pocketsphinx import Decoder

    recogniser = Decoder(samprate=16_000, loglevel="FATAL")
    recogniser.start_utt()
    for pcm in decode(sample_speech()):
        recogniser.process_raw(pcm)
    recogniser.end_utt()
    assert recogniser.hyp().hypstr == SAMPLE_TEXT
