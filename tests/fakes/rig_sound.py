"""A private PulseAudio whose microphones hear what the rig speaks."""

from __future__ import annotations

import array
import atexit
import os
import shutil
import subprocess
import threading
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fakes.rig_processes import Reader, ask, end, private_folder, started, tool, wait_until

RATE = 16_000
NAMES = {"vmic": "VirtualMic", "mic2": "SecondMic"}


@cache
def _speech_folder() -> Path:
    folder = Path(mkdtemp(prefix="debabelizer-speech-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def speech(text: str, voice: str = "rms", before: float = 0.3, after: float = 0.4) -> Path:
    """A WAV (16 kHz, mono, 16 bit, peak at -10 dB) of ``text`` between silences of ``before`` and ``after`` seconds.

    Made once per process by flite. pocketsphinx understands the voice ``rms`` best, and its first utterance best at
    this level; awb, kal16 and slt exist too.
    """
    folder = _speech_folder()
    raw = folder / "raw.wav"
    ask(["flite", "-voice", voice, "-t", text, "-o", str(raw)], os.environ)
    spoken = array.array("h", samples(raw))
    peak = max(1, *(abs(s) for s in spoken)) if spoken else 1
    gain = 32767 * 10 ** (-10 / 20) / peak
    louder = array.array("h", (round(s * gain) for s in spoken))
    path = folder / f"{len(list(folder.iterdir()))}.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(bytes(2 * round(before * RATE)) + louder.tobytes() + bytes(2 * round(after * RATE)))
    return path


def samples(path: Path) -> bytes:
    """The PCM inside a 16 kHz mono WAV."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2), path
        return file.readframes(file.getnframes())


class Sound:
    """The server and its microphones: the first is ``vmic`` ("VirtualMic"), the second ``mic2`` ("SecondMic")."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: ExitStack | None = None
        self._keepers: dict[str, tuple[subprocess.Popen[bytes], Reader]] = {}
        self._modules: dict[str, list[str]] = {}
        self.env = {
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_COOKIE": f"{folder}/cookie",
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder),
        }

    @property
    def _environ(self) -> dict[str, str]:
        return {**os.environ, **self.env, "LC_ALL": "C.UTF-8"}

    # ------------------------------------------------------------------------------------------ the server

    def start_server(self) -> None:
        """Start the server, without any device; returns when it answers."""
        ready = threading.Event()
        log = bytearray()

        def heard(data: bytes) -> None:
            log.extend(data)
            if b"Daemon startup complete" in log:
                ready.set()

        stack = ExitStack()
        module = f"module-native-protocol-unix auth-anonymous=1 auth-cookie-enabled=0 socket={self._folder}/native"
        command = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]
        command += ["--log-target=stderr", "--log-level=info", "-L", module]
        environ = {k: v for k, v in self._environ.items() if k != "PULSE_SERVER"}
        process = stack.enter_context(started(command, environ, stderr=subprocess.PIPE))
        assert process.stderr is not None
        reader = Reader(process.stderr, heard)
        stack.callback(reader.join)
        stack.callback(process.terminate)
        self._server = stack
        if not ready.wait(10):
            stack.close()
            raise RuntimeError(f"pulseaudio did not start: {log.decode(errors='replace')[-500:]}")
        # what programs play goes to a loudspeaker of its own, as with headphones: no microphone hears it
        self._pactl("load-module", "module-null-sink", "sink_name=loudspeaker")
        self._pactl("set-default-sink", "loudspeaker")

    def kill_server(self) -> None:
        """The sound server is gone, with everything in it, as after a crash."""
        assert self._server is not None, "no server runs"
        self._server.close()
        self._server = None
        for name in list(self._keepers):
            self._end_keeper(name)
        self._modules.clear()
        (self._folder / "native").unlink(missing_ok=True)

    def close(self) -> None:
        if self._server is not None:
            self.kill_server()

    # -------------------------------------------------------------------------------------------- devices

    def plug(self, name: str = "vmic", *, default: bool = True) -> None:
        """A microphone appears that delivers sound at once, as one of metal does."""
        description = NAMES.get(name, name)
        sink = (
            f"sink_name={name}_sink",
            f"rate={RATE}",
            "channels=1",
            f"sink_properties=device.description={description}Sink",
        )
        source = (
            f"master={name}_sink.monitor",
            f"source_name={name}",
            f"source_properties=device.description={description}",
        )
        self._modules[name] = [self._pactl("load-module", "module-null-sink", *sink)]
        self._keep_ticking(name)
        self._modules[name].append(self._pactl("load-module", "module-remap-source", *source))
        if default:
            self._pactl("set-default-source", name)

    def unplug(self, name: str = "vmic") -> None:
        """The microphone disappears, also from under a program that is recording."""
        self._end_keeper(name)
        for module in reversed(self._modules.pop(name)):
            self._pactl("unload-module", module)

    def second(self) -> None:
        """A second microphone appears, not as the default."""
        self.plug("mic2", default=False)

    def echo(self, name: str = "vmic") -> None:
        """From now on the microphone hears what programs play, as without headphones."""
        self._pactl("set-default-sink", f"{name}_sink")

    def mute(self, on: bool = True, name: str = "vmic") -> None:
        """The microphone delivers digital silence."""
        self._pactl("set-source-mute", name, "1" if on else "0")

    def suspend(self, on: bool = True, name: str = "vmic") -> None:
        """The microphone stays there but delivers nothing at all."""
        self._pactl("suspend-source", name, "1" if on else "0")

    def sources(self) -> list[str]:
        rows = ask(["pactl", "list", "short", "sources"], self._environ).decode().splitlines()
        return [row.split("\t")[1] for row in rows if not row.split("\t")[1].endswith(".monitor")]

    def recorders(self) -> int:
        """How many streams read from a microphone now, those that keep it ticking left out."""
        remaps = sum(len(modules) == 2 for modules in self._modules.values())
        return self._readers() - remaps - len(self._keepers)

    def _pactl(self, *words: str) -> str:
        return ask(["pactl", *words], self._environ).decode().strip()

    def _keep_ticking(self, name: str) -> None:
        # A null sink that nobody asks for low latency sleeps 2 s between two looks at the clock. A reader that asks
        # for 10 ms keeps it awake, suspending it starts its clock anew, and the first bytes tell that it works.
        ticking = threading.Event()
        monitor = f"{name}_sink.monitor"
        command = [tool("parec"), "--raw", f"--rate={RATE}", "--channels=1", "--latency-msec=10", "-d", monitor]
        before = self._readers()
        process = subprocess.Popen(command, env=self._environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        self._keepers[name] = process, Reader(process.stdout, lambda _data: ticking.set())
        wait_until(lambda: self._readers() > before, what="a reader at the virtual microphone")
        self._pactl("suspend-sink", f"{name}_sink", "1")
        self._pactl("suspend-sink", f"{name}_sink", "0")
        if not ticking.wait(10):
            raise RuntimeError(f"the virtual microphone {name} delivers nothing")

    def _readers(self) -> int:
        return len(ask(["pactl", "list", "short", "source-outputs"], self._environ).splitlines())

    def _end_keeper(self, name: str) -> None:
        keeper = self._keepers.pop(name, None)
        if keeper is not None:
            process, reader = keeper
            process.terminate()
            reader.join()
            end(process)

    # -------------------------------------------------------------------------------------------- speaking

    def speak(self, what: str | Path, name: str = "vmic", voice: str = "rms") -> Path:
        """Say a sentence, or play a WAV, into a microphone; returns when it has been spoken, with the WAV."""
        path = what if isinstance(what, Path) else speech(what, voice)
        self.begin_speaking(path, name)()
        return path

    def begin_speaking(self, what: str | Path, name: str = "vmic") -> Speaker:
        """The same without waiting: call the result to wait for the end."""
        path = what if isinstance(what, Path) else speech(what)
        command = [tool("paplay"), "-d", f"{name}_sink", str(path)]
        return Speaker(subprocess.Popen(command, env=self._environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))


class Speaker:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def __call__(self, timeout: float = 120.0) -> None:
        """Wait until it has been spoken."""
        _, complaint = self._process.communicate(timeout=timeout)
        if self._process.returncode:
            raise RuntimeError(f"paplay: {complaint.decode(errors='replace').strip()}")

    def hush(self) -> None:
        """Stop speaking."""
        end(self._process)


@contextmanager
def sound(*, plugged: bool = True) -> Iterator[Sound]:
    """A running sound server with one microphone, or none. ``.env`` is what programs need to find it."""
    with private_folder() as folder:
        it = Sound(folder)
        it.start_server()
        try:
            if plugged:
                it.plug()
            yield it
        finally:
            it.close()
