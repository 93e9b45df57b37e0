"""What speaks on which system, and how it is told to: text on standard input, WAV on standard output."""

from __future__ import annotations

import json
import re
import shutil
import sys
from typing import Protocol

from debabelizer.contract import VoiceInfo
from debabelizer.errors import Remedy, UnsupportedError

NAME = "system"
_WORDS_A_MINUTE = 175
"""The own speed of espeak-ng and of ``say`` (their manual pages)."""


_GENDERS = {"M": "male", "F": "female", "N": "neutral"}


class Program(Protocol):
    def list_voices(self) -> list[str]:
        """The command that prints the voices."""
        ...

    def voices(self, printed: str) -> tuple[VoiceInfo, ...]: ...

    def speak(self, voice: VoiceInfo | None, rate: float) -> list[str]:
        """The command that speaks what it reads."""
        ...


def program() -> Program:
    """Raises UnsupportedError that names what is to be installed."""
    if sys.platform == "win32":
        return Windows("powershell")
    if sys.platform == "darwin":
        return MacOS()
    for name in ("espeak-ng", "espeak"):
        if path := shutil.which(name):
            return Espeak(path)
    raise UnsupportedError(
        "This system has no voice: install espeak-ng (Debian, Ubuntu, Fedora, Arch: the package espeak-ng).",
        NAME,
        "no_voice",
        remedy=Remedy.RETRY,
    )


class Espeak:
    """espeak-ng 1.50 and newer, and its forerunner."""

    def __init__(self, path: str) -> None:
        self._path = path

    def list_voices(self) -> list[str]:
        return [self._path, "--voices"]

    def voices(self, printed: str) -> tuple[VoiceInfo, ...]:
        """Lines as `` 5  en-gb           --/M      English_(Great_Britain) gmw/en  (en 2)``."""
        found = []
        for line in printed.splitlines()[1:]:
            columns = line.split()
            if len(columns) >= 5:
                language, age_gender, name, file = columns[1:5]
                found.append(
                    VoiceInfo(
                        id=file,
                        name=name.replace("_", " "),
                        language=_bcp47(language),
                        gender=_GENDERS.get(age_gender.rpartition("/")[2]),
                    )
                )
        return tuple(found)

    def speak(self, voice: VoiceInfo | None, rate: float) -> list[str]:
        chosen = ["-v", voice.id] if voice is not None else []
        return [self._path, "--stdin", "-b", "1", "--stdout", "-s", str(round(_WORDS_A_MINUTE * rate)), *chosen]


class MacOS:
    def list_voices(self) -> list[str]:
        return ["say", "-v", "?"]

    def voices(self, printed: str) -> tuple[VoiceInfo, ...]:
        """Lines as ``Anna (Enhanced)     de_DE    # Hallo! Ich heiße Anna.``."""
        lines = re.findall(r"^(.+?)\s+([a-z]{2,3}[_-]\w+)\s+#", printed, re.MULTILINE)
        return tuple(VoiceInfo(id=name, name=name, language=_bcp47(language)) for name, language in lines)

    def speak(self, voice: VoiceInfo | None, rate: float) -> list[str]:
        """``say`` can't write sound to a pipe: it goes through a file that is gone at once."""
        script = (
            "f=$(mktemp -t debabelizer) && trap 'rm -f \"$f\"' EXIT && "
            'say -f - -o "$f" --file-format=WAVE --data-format=LEI16@22050 "$@" && cat "$f"'
        )
        chosen = ["-v", voice.id] if voice is not None else []
        return ["/bin/sh", "-c", script, "say", "-r", str(round(_WORDS_A_MINUTE * rate)), *chosen]


class Windows:
    def __init__(self, shell: str) -> None:
        self._shell = shell

    def list_voices(self) -> list[str]:
        return self._run(
            "$s.GetInstalledVoices() | Where-Object Enabled | ForEach-Object { $_.VoiceInfo } | "
            "Select-Object Name, @{n='Culture';e={$_.Culture.Name}}, @{n='Gender';e={[string]$_.Gender}} | "
            "ConvertTo-Json -Compress"
        )

    def voices(self, printed: str) -> tuple[VoiceInfo, ...]:
        data = json.loads(printed or "[]")
        return tuple(
            VoiceInfo(
                id=entry["Name"],
                name=entry["Name"],
                language=_bcp47(entry["Culture"]),
                gender=_GENDERS.get(str(entry.get("Gender", ""))[:1].upper()),
            )
            for entry in (data if isinstance(data, list) else [data])
        )

    def speak(self, voice: VoiceInfo | None, rate: float) -> list[str]:
        speed = max(-10, min(10, round((rate - 1) * 10)))
        name = "" if voice is None else voice.id.replace("'", "''")
        select = f"$s.SelectVoice('{name}'); " if name else ""
        return self._run(
            f"$s.Rate = {speed}; {select}$m = New-Object IO.MemoryStream; $s.SetOutputToWaveStream($m); "
            "[Console]::InputEncoding = [Text.Encoding]::UTF8; $s.Speak([Console]::In.ReadToEnd()); "
            "$s.SetOutputToNull(); $o = [Console]::OpenStandardOutput(); $m.WriteTo($o); $o.Flush()"
        )

    def _run(self, script: str) -> list[str]:
        start = (
            "Add-Type -AssemblyName System.Speech; [Console]::OutputEncoding = [Text.Encoding]::UTF8; "
            "$s = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
        )
        return [self._shell, "-NoProfile", "-NonInteractive", "-Command", start + script]


def _bcp47(tag: str) -> str:
    language, *rest = tag.replace("_", "-").split("-")
    return "-".join([language.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
