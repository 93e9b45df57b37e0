"""FFmpeg for sound alone, and PyAV linked with it. The program reads the sound of any common file and writes what
`debabelizer.audio.encode` names; pictures it never looks at. A test holds these lists against what the engine says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from context import BuildError

from natives.building import Build, Native, Source

FFMPEG = Source(
    name="ffmpeg",
    version="8.1.2",
    url="https://ffmpeg.org/releases/ffmpeg-8.1.2.tar.xz",
    sha256="464beb5e7bf0c311e68b45ae2f04e9cc2af88851abb4082231742a74d97b524c",
    licence="LGPL-2.1-or-later",
    texts=("LICENSE.md", "COPYING.LGPLv2.1"),
)

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
OPTIONS = (
    "--enable-shared", "--disable-static", "--disable-programs", "--disable-doc", "--disable-debug",
    "--disable-network", "--disable-autodetect", "--disable-everything",
    "--enable-zlib", "--enable-libmp3lame", "--enable-libopus",
)  # fmt: skip


def components(sources: Path) -> dict[str, tuple[str, ...]]:
    """Kind to names, as configure has them. Decoders are all that FFmpeg itself has for sound."""
    return {
        "demuxer": DEMUXERS,
        "decoder": tuple(_decoders((sources / "libavcodec" / "allcodecs.c").read_text(encoding="utf-8"))),
        "parser": PARSERS,
        "muxer": MUXERS,
        "encoder": ENCODERS,
        "filter": FILTERS,
        "protocol": PROTOCOLS,
    }


def _decoders(table: str) -> Iterator[str]:
    """FFmpeg's table of codecs has headings; those for sound stand together."""
    sound = table.partition("/* audio codecs */")[2].partition("/* subtitles */")[0]
    yield from re.findall(r"ff_(\w+)_decoder;", sound)


def compile_ffmpeg(build: Build) -> Mapping[str, str]:
    sources, root = build.unpacked[FFMPEG.name], build.prefix.parent
    wanted = components(sources)
    chosen = [f"--enable-{kind}={','.join(names)}" for kind, names in wanted.items()]
    prefix = f"--prefix=/{build.prefix.name}"  # the libraries tell how they were made: not where as well
    build.run("./configure", prefix, *OPTIONS, *chosen, cwd=sources)
    made = (sources / "config_components.h").read_text(encoding="utf-8")
    missing = [
        f"{name} ({kind})"
        for kind, names in wanted.items()
        if kind != "decoder"  # some want a licence that is not chosen
        for name in names
        if f"#define CONFIG_{name.upper()}_{kind.upper()} 1\n" not in made
    ]
    if missing:
        raise BuildError(f"this FFmpeg would lack {', '.join(missing)}")
    build.make(cwd=sources)
    build.make("install", f"DESTDIR={root}", cwd=sources)
    return {"PKG_CONFIG_SYSROOT_DIR": str(root), "CFLAGS": "-O2 -g0"}


NATIVE = Native(
    distribution="av",
    version="18.1.0",
    sources=(FFMPEG,),
    needs=(
        "cc (gcc)",
        "make (make)",
        "nasm (nasm)",
        "pkg-config (pkg-config)",
        "libmp3lame.so (libmp3lame-dev)",
        "libopus.so (libopus-dev)",
        "libz.so (zlib1g-dev)",
    ),
    requires=("cython==3.2.4", "setuptools==84.2.1"),
    compile=compile_ffmpeg,
)
