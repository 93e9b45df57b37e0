"""Whisper on this computer (faster-whisper), in a worker process of its own.

On our side of the pipe: :mod:`description`, :mod:`languages`, :mod:`start`. In the worker: :mod:`worker` talks,
:mod:`listener` decides when to listen to what, :mod:`recorder` does so for whole recordings, :mod:`engine` runs the
model, :mod:`translator` in its other task; :mod:`agreement`, :mod:`window`, :mod:`room`, :mod:`gates`, :mod:`realign`
and :mod:`utterance` are what it thinks with, all pure.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from debabelizer.contract import (
    GRAPHICS_CARDS,
    EpochContext,
    FileDesk,
    FileLimits,
    FileTranscript,
    Health,
    HealthState,
    KeepAlive,
    Model,
    Recording,
    StreamLimits,
    StreamOptions,
    Tell,
    WorkerOpening,
    left_out,
)
from debabelizer.errors import ConfigurationError, ModelMissingError, ProviderError, UnsupportedLanguageError
from debabelizer_providers._local.messages import encode
from debabelizer_providers._local.places import models_folder
from debabelizer_providers._local.protocol import LocalStream, halves
from debabelizer_providers.whisper.description import DEFAULT_MODEL, DESCRIPTION, MODELS, NAME
from debabelizer_providers.whisper.languages import code_of
from debabelizer_providers.whisper.start import Start

if TYPE_CHECKING:
    import httpx

_LIMITS = StreamLimits(
    chunk_s=0.1,
    longest_chunk_s=2.0,
    keep_alive=KeepAlive.NONE,
    ready_s=180.0,  # three gigabytes from a slow disk
    commit_answer_s=120.0,
    finish_answer_s=120.0,
)
_NEEDED = ("model.bin", "tokenizer.json", "config.json")
_MOST_THREADS = 4
"""More gain little and make everything else stutter."""


class Whisper:
    """``providers.whisper``."""

    description = DESCRIPTION

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        del http  # nothing leaves this computer
        try:
            start = _start(options, "")
        except ModelMissingError as error:
            return Health(HealthState.MODEL_MISSING, error.message, error)
        except ProviderError as error:
            return Health(HealthState.FAILED, error.message, error)
        return Health(
            HealthState.OK,
            f"Ready with the model {start.model}."
            if _has_graphics()
            else f"Ready with the model {start.model}, on the processor: this package has no code for graphics cards; "
            "to use one, install Debabelizer with pipx.",
        )

    def stream(self, options: StreamOptions, context: EpochContext) -> LocalStream:
        """Raises ModelMissingError, ConfigurationError, UnsupportedLanguageError."""
        return LocalStream(NAME, DESCRIPTION.title, _opening(options, _start(options, context.previous_text)), _LIMITS)

    def file_limits(self, options: StreamOptions) -> FileLimits:
        from debabelizer_providers._local.files import LIMITS

        return LIMITS

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        """Raises as :meth:`stream`, and what goes wrong in the worker."""
        from debabelizer_providers._local.files import AHEAD_S, transcribe

        start = msgspec.structs.replace(
            _start(options, ""),
            recording=True,
            batch=int(_value(options, "file_batch")),
            translate=bool(options.translate_to),
        )
        opening = _opening(options, start)
        return await transcribe(
            NAME,
            DESCRIPTION.title,
            opening,
            recording,
            desk,
            tell,
            translating=bool(options.translate_to),
            ahead_s=start.held_s + AHEAD_S,
        )


def _opening(options: StreamOptions, start: Start) -> WorkerOpening:
    return WorkerOpening(
        target="debabelizer_providers.whisper.worker:serve",
        key="|".join(str(part) for part in start.engine),
        first=(encode(start),),
        idle_unload_s=halves(float(_value(options, "idle_unload_min")))[1],
    )


def _start(options: StreamOptions, previous_text: str) -> Start:
    from importlib.util import find_spec

    if find_spec("faster_whisper") is None:
        raise ConfigurationError("Whisper is not fully installed: the package faster-whisper is missing.", NAME)
    name, folder = _model(options)
    return Start(
        model=name,
        folder=str(folder),
        device=_value(options, "device") if _has_graphics() else "cpu",
        compute=_value(options, "compute_type"),
        threads=int(_value(options, "cpu_threads")) or min(_MOST_THREADS, os.cpu_count() or 1),
        beam=int(_value(options, "beam")),
        languages=_codes(options.languages, name),
        vocabulary=options.vocabulary,
        prompt=_value(options, "prompt"),
        previous_text=previous_text,
        commit=options.commit,
        pause_s=options.pause_s,
        second_pass=bool(_value(options, "second_pass")),
        second_pass_s=float(_value(options, "second_pass_s")),
        rest_s=halves(float(_value(options, "idle_unload_min")))[0],
        notebook=str(models_folder(options) / NAME / "graphics-card.json"),
    )


def _has_graphics() -> bool:
    """Whether this program has the code for graphics cards; without it, not even a look for them may be taken."""
    return GRAPHICS_CARDS not in left_out()


def _value(options: StreamOptions, key: str) -> Any:
    found = options.settings.get(key)
    if found is None:
        return next(s.default for s in DESCRIPTION.settings if s.key == key)
    return found


def _model(options: StreamOptions) -> tuple[str, Path]:
    """Name and folder of the model to use. Raises ModelMissingError."""
    own = str(_value(options, "folder")).strip()
    if own:
        folder = Path(own).expanduser()
        missing = [file for file in _NEEDED if not (folder / file).is_file()]
        if missing:
            raise ModelMissingError(
                f"The folder {folder} holds no Whisper model in CTranslate2 form: {', '.join(missing)} not found.", NAME
            )
        return folder.name, folder
    from debabelizer.models import ModelStore

    name = str(_value(options, "model")) or DEFAULT_MODEL
    model = next((m for m in MODELS if m.name == name), None)
    if model is None:
        known = ", ".join(m.name for m in MODELS)
        raise ConfigurationError(f"There is no Whisper model {name!r}; there are {known}.", NAME)
    store = ModelStore(models_folder(options))
    if not store.is_present(NAME, model):
        raise ModelMissingError(f"The Whisper model {name} is not on this computer yet.", NAME)
    return name, store.folder_of(NAME, model)


def _codes(tags: tuple[str, ...], model: str) -> tuple[str, ...]:
    """Whisper's codes of the languages allowed; empty: any. Raises UnsupportedLanguageError."""
    known = _english_only(model)
    codes = []
    for tag in tags:
        code = code_of(tag)
        if code is not None and (not known or code == "en"):
            codes.append(code)
    if tags and not codes:
        which = f"The Whisper model {model} knows English only" if known else "Whisper does not know this language"
        raise UnsupportedLanguageError(f"{which} ({', '.join(tags)} was chosen).", NAME)
    return tuple(dict.fromkeys(codes))


def _english_only(name: str) -> bool:
    model: Model | None = next((m for m in MODELS if m.name == name), None)
    return model is not None and model.languages == ("en",)


__all__ = ["DESCRIPTION", "Whisper"]
