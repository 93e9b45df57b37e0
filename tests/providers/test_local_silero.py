"""Our own running of the speech detector against the library that others run it with, on the installed network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from debabelizer.errors import ConfigurationError
from debabelizer_providers._local import silero
from debabelizer_providers._local.speech import FRAME, RATE, SpeechProbe, samples_of
from fakes.onnx_file import onnx_file
from fakes.recordings import TINY_WHISPER, recording

Floats = NDArray[np.float32]


@pytest.fixture(scope="module")
def peer() -> Any:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    return onnxruntime.InferenceSession(str(network_file()), providers=["CPUExecutionProvider"])


def network_file() -> Path:
    import faster_whisper

    (path,) = Path(faster_whisper.__file__).parent.glob("assets/*.onnx")
    return path


def judged_by(peer: Any, audio: Floats) -> list[float]:
    """Every whole frame, with the end of the one before it."""
    frames = audio[: len(audio) // FRAME * FRAME].reshape(-1, FRAME)
    before = np.concatenate((np.zeros((1, 64), np.float32), frames[:-1, -64:]))
    still = np.zeros((1, 1, 128), np.float32)
    answers = peer.run(None, {"input": np.concatenate((before, frames), axis=1), "h": still, "c": still})
    return list(answers[0].reshape(-1))


def noise(level: float, seconds: float = 3.0) -> Floats:
    return (np.random.default_rng(7).standard_normal(int(seconds * RATE)) * level).astype(np.float32)


def spoken(name: str) -> Floats:
    return samples_of(recording(name).pcm)


SOUNDS = {
    "speech": spoken("commands"),
    "long silences": spoken("long_silences"),
    "speech in noise": spoken("noisy"),
    "clipped speech": np.clip(spoken("digits") * 30, -1, 1),
    "faint speech": spoken("digits") * np.float32(0.01),
    "speech after silence": np.concatenate((np.zeros(5 * RATE, np.float32), spoken("hello_test"))),
    "silence": np.zeros(3 * RATE, np.float32),
    "noise": np.clip(noise(0.4), -1, 1),
    "faint noise": noise(1e-4),
    "a square wave": np.sign(np.sin(np.arange(3 * RATE, dtype=np.float32) * 0.05)),
}


@pytest.mark.parametrize("sound", SOUNDS)
def test_it_judges_as_the_usual_library_does(peer: Any, sound: str) -> None:
    ours = SpeechProbe().feed(SOUNDS[sound])
    assert len(ours) == len(SOUNDS[sound]) // FRAME > 60
    assert ours == pytest.approx(judged_by(peer, SOUNDS[sound]), abs=1e-4)


@pytest.mark.parametrize("frames", [1, 3, 63, 64, 65])
def test_it_remembers_between_calls(peer: Any, frames: int) -> None:
    audio, probe, ours = spoken("save_and_close"), SpeechProbe(), list[float]()
    for at in range(0, len(audio), frames * FRAME):
        ours += probe.feed(audio[at : at + frames * FRAME])
    assert ours == pytest.approx(judged_by(peer, audio), abs=1e-4)


def test_listeners_share_the_network_and_nothing_else() -> None:
    one, other = SpeechProbe(), SpeechProbe()
    alone = SpeechProbe().feed(spoken("digits"))
    mixed = list[float]()
    for at in range(0, len(spoken("digits")), FRAME):
        mixed += one.feed(spoken("digits")[at : at + FRAME])
        other.feed(noise(0.3)[:FRAME])
    assert silero.installed() is silero.installed()
    assert mixed == pytest.approx(alone, abs=1e-4)


def test_another_network_is_named(tmp_path: Path) -> None:
    path = tmp_path / "silero_vad_v9.onnx"
    path.write_bytes(onnx_file({"conv1.weight": np.zeros((3, 4), np.float32)}))
    with pytest.raises(ConfigurationError, match=r"silero_vad_v9\.onnx .*forward_basis_buffer .* faster-whisper 1\.2"):
        silero.load(path)


@pytest.mark.parametrize("name", ["encoder.conv_layers.2.weight", "onnx::LSTM_211", "decoder.conv1d.bias"])
def test_so_is_one_of_another_shape(name: str) -> None:
    weights = silero.read_weights(network_file().read_bytes())
    with pytest.raises(ValueError, match=name):
        silero.Network({**weights, name: np.zeros((3, 5), np.float32)})


def test_so_is_one_that_begins_with_something_else() -> None:
    weights = silero.read_weights(network_file().read_bytes())
    first = "encoder.feature_extractor.forward_basis_buffer"
    with pytest.raises(ValueError, match="Fourier"):
        silero.Network({**weights, first: np.flip(weights[first], 0)})


@pytest.mark.parametrize("damage", ["absent", "cut short", "a text", "too large"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "silero_vad_v6.onnx"
    if damage == "cut short":
        path.write_bytes(network_file().read_bytes()[:-300_000])
    elif damage == "a text":
        path.write_text("version https://git-lfs.github.com/spec/v1\n")
    elif damage == "too large":
        with path.open("wb") as file:
            file.truncate(100 << 20)
    with pytest.raises(ConfigurationError, match=r"silero_vad_v6\.onnx can't be read: .*Install it anew"):
        silero.load(path)


@pytest.mark.parametrize("engine", ["whisper", "sphinx"])
def test_both_engines_do_without_that_library(engine: str, tmp_path: Path) -> None:
    """A process in which it can't be imported, and a home folder in which it would leave a number."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(tmp_path)}
    command = [sys.executable, "-c", ENGINE, engine, str(TINY_WHISPER)]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=100)
    assert "hello" in ran.stdout.lower()
    assert not [path for path in tmp_path.rglob("*") if "onnx" in path.name.lower() or "microsoft" in str(path).lower()]


ENGINE = """
import sys
sys.modules["onnxruntime"] = None
from importlib import import_module
from debabelizer.contract import EpochContext, StreamOptions
from debabelizer.events import Freeze
from fakes.memory_link import converse
from fakes.recordings import recording
name, settings = sys.argv[1], {"folder": sys.argv[2]} if sys.argv[1] == "whisper" else {}
provider = getattr(import_module(f"debabelizer_providers.{name}"), name.capitalize())()
protocol = provider.stream(StreamOptions(languages=("en",), settings=settings), EpochContext())
serve = import_module(f"debabelizer_providers.{name}.worker").serve
signals = converse(serve, protocol, [recording("hello_test").pcm, "commit"])
print(*(signal.text for signal in signals if isinstance(signal, Freeze)))
"""
