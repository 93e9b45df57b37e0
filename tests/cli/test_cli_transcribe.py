"""Recordings to text with real recognisers: the tiny Whisper and the built-in one."""

from __future__ import annotations

import signal
import wave

import pytest

from fakes.recordings import SPEECH, plain, recording, words_wrong

HELLO = SPEECH / "01_hello_test.wav"
SAID = "hello world this is a test of dictation"


def test_text_of_a_file_is_printed_and_nothing_else(whisper):
    ran = whisper("transcribe", HELLO)
    assert (ran.status, plain(ran.out), ran.err) == (0, SAID, "")
    assert ran.out.count("\n") == 1


def test_without_key_model_or_network_the_built_in_recogniser_answers(program):
    weather = recording("weather")
    ran = program("transcribe", weather.path)
    assert ran.status == 0
    assert words_wrong(weather.text, ran.out) <= 0.4


def test_json_has_words_and_times_of_the_whole_recording(whisper):
    (result,) = whisper("transcribe", "--json", SPEECH / "08_long_silences.wav").json()
    assert plain(result["text"]) == "hello world new paragraph thank you"
    assert result["complete"] is True
    assert result["error"] is None
    assert result["duration"] == pytest.approx(9.14, abs=0.05)
    words = [word for segment in result["segments"] for word in segment["words"]]
    assert [word["text"] for word in words] == result["text"].split()
    starts = [word["start"] for word in words]
    assert starts == sorted(starts)
    for word, expected in zip(words, (0.27, 0.52, 3.91, 4.02, 7.94, 8.42), strict=True):
        assert word["start"] == pytest.approx(expected, abs=0.6)


def test_several_files_go_on_past_broken_ones_and_the_status_tells(whisper, tmp_path):
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"ID3" + bytes(range(256)) * 20)
    empty = tmp_path / "empty.wav"
    empty.touch()
    ran = whisper("transcribe", broken, HELLO, empty, tmp_path / "missing.wav", SPEECH / "03_digits.wav")
    assert ran.status == 66
    assert SAID in plain(ran.out)
    assert "seven three nine zero four two" in plain(ran.out)
    assert f"== {HELLO} ==" in ran.out
    told = ran.err.splitlines()
    assert len(told) == 3
    assert "broken.mp3" in told[0]
    assert "empty.wav is empty" in told[1]
    assert "There is no file" in told[2]


def test_json_of_several_files_names_the_broken_one(whisper, tmp_path):
    ran = whisper("transcribe", "--json", tmp_path / "missing.wav", HELLO)
    missing, good = ran.json()
    assert ran.status == 66
    assert missing["category"] == "audio"
    assert "There is no file" in missing["error"]
    assert plain(good["text"]) == SAID


def test_a_recording_comes_through_a_pipe(whisper):
    ran = whisper("transcribe", "-", stdin=HELLO.read_bytes())
    assert (ran.status, plain(ran.out)) == (0, SAID)


def test_other_containers_rates_and_channels_are_read(whisper, tmp_path):
    import av

    path = tmp_path / "speech.mka"
    with wave.open(str(HELLO)) as source:
        pcm = source.readframes(source.getnframes())
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="stereo")
        resampler = av.AudioResampler(format=stream.format.name, layout="stereo", rate=48_000)
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(pcm) // 2)
        frame.planes[0].update(pcm)
        frame.sample_rate = 16_000
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    assert plain(whisper("transcribe", path).out) == SAID


def test_silence_gives_no_text_and_says_so(whisper):
    ran = whisper("transcribe", SPEECH / "10_no_speech.wav")
    assert (ran.status, ran.out) == (0, "")
    assert "no speech was understood" in ran.err


def test_a_long_recording_is_understood_piece_by_piece_to_its_last_word(whisper, tmp_path):
    said = [recording(name) for name in ("hello_test", "send_message", "digits", "save_and_close")] * 3
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as target:
        target.setparams((1, 2, 16_000, 0, "NONE", ""))
        for part in said:
            target.writeframes(part.pcm + bytes(32_000))
    (result,) = whisper("transcribe", "--json", path).json()
    assert result["complete"] is True
    assert words_wrong(" ".join(part.text for part in said), result["text"]) <= 0.1
    assert plain(result["text"]).split()[-3:] == said[-1].text.split()[-3:]


def test_ctrl_c_keeps_what_is_done(whisper, tmp_path):
    path = tmp_path / "hour.wav"
    with wave.open(str(HELLO)) as source:
        once = source.readframes(source.getnframes()) + bytes(64_000)
    with wave.open(str(path), "wb") as target:
        target.setparams((1, 2, 16_000, 0, "NONE", ""))
        for _ in range(700):
            target.writeframes(once)
    with whisper.started("--verbose", "transcribe", path, "--json") as process:
        for line in process.stderr:
            if b"understood up to" in line:
                break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"this is what had been understood" in err
    assert SAID in plain(out.decode())
    assert b'"complete": false' in out


def test_an_unknown_language_of_the_built_in_recogniser_is_refused_with_a_way_out(program):
    ran = program("transcribe", "--language", "ru", "--provider", "sphinx", HELLO)
    assert ran.status == 2
    assert "English only" in ran.err
    assert ran.out == ""


def test_a_missing_model_is_named_with_the_command_that_fetches_it(program):
    ran = program("transcribe", "--provider", "whisper", HELLO)
    assert ran.status == 2
    assert "debabelizer models download whisper" in ran.err


async def serving(server, run):
    """``run`` in a thread while ``server`` answers here."""
    import asyncio

    async with server:
        return await asyncio.to_thread(run)


async def test_a_provider_that_takes_files_gets_them_whole_and_tells_who_spoke(program):
    from fakes.elevenlabs_server import ElevenLabsServer
    from fakes.recognisers import scripted

    server = ElevenLabsServer(recognise=scripted(["hello world this is a test of dictation"]))

    def run():
        program.env |= {
            "ELEVENLABS_API_KEY": server.key,
            "DEBABELIZER_PROVIDERS_ELEVENLABS_BASE_URL": server.url,
            "DEBABELIZER_PROVIDERS_ELEVENLABS_FILE_DIARIZE": "true",
        }
        talk = ("transcribe", "--provider", "elevenlabs", HELLO)
        return program(*talk), program(*talk, "--json").json(), program(*talk, "--live")

    plain_text, (data,), live = await serving(server, run)
    assert plain_text.out == "speaker_0: hello world this is a test of\nspeaker_1: dictation\n"
    assert [segment["speaker"] for segment in data["segments"]] == ["speaker_0", "speaker_1"]
    assert data["segments"][0]["words"][0]["text"] == "hello"
    assert data["segments"][0]["channel"] is None
    assert SAID in plain(live.out)
    assert len([request for request in server.requests if request.path == "/v1/speech-to-text"]) == 2
    assert len(server.connections) >= 1


async def test_a_wrong_key_is_told_once_for_all_files(program):
    from fakes.openai_server import OpenAIServer

    server = OpenAIServer()

    def run():
        program.env |= {"OPENAI_API_KEY": "sk-wrong", "OPENAI_BASE_URL": server.url}
        return program("transcribe", "--jobs", "1", "--provider", "openai", HELLO, SPEECH / "03_digits.wav")

    ran = await serving(server, run)
    assert ran.status == 77
    assert "keys set openai" in ran.err
    assert len(server.requests) == 1
