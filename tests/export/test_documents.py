"""Transcripts as files, read back by others' readers."""

from __future__ import annotations

import csv
import io
import json

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.errors import ConnectionError
from debabelizer.events import Freeze, SegmentId, Word
from debabelizer.export.documents import FORMS, write
from debabelizer.transcriber import Transcript, TranscriptSegment
from debabelizer.transcript import SegmentMap

TALK = Transcript(
    provider="deepgram",
    text="Good morning. *Hello!* How are you?",
    duration=12.0,
    segments=(
        TranscriptSegment(
            text="Good morning.",
            start=0.5,
            end=1.5,
            speaker="Ann",
            words=(Word("Good", 0.5, 0.9, 0.98), Word("morning.", 0.9, 1.5, 0.9)),
        ),
        TranscriptSegment(text="*Hello!*", start=2.0, end=2.5, speaker="Bob"),
        TranscriptSegment(text="How are\tyou?", start=2.6, end=3.5, speaker="Bob"),
        TranscriptSegment(text="Größe & <Maß>", start=9.0, end=10.0, speaker="Bob"),
    ),
)


def text(form: str, transcript: Transcript = TALK) -> str:
    return write(transcript, form, "Talk").decode()


def test_plain_text_has_a_line_for_each_turn() -> None:
    assert text("txt").splitlines() == ["Ann: Good morning.", "Bob: *Hello!* How are you?", "Bob: Größe & <Maß>"]


def test_markdown_has_times_and_no_marks_by_accident() -> None:
    assert text("md").split("\n\n") == [
        "# Talk",
        "**0:00:00 Ann:** Good morning.",
        "**0:00:02 Bob:** \\*Hello!\\* How are you?",
        "**0:00:09 Bob:** Größe & \\<Maß\\>\n",
    ]


def test_a_table_others_read() -> None:
    rows = list(csv.DictReader(io.StringIO(text("tsv")), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows[0] == {"start": "500", "end": "1500", "speaker": "Ann", "text": "Good morning."}
    assert [row["text"] for row in rows][2:] == ["How are you?", "Größe & <Maß>"]


def test_json_has_everything() -> None:
    found = json.loads(text("json"))
    assert found["segments"][0]["words"][1] == {
        "text": "morning.",
        "start": 0.9,
        "end": 1.5,
        "confidence": 0.9,
        "speaker": None,
    }
    assert (found["provider"], found["duration"], found["complete"], found["error"]) == ("deepgram", 12.0, True, None)
    failed = Transcript(provider="x", text="", duration=0, complete=False, error=ConnectionError("gone", "x"))
    assert json.loads(text("json", failed))["error"] == "gone"


def test_word_opens_it() -> None:
    document = docx.Document(io.BytesIO(write(TALK, "docx", "Talk\x07")))
    assert [p.text for p in document.paragraphs] == [
        "Talk",
        "0:00:00 Ann: Good morning.",
        "0:00:02 Bob: *Hello!* How are you?",
        "0:00:09 Bob: Größe & <Maß>",
    ]
    assert document.paragraphs[1].runs[0].bold
    assert document.paragraphs[0].style.name == "Heading 1"
    assert document.sections[0].page_width.mm == pytest.approx(210, abs=0.1)
    for part in document.part.package.iter_parts():
        assert part.content_type != "application/octet-stream", part.partname


def test_word_gets_every_character_it_can_hold() -> None:
    spoken = "10\u202f000\u00a0€,\ttab,\nline, 👩\u200d💻 \u0628\u200c\u0645"
    unspeakable = "\x00\x1b\ud800\uffff"
    said = Transcript(provider="x", text=spoken + unspeakable, duration=1.0)
    written = write(said, "docx", "t", paragraphs=True)
    assert docx.Document(io.BytesIO(written)).paragraphs[1].text == f"0:00:00 {spoken}"
    assert written == write(said, "docx", "t", paragraphs=True)


def spoken(*texts: str) -> Transcript:
    segments = tuple(TranscriptSegment(text=each, start=float(n), end=n + 1.0) for n, each in enumerate(texts))
    return Transcript(provider="x", text="", duration=float(len(texts)), segments=segments)


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        (("你好。", "今天天气很好"), "你好。今天天气很好"),
        (("今日は", "いい天気です"), "今日はいい天気です"),
        (("สวัสดี", "ครับ"), "สวัสดีครับ"),
        (("안녕하세요.", "반갑습니다."), "안녕하세요. 반갑습니다."),
        (("Guten Tag.", "Wie geht’s?"), "Guten Tag. Wie geht’s?"),
    ],
)
def test_scripts_without_spaces_get_none(texts: tuple[str, ...], whole: str) -> None:
    said = spoken(*texts)
    assert text("txt", said) == f"{whole}\n"
    assert text("md", said).endswith(f" {whole}\n")
    paragraphs = docx.Document(io.BytesIO(write(said, "docx", "t"))).paragraphs
    assert paragraphs[-1].text.endswith(f" {whole}")


_WORDS = st.lists(
    st.sampled_from(
        ["你好", "天气", "です", "ไทย", "hello", "Größe", "мир", "안녕", "¿qué?", "(so)", "“ja”", "10%", "。", ","]
    ),
    max_size=3,
)


@given(st.lists(_WORDS.map(" ".join).filter(bool), min_size=1, max_size=12))
def test_a_paragraph_reads_like_the_transcript(texts: list[str]) -> None:
    transcript = SegmentMap()
    for number, each in enumerate(texts):
        transcript.apply(Freeze(segment=SegmentId(0, number), text=each))
    assert text("txt", spoken(*texts)) == f"{transcript.text}\n"


def test_subtitles() -> None:
    assert "00:00:00,500 --> " in text("srt")
    assert "Ann: Good morning." in text("srt")
    assert "<v Bob>Größe &amp; &lt;Maß&gt;" in text("vtt")


@pytest.mark.parametrize("form", FORMS)
def test_without_times_or_without_a_word(form: str) -> None:
    untimed = Transcript(
        provider="x", text="Only text.", duration=4.0, segments=(TranscriptSegment(text="Only text."),)
    )
    nothing = Transcript(provider="x", text="", duration=4.0)
    assert write(untimed, form, "t")
    assert isinstance(write(nothing, form, "t"), bytes)
    if form != "docx":
        assert "Only text." in text(form, untimed)


def test_channels_are_speakers_where_nobody_is_named() -> None:
    two = Transcript(
        provider="x",
        text="a b",
        duration=1.0,
        segments=tuple(TranscriptSegment(text=t, start=n, end=n + 0.5, channel=n) for n, t in enumerate("ab")),
    )
    assert text("txt", two).splitlines() == ["Channel 1: a", "Channel 2: b"]
