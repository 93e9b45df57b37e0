"""The window's transcript as files: through the engine's exporters, with the paragraphs of the screen."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from pathlib import Path

import docx
import pysubs2
import pytest
from pytestqt.qtbot import QtBot

from debabelizer.errors import StorageError
from debabelizer.events import Freeze, Joining, SegmentId, Word
from debabelizer.export.documents import FORMS
from debabelizer_desktop.export import export, form_of, transcript_of
from debabelizer_desktop.lifecycle import Program
from debabelizer_desktop.models.transcript import TranscriptModel

LONG = "It was a bright cold day in April, and the clocks were striking thirteen. Winston slipped quickly through."


def spoken() -> TranscriptModel:
    """Two takes; the second is of a session of its own, which counts its seconds anew, and has no word times."""
    model = TranscriptModel()
    words = tuple(Word(text, 1 + n * 0.4, 1.3 + n * 0.4) for n, text in enumerate(LONG.split()))
    model.apply(Freeze(segment=SegmentId(0, 0), text=LONG, words=words, start=1.0, end=9.0))
    model.apply(Freeze(segment=SegmentId(0, 1), text="今日は", joining=Joining.VERBATIM, start=9.5, end=10.0))
    model.apply(Freeze(segment=SegmentId(0, 2), text="晴れ。", joining=Joining.VERBATIM, start=10.0, end=10.5))
    model.begin_take()
    model.apply(Freeze(segment=SegmentId(1, 0), text="*Two* takes.", start=0.5, end=1.5, after=SegmentId(0, 2)))
    model.apply(Freeze(segment=SegmentId(1, 1), text="No times.", after=SegmentId(1, 0)))
    return model


def saved(model: TranscriptModel, path: Path) -> Path:
    form = form_of(path)
    asyncio.run(export(transcript_of(model, form), path, form))
    return path


def test_prose_has_the_paragraphs_of_the_screen(tmp_path: Path) -> None:
    model = spoken()
    first, second = model.whole_text().splitlines()
    assert "今日は晴れ。" in first
    assert saved(model, tmp_path / "a.txt").read_text() == f"{first}\n{second}\n"
    assert saved(model, tmp_path / "a.unheard-of").read_text() == f"{first}\n{second}\n"
    markdown = saved(model, tmp_path / "My notes.md").read_text().split("\n\n")
    assert markdown == ["# My notes", f"**0:00:01** {first}", "**0:00:10** \\*Two\\* takes. No times.\n"]
    paragraphs = [p.text for p in docx.Document(str(saved(model, tmp_path / "a.docx"))).paragraphs]
    assert paragraphs[1:] == [f"0:00:01 {first}", f"0:00:10 {second}"]


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_captions_can_be_read(tmp_path: Path, form: str) -> None:
    model = spoken()
    cues = list(pysubs2.load(str(saved(model, tmp_path / f"a.{form}"))))
    assert "".join("".join(cue.plaintext.split()) for cue in cues) == "".join(model.whole_text().split())
    assert all(one.end <= other.start for one, other in pairwise(cues))
    assert all(len(line) <= 42 for cue in cues for line in cue.plaintext.splitlines())
    assert all(len(cue.plaintext.splitlines()) <= 2 for cue in cues)
    assert cues[0].start == 1000
    assert cues[-1].start >= 11_500, "after the take before"


def test_data_keeps_every_segment(tmp_path: Path) -> None:
    model = spoken()
    data = json.loads(saved(model, tmp_path / "a.json").read_text())
    assert data["text"] == model.whole_text()
    assert len(data["segments"]) == 5
    assert data["segments"][0]["words"][1]["start"] == pytest.approx(1.4)
    assert len(saved(model, tmp_path / "a.tsv").read_text().splitlines()) == 6


def test_nothing_is_an_empty_file_and_a_wrong_place_an_error(tmp_path: Path) -> None:
    for form in FORMS:
        assert saved(TranscriptModel(), tmp_path / f"a.{form}").exists()
    with pytest.raises(StorageError, match="can't be written"):
        saved(spoken(), tmp_path / "a.txt" / "b.txt")


def test_the_dialog_offers_every_form(program: Program, qtbot: QtBot) -> None:
    page = program.window.dictate
    page.ask_export()
    dialog = page._export_dialog
    assert dialog is not None
    offered = [text.rpartition("*.")[2].rstrip(")") for text in dialog.nameFilters()]
    assert sorted(offered) == sorted(FORMS)
    dialog.reject()
