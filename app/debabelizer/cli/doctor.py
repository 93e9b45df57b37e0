"""``debabelizer doctor``: names the broken link."""

from __future__ import annotations

import click

from debabelizer.cli.context import Run, json_option, pass_run, print_json
from debabelizer.cli.failure import Exit

_NAMES = ("settings", "keys", "disk", "microphone", "provider", "recogniser", "files", "hotkey", "insertion")


@click.command()
@click.argument("checks", nargs=-1, type=click.Choice(_NAMES), metavar="[CHECK...]")
@click.option("--provider", "-p", help="Check this one instead of the chosen one.")
@json_option
@pass_run
def doctor(run: Run, checks: tuple[str, ...], provider: str | None, as_json: bool) -> None:
    """Check everything dictation needs, one by one: settings, keys, disk, microphone, provider, recogniser, files,
    hotkey, insertion. Name some to check only those. The exit status is 1 if a link is broken."""
    from debabelizer.cli.checks import Verdict, run_check

    run.override("provider", provider)
    settings = run.settings
    findings = []
    for name in checks or _NAMES:
        found = run_check(name, settings)
        findings += found
        if not as_json:
            for finding in found:
                _print(finding.link, finding.verdict, finding.detail, finding.remedy)
    broken = [f.link for f in findings if f.verdict is Verdict.FAIL]
    if as_json:
        print_json({"findings": findings, "broken": broken})
    elif broken:
        click.echo(f"Broken: {', '.join(dict.fromkeys(broken))}.")
    else:
        click.echo("Nothing is broken.")
    click.get_current_context().exit(Exit.FAILED if broken else Exit.OK)


_MARKS = {"ok": ("OK  ", "green"), "warn": ("WARN", "yellow"), "fail": ("FAIL", "red")}


def _print(link: str, verdict: str, detail: str, remedy: str) -> None:
    from debabelizer.cli.context import console
    from debabelizer.config.redaction import redact

    mark, colour = _MARKS[verdict]
    out = console()
    out.print(mark, style=colour, end="  ", soft_wrap=True)
    out.print(redact(f"{link:11} {detail}"), soft_wrap=True)
    for line in remedy.splitlines() if verdict != "ok" else ():
        out.print(redact(f"                  {line}"), soft_wrap=True)
