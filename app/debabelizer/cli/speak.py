"""``debabelizer speak``: text to sound, played or written to a file."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from debabelizer.cli.context import Run, json_option, note, pass_run, print_json
from debabelizer.cli.failure import Exit

if TYPE_CHECKING:
    from debabelizer.library.processor import VoiceProcessor


@click.command()
@click.argument("text", nargs=-1)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write a file (wav, flac, mp3, ogg, m4a, ...).")
@click.option("--voice", "-V", help="A voice's id or name (--voices).")
@click.option("--language", "-l", help="The language of the text: de, pt-BR.")
@click.option("--rate", type=click.FloatRange(0.25, 4.0), default=1.0, show_default=True, help="How fast.")
@click.option("--voices", is_flag=True, help="List the voices (with --language: those that speak it).")
@json_option
@pass_run
def speak(
    run: Run,
    text: tuple[str, ...],
    output: Path | None,
    voice: str | None,
    language: str | None,
    rate: float,
    voices: bool,
    as_json: bool,
) -> None:
    """Speaks TEXT, or what comes from standard input.

    The voice is the computer's own: nothing leaves it, and nothing has to be downloaded.
    """
    from debabelizer.audio.playback import PlaybackError
    from debabelizer.errors import VoiceNotFoundError

    _ = run.settings
    if voices:
        asyncio.run(_list(language, as_json))
        return
    words = " ".join(text) if text else "" if sys.stdin.isatty() else sys.stdin.read()
    if not words.strip():
        raise click.UsageError("There is no text to speak: give it as TEXT or on standard input.")
    options: dict[str, Any] = {"rate": rate, **({"language": language} if language else {})}
    try:
        spoken = asyncio.run(_speak(words, output, voice, options))
    except VoiceNotFoundError as error:
        raise click.UsageError(f"{error.message} There are: debabelizer speak --voices") from None
    except PlaybackError as error:
        note(f"{error.message} Write a file instead: --output FILE")
        click.get_current_context().exit(Exit.UNAVAILABLE)
    if as_json:
        print_json(spoken)


async def _list(language: str | None, as_json: bool) -> None:
    from dataclasses import asdict

    async with _processor() as processor:
        found = sorted(await processor.get_available_voices(language), key=lambda v: (v.language, v.name))
    if as_json:
        print_json([asdict(voice) for voice in found])
        return
    widest = max((len(voice.voice_id) for voice in found), default=0)
    for voice in found:
        click.echo(f"{voice.voice_id:<{widest}}  {voice.language:<8}  {voice.name}")
    if not found:
        note("No voice speaks that language." if language else "There is no voice.")


async def _speak(words: str, output: Path | None, voice: str | None, options: dict[str, Any]) -> dict[str, object]:
    from debabelizer.audio.playback import play

    async with _processor() as processor:
        if output is not None:
            form = output.suffix.lower().removeprefix(".") or "wav"
            result = await processor.synthesize_text(words, output, voice, audio_format=form, **options)
            note(f"Written to {output} ({result.duration:.1f} s).")
        else:
            result = await processor.synthesize(words, voice, "pcm", 24_000, **options)
            await asyncio.to_thread(play, result.audio_data, 24_000)
    return {"seconds": result.duration, "bytes": result.size_bytes, "file": str(output) if output else None}


def _processor() -> VoiceProcessor:
    from debabelizer.library.processor import VoiceProcessor

    return VoiceProcessor()
