"""Google's client library: an extra that is loaded when it is first used, in a thread, for it takes half a second."""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import Any

import msgspec

from debabelizer.errors import ConfigurationError
from debabelizer_providers.google.description import LIBRARY, NAME


class Messages(msgspec.Struct, frozen=True):
    """Protobuf classes of one version. ``audio`` is the field of a request that holds audio; ``Broken`` is raised for
    bytes that are no message."""

    request: Any
    response: Any
    audio: str
    Broken: type[Exception]


def missing() -> ConfigurationError | None:
    """The error to tell where the library is not installed. Loads nothing of it."""
    return None if LIBRARY.present() else _not_installed()


def load(module: str) -> Any:
    """A module of the library. Slow at first: call it in a thread. Raises ConfigurationError."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # it writes to the terminal by itself
    try:
        return importlib.import_module(module)
    except ImportError as problem:
        raise _not_installed(str(problem)) from problem


@cache
def messages(version: str) -> Messages:
    """Slow at first: call it in a thread. Raises ConfigurationError."""
    types = load(f"google.cloud.speech_{version}.types.cloud_speech")
    return Messages(
        types.StreamingRecognizeRequest.pb(),
        types.StreamingRecognizeResponse.pb(),
        "audio" if version == "v2" else "audio_content",
        load("google.protobuf.message").DecodeError,
    )


def _not_installed(why: str = "") -> ConfigurationError:
    told = f" ({why})" if why else ""
    return ConfigurationError(LIBRARY.advice + told, NAME, "library_missing")
