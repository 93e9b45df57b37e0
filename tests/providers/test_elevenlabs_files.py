"""Whole recordings to ElevenLabs over real HTTP, and what its answers become."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.audio.wav import header
from debabelizer.contract import Ability, Container, FilesToText, FileTranscript, StreamOptions
from debabelizer.errors import (
    AudioError,
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer.files.recording import Sound
from debabelizer_providers.elevenlabs import ElevenLabs
from debabelizer_providers.elevenlabs.files import form, read
from fakes.elevenlabs_server import ElevenLabsServer
from fakes.file_desk import Told, file_desk, sound
from fakes.recognisers import numbered, numbered_audio, scripted
from fakes.vendor_socket import Answer, HttpRequest

VOICE = numbered_audio(0, 20)
# the SDK still names pydantic 1 and asyncio.iscoroutinefunction on some Pythons; not ours to mend
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


async def ask(
    server: ElevenLabsServer,
    recording: Sound | None = None,
    *,
    languages: tuple[str, ...] = (),
    vocabulary: tuple[str, ...] = (),
    **settings: Any,
) -> FileTranscript:
    options = StreamOptions(
        languages=languages,
        vocabulary=vocabulary,
        settings={"api_key": server.key, "base_url": server.url} | settings,
    )
    async with file_desk("elevenlabs") as desk:
        return await ElevenLabs().transcribe_file(recording or sound(VOICE), options, desk, Told())


def fields(server: ElevenLabsServer, number: int = -1) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in server.requests[number].form():
        if part.name != "file":
            found.setdefault(part.name, []).append(part.text)
    return found


def stereo(left: bytes, right: bytes) -> Sound:
    pcm = np.stack([np.frombuffer(one, "<i2") for one in (left, right)], axis=1).tobytes()
    data = header(len(pcm), channels=2) + pcm
    one = sound(data)
    return Sound(container=Container.WAV, size=one.size, seconds=one.seconds / 2, channels=2, opened=one.opened)


def test_it_says_that_it_takes_files() -> None:
    assert isinstance(ElevenLabs(), FilesToText)
    assert Ability.FILES in ElevenLabs.description.abilities
    keys = [s.key for s in ElevenLabs.description.settings if s.group == "Files"]
    assert keys
    assert all(key.startswith("file_") for key in keys)


async def test_every_word_with_its_time_confidence_and_language() -> None:
    async with ElevenLabsServer(recognise=numbered) as server:
        heard = await ask(server)
    (segment,) = heard.segments
    assert segment.text == " ".join(f"w{n}" for n in range(20))
    assert [word.text for word in segment.words] == segment.text.split()
    assert segment.words[3].start == pytest.approx(0.625, abs=0.01)
    assert 0.97 < (segment.words[0].confidence or 0) < 1
    assert segment.language == heard.language == "en"
    assert (segment.start, segment.end) == (segment.words[0].start, segment.words[-1].end)
    assert heard.vendor_id is not None
    assert heard.vendor_id.startswith("tr_")


async def test_what_is_asked_for_unless_the_user_wants_more() -> None:
    async with ElevenLabsServer() as server:
        await ask(server)
        request = server.requests[0]
        assert fields(server) == {
            "model_id": ["scribe_v2"],
            "timestamps_granularity": ["word"],
            "tag_audio_events": ["false"],
        }
        assert request.headers["xi-api-key"] == server.key
        assert request.query == []
        (file,) = [part for part in request.form() if part.name == "file"]
        assert (file.filename, file.content_type) == ("recording.wav", "audio/wav")
        assert file.content.endswith(VOICE)


async def test_every_option_reaches_the_vendor_in_its_own_words() -> None:
    async with ElevenLabsServer() as server:
        await ask(
            server,
            languages=("ru-RU",),
            vocabulary=("Okafor", "Ana Petrova"),
            file_model="scribe_v3",
            file_diarize=True,
            file_speakers=3,
            file_speaker_roles=True,
            file_speaker_library=True,
            file_audio_events=True,
            file_numbers="digits",
            no_verbatim=True,
            entity_detection=["pii"],
            entity_redaction=["name"],
            entity_redaction_mode="redacted",
            logging=False,
        )
        assert fields(server) == {
            "model_id": ["scribe_v3"],
            "timestamps_granularity": ["word"],
            "tag_audio_events": ["true"],
            "language_code": ["ru"],
            "keyterms": ["Okafor", "Ana Petrova"],
            "diarize": ["true"],
            "num_speakers": ["3"],
            "detect_speaker_roles": ["true"],
            "use_speaker_library": ["true"],
            "numbers_format": ["digits"],
            "no_verbatim": ["true"],
            "entity_detection": ['["pii","name"]'],
            "entity_redaction": ['["name"]'],
            "entity_redaction_mode": ["redacted"],
        }
        assert server.requests[0].query == [("enable_logging", "false")]


async def test_speakers_have_segments_of_their_own() -> None:
    async with ElevenLabsServer(recognise=numbered) as server:
        heard = await ask(server, file_diarize=True)
    assert [segment.speaker for segment in heard.segments] == ["speaker_0", "speaker_1"]
    assert heard.segments[1].text.startswith("w10")
    assert {word.speaker for word in heard.segments[1].words} == {"speaker_1"}


async def test_channels_come_one_by_one_and_in_the_order_of_speaking() -> None:
    quiet = bytes(len(VOICE) // 2)
    left, right = VOICE[: len(VOICE) // 2] + quiet, quiet + VOICE[len(VOICE) // 2 :]
    async with ElevenLabsServer(recognise=numbered) as server:
        heard = await ask(server, stereo(left, right), file_channels=True)
        assert fields(server)["use_multi_channel"] == ["true"]
        assert [(s.channel, s.text.split()[0]) for s in heard.segments] == [(0, "w0"), (1, "w10")]
        await ask(server, file_channels=True)
        assert "use_multi_channel" not in fields(server)  # there is one channel only
        plain = await ask(server, stereo(left, right), file_channels=True, transcript_edit="Shout")
        assert "w0" in plain.segments[0].text
    assert any("cannot rewrite the text of single channels" in notice for notice in plain.notices)


async def test_a_rewritten_text_comes_in_place_of_the_words() -> None:
    async with ElevenLabsServer(recognise=scripted(["call ana"])) as server:
        heard = await ask(server, transcript_edit="In capitals.")
    assert [segment.text for segment in heard.segments] == ["CALL ANA"]
    assert heard.segments[0].words == ()


async def test_names_of_other_sounds_are_in_the_text_and_are_no_words() -> None:
    async with ElevenLabsServer(recognise=scripted(["hello"])) as server:
        heard = await ask(server, file_audio_events=True)
    assert heard.segments[0].text == "hello (laughter)"
    assert [word.text for word in heard.segments[0].words] == ["hello"]


async def test_silence_gives_no_segment() -> None:
    async with ElevenLabsServer() as server:
        assert (await ask(server, sound(bytes(32_000)))).segments == ()


async def test_with_a_token_the_key_stays_away_from_the_recording() -> None:
    async with ElevenLabsServer(recognise=numbered) as server:
        heard = await ask(server, single_use_token=True)
        assert heard.segments
        token, file = server.requests
        assert token.path == "/v1/single-use-token/batch_scribe"
        assert "xi-api-key" not in file.headers
        assert dict(file.query)["token"].startswith("sutkn_")


async def test_word_list_and_languages_are_cut_to_what_fits_and_it_is_said() -> None:
    words = ("fine", "x" * 51, "one two three four five six", "a[b]")
    async with ElevenLabsServer() as server:
        heard = await ask(server, vocabulary=words, languages=("en", "ru"), file_numbers="words")
        assert fields(server)["keyterms"] == ["fine"]
        assert "language_code" not in fields(server)
        many = await ask(server, vocabulary=tuple(f"w{n}" for n in range(1200)))
        assert len(fields(server)["keyterms"]) == 1000
    assert "six" in heard.notices[0]
    assert any("one language" in notice for notice in heard.notices)
    assert any("Scribe v3" in notice for notice in heard.notices)
    assert "others (192)" in many.notices[0]


REFUSALS = [
    (
        Answer(401, {"detail": {"status": "invalid_api_key", "message": "Invalid API key"}}),
        AuthenticationError,
        "Invalid",
    ),
    (Answer(401, {"detail": {"status": "quota_exceeded", "message": "0 credits"}}), QuotaExceededError, "0 cr"),
    (Answer(402, {"detail": "pay"}), QuotaExceededError, "pay"),
    (Answer(429, {"detail": {"status": "too_many_concurrent_requests", "message": "m"}}), RateLimitError, "(m)"),
    (Answer(422, {"detail": [{"loc": ["body", 3], "msg": "bad", "type": "t"}]}), ConfigurationError, "body.3: bad"),
    (Answer(400, {"detail": {"message": "File upload is corrupted."}}), AudioError, "cannot read the recording"),
    (Answer(500, "<html>"), StreamingError, "500"),
    (Answer(200, "<html>a proxy's page</html>"), StreamingError, "not its protocol"),
]


@pytest.mark.parametrize(("answer", "kind", "words"), REFUSALS)
async def test_refusals_keep_the_vendors_words(answer: Answer, kind: type[ProviderError], words: str) -> None:
    async with ElevenLabsServer() as server:
        server.scripted.append(answer)
        with pytest.raises(kind) as caught:
            await ask(server)
        assert caught.value.provider == "elevenlabs"
        assert words in str(caught.value)
        assert server.key not in str(caught.value) + repr(caught.value)
        assert len(server.requests) == 1


async def test_a_model_that_is_not_in_the_list_is_asked_for() -> None:
    async with ElevenLabsServer() as server:
        server.scripted.append(Answer(200, {"text": "", "words": []}))
        await ask(server, file_other_model="scribe_v3_next", languages=("en", "fr"))
        assert fields(server)["model_id"] == ["scribe_v3_next"]
        assert fields(server)["secondary_language_codes"] == ["fr"]


async def test_how_long_to_wait_is_read_from_the_answer() -> None:
    async with ElevenLabsServer() as server:
        server.scripted.append(Answer(429, {"detail": {"status": "system_busy"}}, {"Retry-After": "7"}))
        with pytest.raises(RateLimitError) as caught:
            await ask(server)
    assert caught.value.retry_after == 7


def test_what_excludes_each_other_and_strange_languages_are_refused_before_anything_is_sent() -> None:
    with pytest.raises(ConfigurationError):
        form(StreamOptions(settings={"transcript_edit": "x", "entity_detection": ["pii"]}))
    with pytest.raises(UnsupportedLanguageError):
        form(StreamOptions(languages=("tlh",)))


async def test_a_cancelled_request_is_gone() -> None:
    arrived = asyncio.Event()

    class Silent(ElevenLabsServer):
        def answer(self, request: HttpRequest) -> Answer:
            arrived.set()
            return Answer(200, {}, delay_s=600)

    async with Silent() as server:
        asking = asyncio.create_task(ask(server))
        await arrived.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
names = st.sampled_from(["text", "words", "start", "end", "type", "transcripts", "language_code", "edited_transcript"])


@given(st.binary(max_size=60) | st.dictionaries(names, values).map(lambda d: json.dumps(d).encode()))
def test_garbage_is_a_typed_error(body: bytes) -> None:
    with contextlib.suppress(StreamingError):
        assert isinstance(read(body), FileTranscript)


# ------------------------------------------------------------------------------------------------- the SDK


async def test_the_vendors_sdk_sends_a_file_and_reads_the_answer(tmp_path: Path) -> None:
    from elevenlabs import AsyncElevenLabs
    from elevenlabs.core import ApiError

    async with ElevenLabsServer(recognise=numbered) as server:
        client = AsyncElevenLabs(api_key=server.key, base_url=server.url)
        speech = header(len(VOICE)) + VOICE
        try:
            heard: Any = await client.speech_to_text.convert(
                model_id="scribe_v2", file=("a.wav", speech, "audio/wav"), diarize=True, keyterms=["Okafor"]
            )
            assert heard.words[0].speaker_id == "speaker_0"
            assert heard.text.startswith("w0 w1 ")
            two = stereo(VOICE, VOICE).open().read()
            both: Any = await client.speech_to_text.convert(
                model_id="scribe_v2", file=("a.wav", two, "audio/wav"), use_multi_channel=True
            )
            assert [one.channel_index for one in both.transcripts] == [0, 1]
            with pytest.raises(ApiError) as caught:
                await client.speech_to_text.convert(model_id="scribe_v0", file=("a.wav", speech, "audio/wav"))
            assert caught.value.status_code == 400
        finally:
            await client._client_wrapper.httpx_client.httpx_client.aclose()
