"""Whole recordings: one form to ``/audio/transcriptions``, or for English ``/audio/translations``, at OpenAI itself and
at compatible servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from debabelizer.contract import (
    FileDesk,
    FileLimits,
    FileProgress,
    FileTranscript,
    Recording,
    StreamOptions,
    Tell,
    seconds_of,
)
from debabelizer.errors import ConfigurationError, ProviderError, RateLimitError
from debabelizer_providers._cloud.unreadable import of_the_recording
from debabelizer_providers.openai.connect import Plan, authorization, plan, setting, vendor_language
from debabelizer_providers.openai.description import BASE_URL, DESCRIPTION
from debabelizer_providers.openai.file_answers import read, read_events
from debabelizer_providers.openai.file_settings import (
    CONTAINERS,
    FILE_MODELS,
    LARGEST,
    OTHER_FILE_MODEL,
    TRANSLATOR,
    FileModel,
)
from debabelizer_providers.openai.trouble import http_error
from debabelizer_providers.openai.words import told

if TYPE_CHECKING:
    import httpx

PATH = "/audio/transcriptions"
TO_ENGLISH = "/audio/translations"
_PLAIN = ("model", "language", "prompt")
_ABOUT_OTHERS = frozenset({"model_not_found", "invalid_model"})
"""Codes of refusals that a simpler form would meet, too."""

Fields = dict[str, list[str]]


def limits(options: StreamOptions) -> FileLimits:
    return FileLimits(accepts=CONTAINERS, size=LARGEST, seconds=_model(options)[1].seconds, parallel=4)


async def transcribe(recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell) -> FileTranscript:
    """Raises ConfigurationError, UnsupportedLanguageError, what the vendor refuses, and what httpx raises."""
    fields, notices = form(options)
    wanted = plan(options)
    url = wanted.base_url + (TO_ENGLISH if options.translate_to else PATH)
    tell(FileProgress())
    try:
        heard = await _ask(recording, wanted, url, fields, desk, tell)
    except ConfigurationError as refusal:
        plain = _plain(fields)
        if plain == fields or wanted.base_url == BASE_URL or refusal.code in _ABOUT_OTHERS:
            raise
        heard = await _ask(recording, wanted, url, plain, desk, tell)  # a server that knows the simplest form only
    if options.translate_to:
        heard = FileTranscript(translation=heard, vendor_id=heard.vendor_id)
    return msgspec.structs.replace(heard, notices=notices)


def form(options: StreamOptions) -> tuple[Fields, tuple[str, ...]]:
    """The fields beside the file, and what the user should know. Raises as :func:`transcribe`."""
    name, model = _model(options)
    languages, one_language = ({}, ()) if options.translate_to else _languages(options.languages, model)
    words = told(
        options,
        model,
        title=DESCRIPTION.title,
        prompt=str(setting(options, "prompt")).strip(),
        send_list=bool(setting(options, "vocabulary")),
    )
    fields: Fields = {"model": [name], "response_format": [_form_of(options, name, model)], **languages}
    if fields["response_format"] == ["verbose_json"] and not options.translate_to:
        fields["timestamp_granularities[]"] = ["word", "segment"]
    if words.keywords:
        fields["keywords[]"] = list(words.keywords)
    if words.prompt:
        fields["prompt"] = [words.prompt]
    if model.chunks:
        fields["chunking_strategy"] = ["auto"]
    if model.streams and setting(options, "file_stream"):
        fields["stream"] = ["true"]
    return fields, (*words.notices, *one_language)


async def _ask(
    recording: Recording, wanted: Plan, url: str, fields: Fields, desk: FileDesk, tell: Tell
) -> FileTranscript:
    with recording.open() as file:
        request = desk.http.build_request(
            "POST",
            url,
            headers={**authorization(wanted), **wanted.headers},
            data=fields,
            files={"file": (recording.name, file, recording.container.media_type)},
        )
        answer = await desk.http.send(request, stream=True)
    try:
        kind = answer.headers.get("content-type", "")
        if answer.status_code == 200 and kind.startswith("text/event-stream"):
            heard = await read_events(answer.aiter_lines(), tell)
        else:
            body = await answer.aread()
            if answer.status_code != 200:
                raise _refusal(answer, body)
            heard = read(body, kind)
        return _with_id(heard, answer.headers.get("x-request-id"))
    finally:
        await answer.aclose()


def _with_id(heard: FileTranscript, request: str | None) -> FileTranscript:
    return msgspec.structs.replace(heard, vendor_id=request)


def _refusal(answer: httpx.Response, body: bytes) -> ProviderError:
    error = http_error(answer.status_code, body)
    if isinstance(error, RateLimitError):
        error.retry_after = seconds_of(answer.headers.get("retry-after"))
    return of_the_recording(error, "OpenAI")


def _plain(fields: Fields) -> Fields:
    """What every server knows."""
    plain = {name: values for name, values in fields.items() if name in _PLAIN} | {"response_format": ["json"]}
    languages = fields.get("languages[]", [])
    return plain | ({"language": languages} if len(languages) == 1 else {})


def _model(options: StreamOptions) -> tuple[str, FileModel]:
    """Its name and what it takes."""
    chosen = str(setting(options, "file_model"))
    other = str(setting(options, "file_other_model")).strip() or str(setting(options, "other_model")).strip()
    if other and (setting(options, "file_other_model") or setting(options, "base_url")):
        chosen = other
    if options.translate_to and chosen in FILE_MODELS:
        chosen = TRANSLATOR
    return chosen, FILE_MODELS.get(chosen, OTHER_FILE_MODEL)


def _form_of(options: StreamOptions, name: str, model: FileModel) -> str:
    return model.form if name in FILE_MODELS else str(setting(options, "file_form"))


def _languages(tags: tuple[str, ...], model: FileModel) -> tuple[Fields, tuple[str, ...]]:
    codes = list(dict.fromkeys(vendor_language(tag) for tag in tags))
    if not codes:
        return {}, ()
    if model.hints:
        return {"languages[]": codes}, ()
    if len(codes) == 1:
        return {"language": codes}, ()
    return {}, ("This model takes one language for a file: it finds out itself which of yours is spoken.",)


__all__ = ["form", "limits", "transcribe"]
