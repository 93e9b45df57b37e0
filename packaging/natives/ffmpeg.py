"""FFmpeg for sound alone, and PyAV linked with it. The program reads the sound of any common file and writes what
`debabelizer.audio.encode` names; pictures it never looks at. A test holds these lists against what the engine says."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from context import BuildError

from natives.building import Build, Native, Source


def _release(version: str, sha256: str) -> Source:
    return Source(
        name="ffmpeg",
        version=version,
        url=f"https://ffmpeg.org/releases/ffmpeg-{version}.tar.xz",
        sha256=sha256,
        licence="LGPL-2.1-or-later",
        texts=("LICENSE.md", "COPYING.LGPLv2.1"),
    )


FOR_PYAV = {
    "18.1.0": _release("8.1.2", "464beb5e7bf0c311e68b45ae2f04e9cc2af88851abb4082231742a74d97b524c"),
    "19.0.2": _release("9.0.2", "8c3850283eb25fa026482078a04051e0be17347b09ef81a0849bec15a96e002e"),
}
"""The versions of PyAV that are locked (for Python 3.11 and for newer ones), and the FFmpeg that its makers took."""
DEMUXERS = (
    "wav", "w64", "aiff", "au", "caf", "voc", "flac", "mp3", "aac", "loas", "ogg", "matroska", "mov", "avi", "asf",
    "flv", "mpegps", "mpegvideo", "mpegts", "amr", "amrnb", "amrwb", "gsm", "ac3", "eac3", "dts", "ape", "tak", "tta",
    "wv", "mpc", "mpc8", "dsf", "oma", "rm",
)  # fmt: skip
PARSERS = (
    "aac", "aac_latm", "ac3", "adx", "amr", "cook", "dca", "dolby_e", "flac", "ftr", "g723_1", "g729", "gsm", "misc4",
    "mlp", "mpegaudio", "opus", "sbc", "sipr", "tak", "vorbis", "xma",
)  # fmt: skip
MUXERS = ("wav", "flac", "mp3", "ipod", "mp4", "adts", "ogg", "webm", "pcm_s16le", "pcm_mulaw", "pcm_alaw")
ENCODERS = ("pcm_s16le", "pcm_mulaw", "pcm_alaw", "flac", "libmp3lame", "aac", "libopus")
FILTERS = ("aformat", "anull", "aresample")
"""What PyAV and the engine convert sound with; where it enters and leaves a graph is always there."""
PROTOCOLS = ("file", "pipe")
OF_OTHER_FILES = ("twinvq",)
"""Decoders that are large, and of files (VQF) that are not read."""
OPTIONS = (
    "--enable-shared", "--disable-static", "--disable-programs", "--disable-doc", "--disable-debug",
    "--disable-network", "--disable-autodetect", "--disable-everything", "--disable-unstable",
    "--enable-zlib", "--enable-libmp3lame", "--enable-libopus", "--optflags=-O2",
)  # fmt: skip
"""What counts for speed is written in assembler; with -O3, its own choice, it is a sixth larger."""
SMALL = {"CFLAGS": "-Os -g0", "LDFLAGS": "-Wl,-O1,--as-needed,-z,noseparate-code"}
"""PyAV is fifty small modules that only hand on calls."""


def components(sources: Path) -> dict[str, tuple[str, ...]]:
    """Kind to names, as configure has them. Decoders are all that FFmpeg itself has for sound under this licence."""
    codecs = (sources / "libavcodec" / "allcodecs.c").read_text(encoding="utf-8")
    configure = (sources / "configure").read_text(encoding="utf-8")
    return {
        "demuxer": DEMUXERS,
        "decoder": decoders(codecs, configure),
        "parser": PARSERS,
        "muxer": MUXERS,
        "encoder": ENCODERS,
        "filter": FILTERS,
        "protocol": PROTOCOLS,
    }


def decoders(codecs: str, configure: str) -> tuple[str, ...]:
    """FFmpeg's table of codecs has headings, and those for sound stand together. A few want the GPL chosen; some are
    there a second time, for processors that know only whole numbers."""
    names = re.findall(r"ff_(\w+)_decoder;", codecs.partition("/* audio codecs */")[2].partition("/* subtitles */")[0])
    without = {*OF_OTHER_FILES, *re.findall(r'^(\w+)_decoder_deps="lgpl_gpl"', configure, re.MULTILINE)}
    without |= {name for name in names if name.endswith("_fixed") or f"{name}float" in names}
    return tuple(name for name in names if name not in without)


def compile_ffmpeg(build: Build) -> Mapping[str, str]:
    """Installs it into the prefix. Raises BuildError."""
    sources, root = build.unpacked["ffmpeg"], build.prefix.parent
    wanted = components(sources)
    chosen = [f"--enable-{kind}={','.join(names)}" for kind, names in wanted.items()]
    prefix = f"--prefix=/{build.prefix.name}"  # the libraries tell how they were made: not where as well
    build.run("./configure", prefix, *OPTIONS, *chosen, cwd=sources)
    made = (sources / "config_components.h").read_text(encoding="utf-8")
    names = [(name, kind) for kind, names in wanted.items() for name in names]
    if missing := [f"{n} ({k})" for n, k in names if f"#define CONFIG_{n.upper()}_{k.upper()} 1\n" not in made]:
        raise BuildError(f"this FFmpeg would lack {', '.join(missing)}")
    build.make(cwd=sources)
    build.make("install", f"DESTDIR={root}", cwd=sources)
    return {"PKG_CONFIG_SYSROOT_DIR": str(root), **SMALL}


NATIVES = tuple(
    Native(
        distribution="av",
        version=version,
        sources=(release,),
        needs=(
            "make (make)",
            "nasm (nasm)",
            "pkg-config (pkg-config)",
            "libmp3lame.so (libmp3lame-dev)",
            "libopus.so (libopus-dev)",
            "libz.so (zlib1g-dev)",
        ),
        requires=("cython==3.3.1", "setuptools==84.2.1"),
        settings=("--build-option=build_ext", f"--build-option=-j{os.cpu_count()}"),
        compile=compile_ffmpeg,
    )
    for version, release in FOR_PYAV.items()
)
