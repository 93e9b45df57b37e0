"""Whole recordings: up to a minute in one request; longer ones through a bucket of the user's, where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from debabelizer.contract import (
    Container,
    FileDesk,
    FileLimits,
    FileProgress,
    FileSegment,
    FileTranscript,
    Recording,
    StreamOptions,
    Tell,
)
from debabelizer.events import Joining, Word
from debabelizer_providers.google.account import access
from debabelizer_providers.google.batch import LONGEST_S, recognize_in_bucket, wants_bucket
from debabelizer_providers.google.connect import Plan, plan
from debabelizer_providers.google.languages import spaceless, tag_of, vendor_code
from debabelizer_providers.google.rest import Result, recognize

_SHORT_S = 55.0
"""The vendor takes a minute."""
_SHORT_BYTES = 7_000_000
"""The vendor takes ten million, and the recording grows by a third on its way."""
_ANSWER_S = 120.0


def limits(options: StreamOptions) -> FileLimits:
    wanted = plan(options, files=True)
    if wants_bucket(options, wanted):
        return FileLimits(
            accepts=frozenset({Container.WAV, Container.FLAC, Container.MP3, Container.OGG, Container.WEBM}),
            seconds=LONGEST_S,
            size=1 << 30,
        )
    return FileLimits(seconds=_SHORT_S, size=_SHORT_BYTES, parallel=4)


async def transcribe(recording: Recording, options: StreamOptions, desk: FileDesk, tell: Tell) -> FileTranscript:
    """Raises ConfigurationError, UnsupportedLanguageError, what the vendor refuses, and what httpx raises."""
    wanted = plan(options, files=True)
    who = await access(wanted.account, desk.http)
    tell(FileProgress(0.0))
    form: dict[str, object] = {"autoDecodingConfig": {}} if wanted.version == "v2" else {}
    vendor_id: str | None
    if wants_bucket(options, wanted):
        results, vendor_id = await recognize_in_bucket(recording, options, wanted, who, desk.http, tell)
    else:
        with recording.open() as file:
            content = file.read()
        answer = await recognize(desk.http, wanted, who, content, form, _ANSWER_S)
        results, vendor_id = answer.results, answer.vendor_id
    segments = tuple(_segments(_newest(results, wanted), recording.seconds))
    without_spaces = spaceless(vendor_code(options.translate_to) or "") or (
        not options.translate_to and wanted.spaceless
    )
    heard = FileTranscript(
        segments=segments,
        joining=Joining.VERBATIM if without_spaces else Joining.SPACE,
        language=next((segment.language for segment in segments if segment.language), None),
    )
    if options.translate_to:
        heard = FileTranscript(translation=heard)
    return msgspec.structs.replace(heard, notices=wanted.notices, vendor_id=vendor_id)


def _newest(results: Sequence[Result], wanted: Plan) -> Sequence[Result]:
    """Version 1 says who spoke in its last result only, which repeats all words of those before it."""
    if "diarizationConfig" not in wanted.config or len(results) < 2:
        return results
    last = results[-1]
    repeated = sum(len(result.words) for result in results[:-1])
    return [last] if repeated and len(last.words) >= repeated and last.words[0].speaker else results


def _segments(results: Iterable[Result], seconds: float) -> Iterator[FileSegment]:
    """One for each result, and within it for each speaker."""
    at = 0.0
    for result in results:
        text = result.text.strip()
        if not text:
            continue
        end = min(result.end or (result.words[-1].end if result.words else seconds), seconds)
        words = tuple(
            msgspec.structs.replace(word, start=min(word.start, seconds), end=min(word.end, seconds))
            for word in result.words
        )
        language = tag_of(result.language_code)
        turns = list(_turns(words))
        gap = "" if spaceless(result.language_code) else " "
        if len(turns) > 1:
            for turn in turns:
                yield FileSegment(
                    text=gap.join(word.text for word in turn),
                    start=turn[0].start,
                    end=turn[-1].end,
                    language=language,
                    speaker=turn[0].speaker,
                    words=turn,
                )
        else:
            start = words[0].start if words else min(at, end)
            speaker = words[0].speaker if words else None
            yield FileSegment(text=text, start=start, end=end, language=language, speaker=speaker, words=words)
        at = end


def _turns(words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """Runs of one speaker."""
    first = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or words[index].speaker != words[first].speaker:
            yield words[first:index]
            first = index
