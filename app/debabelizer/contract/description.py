"""What a provider says about itself, as dated data: dialogs, command line, docs and selection read it from here."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from debabelizer.contract.library import Library
from debabelizer.contract.settings import Setting
from debabelizer.contract.word_list import WordList


class Ability(StrEnum):
    STREAM = "stream"
    FILES = "files"
    SPEECH = "speech"


class Place(StrEnum):
    CLOUD = "cloud"
    LOCAL = "local"


class Feature(StrEnum):
    """What comes with the text of a live stream, or can be asked of it. A model may know less."""

    PARTIALS = "partials"
    """Text while one speaks, not only after a segment."""
    WORD_TIMES = "word_times"
    CONFIDENCE = "confidence"
    SPEAKERS = "speakers"
    """Tells speakers apart."""
    PUNCTUATION = "punctuation"
    PROFANITY = "profanity"
    """Hides swear words where that is wanted."""
    PAUSES = "pauses"
    """Ends segments at pauses by itself; at the others this program does."""


class Language(msgspec.Struct, frozen=True):
    """``tag`` is BCP 47, ``vendor`` what goes on the wire where that differs."""

    tag: str
    vendor: str | None = None


class ModelFile(msgspec.Struct, frozen=True):
    """One file of a downloadable model. ``sha256`` and ``size`` (bytes) where they are known."""

    name: str
    url: str
    size: int | None = None
    sha256: str | None = None


class Model(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str
    help: str = ""
    languages: tuple[str, ...] = ()
    """Empty: all of the provider's."""
    files: tuple[ModelFile, ...] = ()
    """What has to be downloaded; empty for a cloud model or one that ships with the program."""
    memory_mb: int | None = None
    translates: bool = True
    """Whether it does what the provider says by ``translates_into``."""


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """A list price in US dollars. ``unit`` is ``hour`` (of audio) or ``1M characters``."""

    usd: float
    unit: str = "hour"
    what: str = ""
    read_on: str = ""
    """ISO date on which it was read."""
    source: str = ""
    ability: Ability | None = None
    """What it is for; None: whatever the provider does."""
    models: tuple[str, ...] = ()
    """Empty: all of them."""
    added: bool = False
    """Comes on top of another one."""


class FreeHours(msgspec.Struct, frozen=True, kw_only=True):
    """Speech that costs nothing each month. ``what``: of which accounts that is true."""

    hours: float
    what: str
    read_on: str
    """ISO date on which it was read."""
    source: str


class ProviderDescription(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str
    summary: str
    """One plain sentence: what it is good for, and what not."""
    place: Place
    abilities: frozenset[Ability]
    settings: tuple[Setting, ...] = ()
    models: tuple[Model, ...] = ()
    default_model: str = ""
    languages: tuple[Language, ...] = ()
    """Empty: the provider names none (any may work)."""
    detects_language: bool = False
    most_languages: int | None = None
    """How many of them it listens for at a time. None: any number, or as many as the model takes."""
    translates_into: tuple[str, ...] = ()
    """Languages, BCP 47, into which it turns recordings (``StreamOptions.translate_to``)."""
    translates_alone: bool = False
    """A translation comes without what was said: that is another request."""
    translation_model: str = ""
    """The model that translates, where it is not the one chosen for recordings."""
    word_list: WordList | None = None
    """None: it takes none."""
    features: frozenset[Feature] = frozenset()
    prices: tuple[Price, ...] = ()
    free: FreeHours | None = None
    keyless: tuple[str, ...] = ()
    """Settings that make a key unnecessary once they are filled in: another way to sign in, a server of one's own."""
    library: Library | None = None
    """What has to be installed beside the program."""
    key_url: str = ""
    """Where a user gets a key."""
    privacy: str = ""
    """Where audio goes and what is kept, in one sentence."""
    facts_date: str = ""
    """ISO date of the facts above."""

    def translation(self, language: str) -> str | None:
        """Which of ``translates_into`` serves for a language; None: it does not translate into it. ``pt-BR`` is served
        by ``pt``, and ``pt`` by ``pt-BR``."""
        primary = language.lower().partition("-")[0]
        near = [tag for tag in self.translates_into if tag.lower().partition("-")[0] == primary]
        exact = [tag for tag in near if tag.lower() == language.lower()]
        return next(iter(exact or near), None)

    @property
    def credentials(self) -> tuple[Setting, ...]:
        """The secrets it needs; empty for local engines."""
        return tuple(s for s in self.settings if s.kind == "secret")

    def price_of(self, ability: Ability, model: str = "") -> Price | None:
        """The list price of a kind of work with a model (the default one), without what is added for its options; None:
        not known. A local engine costs nothing."""
        if self.place is Place.LOCAL:
            return Price(usd=0.0)
        fits = [p for p in self.prices if not p.added and p.ability in {None, ability}]
        named = [p for p in fits if (model or self.default_model) in p.models]
        return next(iter(named or [p for p in fits if not p.models] or fits), None)
