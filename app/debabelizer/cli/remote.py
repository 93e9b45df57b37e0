"""``debabelizer remote``: the running program, controlled from a shell, a script, or a desktop's own key binding."""

from __future__ import annotations

import asyncio

import click

from debabelizer.cli.context import Run, json_option, note, pass_run, print_json
from debabelizer.cli.failure import Exit

_VERBS = {
    "start": "Start recording.",
    "stop": "Stop recording; the words land at the cursor.",
    "toggle": "Start, or stop.",
    "cancel": "Throw the running take away.",
    "retry": "Recognise the last kept recording again; the words land at the cursor.",
    "status": "What the program is doing, and what its window says.",
    "show": "Bring its window to the front.",
    "quit": "End the program; a running recording is kept.",
}


@click.command(epilog="VERB is one of: " + "; ".join(f"{verb} ({line.rstrip('.')})" for verb, line in _VERBS.items()))
@click.argument("verb", type=click.Choice(list(_VERBS)))
@json_option
@pass_run
def remote(run: Run, verb: str, as_json: bool) -> None:
    """Control the running program."""
    from debabelizer.remote import NotRunningError, RemoteClient

    try:
        answer = asyncio.run(RemoteClient().call(verb))
    except NotRunningError as error:
        note(error.message)
        click.get_current_context().exit(Exit.UNAVAILABLE)
    if as_json:
        print_json(answer)
    elif verb == "status":
        for key, value in answer.items():
            words = ", ".join(map(str, value)) or "none" if isinstance(value, list) else value
            click.echo(f"{key}: {words}")
