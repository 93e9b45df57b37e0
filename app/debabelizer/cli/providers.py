"""``debabelizer providers``: who can turn speech into text, which one is in force, what each still needs."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from debabelizer.cli import complete
from debabelizer.cli.context import Run, json_option, note, pass_run, print_json

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.config.selection import Selection, Standing


@click.command()
@click.argument("name", required=False, shell_complete=complete.providers)
@click.option("--why", is_flag=True, help="How the one in use was chosen, step by step.")
@click.option("--files", is_flag=True, help="With --why: the one for recordings instead of live speech.")
@json_option
@pass_run
def providers(run: Run, name: str | None, why: bool, files: bool, as_json: bool) -> None:
    """Who can turn speech into text, and what each needs; of one provider, everything that is known."""
    from debabelizer import registry
    from debabelizer.config.selection import Selection, choose, standing_of
    from debabelizer.errors import ConfigurationError

    settings = run.settings
    if why and name is not None:
        raise click.UsageError("--why is about all of them: it takes no NAME.")
    if files and not why:
        raise click.UsageError("--files belongs to --why.")
    if why:
        _why(settings, files, as_json)
        return
    if name is not None:
        _one(settings, name, as_json)
        return
    try:
        chosen = choose(settings)
    except ConfigurationError as error:
        chosen = Selection("", error.message)
    standings = [standing_of(settings, name) for name in registry.names(registry.ALL)]
    if as_json:
        print_json(
            {
                "chosen": chosen,
                "providers": [
                    {"standing": s, "in_use": s.provider == chosen.provider, "description": _data(s.provider)}
                    for s in standings
                ],
                "left_out": registry.problems(),
            }
        )
        return
    _print(chosen, standings)
    for problem in registry.problems():
        note(f"The provider {problem.name} ({problem.target}) is left out: {problem.detail}")


def _why(settings: Settings, files: bool, as_json: bool) -> None:
    from debabelizer.config.selection import explain, for_recordings
    from debabelizer.contract.description import Ability

    choice = explain(settings, for_recordings(settings) if files else Ability.STREAM)
    if as_json:
        print_json(choice)
        return
    if choice.strategy:
        origin = settings.origin("selection.strategy")
        click.echo(f"Looked at by strategy: {choice.strategy} (selection.strategy, {origin})")
    widest = max(len(step.provider) for step in choice.steps)
    for number, step in enumerate(choice.steps, 1):
        mark = "*" if step.provider == choice.selection.provider else "+" if step.fits else "-"
        click.echo(f"{number:2}. {mark} {step.provider:{widest}}  {step.why}")
    click.echo(f"* in use: {choice.selection.provider}, {choice.selection.reason}")


def _one(settings: Settings, name: str, as_json: bool) -> None:
    from debabelizer import registry
    from debabelizer.cli import provider_page
    from debabelizer.config.availability import ignored
    from debabelizer.config.selection import standing_of

    description = registry.describe(name)
    if as_json:
        told = {"standing": standing_of(settings, name), "not_heeded": ignored(settings, description)}
        print_json(told | {"description": _data(name)})
    else:
        provider_page.show(settings, description)


def _data(name: str) -> dict[str, object]:
    from debabelizer import registry

    d = registry.describe(name)
    return {
        "name": d.name,
        "title": d.title,
        "summary": d.summary,
        "place": d.place,
        "abilities": sorted(d.abilities),
        "features": sorted(d.features),
        "word_list": d.word_list,
        "most_languages": d.most_languages,
        "detects_language": d.detects_language,
        "languages": [language.tag for language in d.languages],
        "models": [model.name for model in d.models],
        "prices": d.prices,
        "free": d.free,
        "privacy": d.privacy,
        "key_url": d.key_url,
        "facts_date": d.facts_date,
    }


def _print(chosen: Selection, standings: list[Standing]) -> None:
    from debabelizer import registry

    widest = max((len(s.provider) for s in standings), default=0)
    for standing in standings:
        mark = "*" if standing.provider == chosen.provider else " "
        state = standing.readiness.replace("_", " ")
        click.echo(f"{mark} {standing.provider:{widest}}  {state:11}  {standing.why}")
        for line in textwrap.wrap(registry.describe(standing.provider).summary, 96 - widest):
            click.echo(f"  {'':{widest}}  {line}")
    click.echo(f"* in use: {chosen.reason}" if chosen.provider else chosen.reason)
