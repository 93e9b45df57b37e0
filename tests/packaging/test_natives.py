"""What the frozen Linux program brings in builds of our own: it reads and writes all that the engine does, and where it
can't be built, its makers' build is frozen and the output says why."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import natives
import pytest
from context import Context
from natives import building, ffmpeg
from program import ROOT

from debabelizer.audio.bounded.reading import FORMATS
from debabelizer.audio.encode import FORMS

linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is built")

READ_BY = {"webm": "matroska", "mpeg": "mpegps"}
WRITTEN_BY = {"s16le": "pcm_s16le", "mulaw": "pcm_mulaw", "alaw": "pcm_alaw"}
"""Where FFmpeg calls a part otherwise when it is built than when it runs."""


# -------------------------------------------------------------------------------------------------------------- FFmpeg


def test_every_kind_of_file_that_the_engine_reads_and_no_other() -> None:
    assert set(ffmpeg.DEMUXERS) == {READ_BY.get(name, name) for name in FORMATS.split(",")}


def test_every_form_that_the_engine_writes_and_no_other() -> None:
    assert set(ffmpeg.ENCODERS) == {form.codec for form in FORMS.values()}
    assert set(ffmpeg.MUXERS) == {WRITTEN_BY.get(form.muxer, form.muxer) for form in FORMS.values()}


def test_every_decoder_for_sound_is_found_in_ffmpegs_table() -> None:
    codecs = """
        extern const FFCodec ff_zmbv_decoder;
        /* audio codecs */
        extern const FFCodec ff_aac_encoder;
        extern const FFCodec ff_aac_decoder;
        extern const FFCodec ff_aac_fixed_decoder;
        extern const FFCodec ff_mp3float_decoder;
        extern const FFCodec ff_mp3_decoder;
        /* ADPCM codecs */
        extern const FFCodec ff_adpcm_circus_decoder;
        extern const FFCodec ff_adpcm_g722_decoder;
        /* subtitles */
        extern const FFCodec ff_ass_decoder;
    """
    configure = 'adpcm_circus_decoder_deps="lgpl_gpl"\nopus_decoder_deps="swresample"\n'
    assert ffmpeg.decoders(codecs, configure) == ("aac", "mp3float", "adpcm_g722")


@linux
def test_an_ffmpeg_that_would_lack_something_is_not_built(tmp_path: Path) -> None:
    folder = tmp_path / "ffmpeg"
    (folder / "libavcodec").mkdir(parents=True)
    (folder / "libavcodec" / "allcodecs.c").write_text("/* audio codecs */ ff_aac_decoder; /* subtitles */")
    every = [f"CONFIG_{name.upper()}_DEMUXER" for name in ffmpeg.DEMUXERS]
    made = "".join(f"#define {name} {int(name != 'CONFIG_OGG_DEMUXER')}\n" for name in every)
    configure = folder / "configure"
    configure.write_text(f"#!/bin/sh\ncat > config_components.h <<'END'\n{made}END\n")
    configure.chmod(0o755)
    context = Context(out=tmp_path / "out", work=tmp_path / "work")
    build = building.Build(context=context, unpacked={"ffmpeg": folder}, prefix=tmp_path / "prefix")
    with pytest.raises(building.BuildError, match=r"would lack ogg \(demuxer\), aac \(decoder\)"):
        ffmpeg.compile_ffmpeg(build)


# ---------------------------------------------------------------------------------------------------------- all of them


def test_every_locked_version_has_a_recipe() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name in {native.distribution for native in natives.ALL}:
        locked = set(re.findall(rf"^{name}==(\S+)", lock, re.MULTILINE))
        assert locked == {native.version for native in natives.ALL if native.distribution == name}


def test_the_source_distribution_is_held_to_the_checksums_of_the_lock() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for native in natives.ALL:
        first, *sums = building.locked(native, lock).strip().splitlines()
        assert first.startswith(f"{native.distribution}=={native.version} ")
        assert sums
        assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in sums)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> building.Source:
    """One that nobody has yet."""
    monkeypatch.setattr(building, "SOURCES", tmp_path / "sources")
    monkeypatch.setattr(building, "CACHE", tmp_path)
    (tmp_path / "theirs.tar.xz").write_bytes(b"theirs")
    url = (tmp_path / "theirs.tar.xz").as_uri()
    sha256 = hashlib.sha256(b"theirs").hexdigest()
    return building.Source(name="a", version="1", url=url, sha256=sha256, licence="MIT", texts=())


def _native(*sources: building.Source, needs: tuple[str, ...] = ()) -> building.Native:
    def never(build: building.Build) -> Mapping[str, str]:
        raise AssertionError(build)

    return building.Native(distribution="av", version="1", sources=sources, needs=needs, requires=(), compile=never)


def test_a_source_is_fetched_once_and_then_it_is_there(source: building.Source, tmp_path: Path) -> None:
    assert building.why_not(_native(source)) is None
    (tmp_path / "theirs.tar.xz").unlink()
    assert building.why_not(_native(source)) is None
    assert source.file.read_bytes() == b"theirs"


def test_a_source_that_is_another_one_is_not_built(source: building.Source, tmp_path: Path) -> None:
    building.SOURCES.mkdir()
    source.file.write_bytes(b"somebody else's")
    assert "is not what it should be" in str(building.why_not(_native(source)))
    source.file.unlink()
    (tmp_path / "theirs.tar.xz").write_bytes(b"changed on the way")
    assert "is not what it should be" in str(building.why_not(_native(source)))
    assert not source.file.exists()


@linux
def test_what_is_missing_is_named_with_its_remedy(source: building.Source, tmp_path: Path) -> None:
    (tmp_path / "theirs.tar.xz").unlink()
    assert f"put it into {building.SOURCES}" in str(building.why_not(_native(source)))
    needs = ("sh (dash)", "no-such-tool (its-package)", "libnosuch.so (libnosuch-dev)")
    told = building.why_not(_native(source, needs=needs))
    assert told == "building it needs no-such-tool (its-package), libnosuch.so (libnosuch-dev)"


def test_where_nothing_can_be_built_the_makers_build_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[Any] = []
    monkeypatch.setattr(natives.sys, "platform", "linux")
    monkeypatch.setattr(building, "why_not", lambda native: "nasm is away")
    monkeypatch.setattr(Context, "run", lambda *arguments, **_: ran.append(arguments))
    natives.install(Context(out=tmp_path, work=tmp_path))
    said = capsys.readouterr().out
    for name in {native.distribution for native in natives.ALL}:
        assert re.search(rf"{name}: its makers' build, because .+", said)
    assert not ran


def test_the_settings_of_a_recipe_reach_whoever_builds_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: building.Source
) -> None:
    """pip gives a requirement of a file the settings that stand in the file, and no others."""
    del source  # it sets where what is built is kept

    def run(self: Context, command: list[str | Path], **_: Any) -> str:
        if "-r" in command:
            raise building.BuildError(Path(command[command.index("-r") + 1]).read_text(encoding="utf-8"))
        return ""

    monkeypatch.setattr(Context, "run", run)
    native = next(native for native in natives.ALL if native.settings)
    native = dataclasses.replace(native, sources=(), compile=lambda build: {})
    with pytest.raises(building.BuildError) as told:
        building.wheel(Context(out=tmp_path, work=tmp_path / "work"), native)
    requirement = str(told.value).replace(" \\\n", " ")
    assert requirement.startswith(f"{native.distribution}=={native.version} ")
    assert requirement.count("\n") == 1, "it is one requirement"
    assert "--hash=sha256:" in requirement
    assert all(f'--config-settings="{setting}"' in requirement for setting in native.settings)
