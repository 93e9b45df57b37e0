"""``debabelizer devices``: the microphones."""

from __future__ import annotations

import click

from debabelizer.cli.context import Run, json_option, note, pass_run, print_json


@click.command()
@json_option
@pass_run
def devices(run: Run, as_json: bool) -> None:
    """The microphones of this computer. None of them is opened."""
    from debabelizer.audio.devices import microphones

    wanted = run.settings.get("microphone")
    found = microphones()
    if as_json:
        print_json({"chosen": wanted, "microphones": found})
        return
    for microphone in found:
        marks = ", ".join(
            text for text, holds in (("default", microphone.is_default), ("chosen", microphone.id == wanted)) if holds
        )
        click.echo(f"{microphone.id}\t{microphone.name}" + (f"\t({marks})" if marks else ""))
    if not found:
        note("There is no microphone. `debabelizer dictate` takes a bundled recording instead.")
    elif wanted and wanted not in {m.id for m in found}:
        note(f"The chosen microphone {wanted} is not connected; the default is used.")
