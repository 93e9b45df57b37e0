"""The built-in recogniser: CMU PocketSphinx with the small English model of its package.

It makes a first run work with no key, no download and no network. It is not good, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer.contract import (
    Ability,
    EpochContext,
    Feature,
    FileDesk,
    FileLimits,
    FileTranscript,
    Health,
    HealthState,
    KeepAlive,
    Kind,
    Language,
    Place,
    ProviderDescription,
    Recording,
    Setting,
    StreamLimits,
    StreamOptions,
    Tell,
    WorkerOpening,
)
from debabelizer.errors import ConfigurationError, UnsupportedLanguageError
from debabelizer_providers._local.messages import encode
from debabelizer_providers._local.places import models_folder
from debabelizer_providers._local.protocol import LocalStream, halves
from debabelizer_providers.sphinx import model
from debabelizer_providers.sphinx.start import Start

if TYPE_CHECKING:
    import httpx

DESCRIPTION = ProviderDescription(
    name="sphinx",
    title="Built-in recogniser",
    summary=(
        "Works at once, offline and without a key, in English only; its accuracy is modest: "
        "expect wrong words in every other sentence. Download a Whisper model "
        "or enter a provider's key for text you can rely on."
    ),
    place=Place.LOCAL,
    abilities=frozenset({Ability.STREAM, Ability.FILES}),
    settings=(
        Setting(
            key="idle_unload_min",
            kind=Kind.FLOAT,
            title="Free the memory after",
            help="Minutes without dictation after which the recogniser leaves the memory (about 130 MB). 0: at once.",
            default=10.0,
            minimum=0,
            maximum=1440,
            unit="min",
            advanced=True,
            reconnects=True,
        ),
    ),
    languages=(Language("en"),),
    most_languages=1,
    features=frozenset({Feature.PARTIALS, Feature.WORD_TIMES, Feature.PAUSES}),
    privacy="Everything stays on this computer.",
    facts_date="2026-11-21",
)

_LIMITS = StreamLimits(
    chunk_s=0.1,
    longest_chunk_s=2.0,
    keep_alive=KeepAlive.NONE,
    ready_s=60.0,  # its model may have to be unpacked first
    commit_answer_s=60.0,
    finish_answer_s=60.0,
)


class Sphinx:
    """``providers.sphinx``."""

    description = DESCRIPTION

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        del http  # nothing leaves this computer
        try:
            self._require(options)
        except (ConfigurationError, UnsupportedLanguageError) as error:
            return Health(HealthState.FAILED, error.message, error)
        return Health(HealthState.OK, "Ready, with modest accuracy; English only.")

    def stream(self, options: StreamOptions, context: EpochContext) -> LocalStream:
        del context  # it takes no earlier text
        self._require(options)
        return LocalStream(DESCRIPTION.name, DESCRIPTION.title, _opening(options), _LIMITS)

    def file_limits(self, options: StreamOptions) -> FileLimits:
        del options
        from debabelizer_providers._local.files import LIMITS

        return LIMITS

    async def transcribe_file(
        self, recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell
    ) -> FileTranscript:
        from debabelizer_providers._local.files import transcribe

        self._require(options)
        return await transcribe(DESCRIPTION.name, DESCRIPTION.title, _opening(options), recording, desk, tell)

    def _require(self, options: StreamOptions) -> None:
        if options.languages and not any(_is_english(tag) for tag in options.languages):
            raise UnsupportedLanguageError(
                f"The built-in recogniser knows English only, not {', '.join(options.languages)}. "
                "Download a Whisper model or choose a provider.",
                DESCRIPTION.name,
            )
        _require_package()


def _opening(options: StreamOptions) -> WorkerOpening:
    rest_s, unload_s = halves(float(options.settings.get("idle_unload_min", 10.0)))
    return WorkerOpening(
        target="debabelizer_providers.sphinx.worker:serve",
        first=(
            encode(
                Start(commit=options.commit, pause_s=options.pause_s, rest_s=rest_s, models=str(models_folder(options)))
            ),
        ),
        idle_unload_s=unload_s,
    )


def _is_english(tag: str) -> bool:
    return tag.split("-", maxsplit=1)[0].lower() == "en"


def _require_package() -> None:
    from importlib.util import find_spec

    for package in ("pocketsphinx", "faster_whisper"):
        if find_spec(package) is None:
            raise ConfigurationError(
                f"The built-in recogniser is not fully installed: the package {package} is missing.", DESCRIPTION.name
            )
    model.origin()


__all__ = ["DESCRIPTION", "Sphinx"]
