"""``debabelizer providers NAME``: all that is known of one provider, and what of the settings it does not heed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from debabelizer.contract.description import Ability, Feature

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.contract.description import ProviderDescription
    from debabelizer.contract.word_list import WordList

_FEATURES = {
    Feature.PARTIALS: "text while you speak",
    Feature.WORD_TIMES: "times of words",
    Feature.CONFIDENCE: "confidence of words",
    Feature.SPEAKERS: "tells speakers apart",
    Feature.PUNCTUATION: "punctuation",
    Feature.PROFANITY: "hides swear words",
    Feature.PAUSES: "ends segments at pauses by itself",
}
_ABILITIES = {Ability.STREAM: "live speech", Ability.FILES: "recordings", Ability.SPEECH: "speaks"}
_WIDTH = 96


def show(settings: Settings, description: ProviderDescription) -> None:
    """Print it."""
    from debabelizer.config.availability import ignored
    from debabelizer.config.selection import standing_of

    d = description
    standing = standing_of(settings, d.name)
    click.echo(f"{d.title}: {standing.readiness.replace('_', ' ')} ({standing.why})")
    _paragraph(d.summary)
    _paragraph(d.privacy)
    _line("Does", [words for ability, words in _ABILITIES.items() if ability in d.abilities])
    if Ability.STREAM in d.abilities:
        _line("Live", [words for feature, words in _FEATURES.items() if feature in d.features])
        _line("Lacks", [words for feature, words in _FEATURES.items() if feature not in d.features])
        _line("Word list", [word_list_words(d.word_list)])
    _line("Languages", [languages_words(d)])
    for number, model in enumerate(d.models):
        told = f"{model.name}: {model.title}." + (f" {model.help}" if model.help else "")
        _line("" if number else "Models", [told])
    for number, price in enumerate(d.prices):
        what = f", {price.what}" if price.what else ""
        _line("" if number else "Prices", [f"${price.usd:g} per {price.unit}{what} (read on {price.read_on})"])
    if d.free is not None:
        _line("Free", [f"{d.free.hours:g} hours a month {d.free.what} (read on {d.free.read_on})"])
    if d.key_url:
        _line("Key", [d.key_url])
    if d.facts_date:
        _line("Facts of", [d.facts_date])
    for one in ignored(settings, d):
        _line("Not heeded", [f"{one.title} ({one.key}): {one.why}"])


def word_list_words(word_list: WordList | None) -> str:
    if word_list is None:
        return "none"
    limits = [
        f"{limit} {what}"
        for limit, what in (
            (word_list.terms, "terms"),
            (word_list.characters, "characters each"),
            (word_list.words, "words each"),
            (word_list.total, "characters in all"),
        )
        if limit is not None
    ]
    return f"at most {', '.join(limits)}" if limits else "yes"


def languages_words(d: ProviderDescription) -> str:
    tags = [language.tag for language in d.languages]
    named = "any" if not tags else ", ".join(tags) if len(tags) <= 12 else f"{len(tags)}"
    one = "one at a time" if d.most_languages == 1 else "several at a time"
    most = one if d.most_languages in (None, 1) else f"{d.most_languages} at a time"
    found = "; finds out which" if d.detects_language else ""
    return named if len(tags) == 1 else f"{named}, {most}{found}"


def _paragraph(text: str) -> None:
    for line in textwrap.wrap(text, _WIDTH - 2):
        click.echo(f"  {line}")


def _line(title: str, parts: list[str]) -> None:
    if not parts:
        return
    head = f"  {title:10}  "
    lines = textwrap.wrap("; ".join(parts), _WIDTH - len(head), break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(lines):
        click.echo((head if number == 0 else " " * len(head)) + line)
