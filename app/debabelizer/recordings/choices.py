"""How a recording is to become text: by whom, in which languages, with speakers told apart or not; and how many may be
under way at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from debabelizer.contract.description import Ability, Place, ProviderDescription
from debabelizer.contract.files import FilesToText
from debabelizer.contract.settings import Kind, Setting
from debabelizer.errors import Category

if TYPE_CHECKING:
    from debabelizer.config import Settings

HOPELESS = frozenset({Category.AUTH, Category.QUOTA, Category.CONFIG, Category.UNSUPPORTED})
"""After such an error the next recording would fail in the same way."""
_SPEAKERS = ("file_diarize", "diarize")
"""By convention a provider's setting that tells speakers apart; that of files comes first."""


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """``provider``: empty leaves it to the settings. None: as in the settings."""

    provider: str = ""
    languages: tuple[str, ...] | None = None
    speakers: bool | None = None


class Way(msgspec.Struct, frozen=True):
    """The settings with the choices in them, the provider in force, and how many recordings it gets at a time.
    ``steps_aside``: it can be broken off and gone on with at little cost."""

    settings: Settings
    provider: str
    at_a_time: int
    steps_aside: bool

    def mark(self, recording: Path) -> str:
        """The same for the same recording, unchanged, with the same engine and settings."""
        import hashlib  # with all of OpenSSL's, which an idle window need not hold

        from debabelizer import registry

        options = self.settings.stream_options(self.provider)
        secret = {one.key for one in registry.describe(self.provider).settings if one.kind is Kind.SECRET}
        known = {key: str(value) for key, value in options.settings.items() if key not in secret}
        told = msgspec.structs.replace(options, settings=dict(sorted(known.items())))
        state = recording.stat()
        made = (self.provider, msgspec.json.encode(told), state.st_size, state.st_mtime_ns)
        return hashlib.sha256(repr(made).encode()).hexdigest()[:16]


def way_of(settings: Settings, choices: Choices) -> Way:
    """Raises ConfigurationError where no provider is ready. May take a moment: keys and modules are loaded."""
    from debabelizer import registry

    name = provider_in_force(settings, choices)
    code = _code(choices)
    chosen = settings.with_code(code)
    setting = speakers_setting(chosen, registry.describe(name))
    if setting is not None and choices.speakers is not None:
        code[f"providers.{name}.{setting.key}"] = _value(setting, choices.speakers)
        chosen = settings.with_code(code)
    described = registry.describe(name)
    steps_aside = _whole(chosen, described) and described.place is Place.LOCAL
    return Way(chosen, name, at_a_time(chosen, name), steps_aside)


def provider_in_force(settings: Settings, choices: Choices) -> str:
    """Raises ConfigurationError where none is ready."""
    from debabelizer.config.selection import choose, for_recordings

    chosen = settings.with_code(_code(choices))
    return choose(chosen, for_recordings(chosen)).provider


def _code(choices: Choices) -> dict[str, Any]:
    code: dict[str, Any] = {"provider": choices.provider} if choices.provider else {}
    if choices.languages is not None:
        code["languages"] = choices.languages
    return code


def at_a_time(settings: Settings, provider: str) -> int:
    """As many as a cloud provider takes whole; an engine on this machine has all of it with one. Raises
    ConfigurationError for a provider that is not there."""
    from debabelizer import registry

    engine = registry.load(provider)
    described = engine.description
    if _whole(settings, described) and described.place is not Place.LOCAL and isinstance(engine, FilesToText):
        return max(1, engine.file_limits(settings.stream_options(provider)).parallel)
    return 1


def speakers_setting(settings: Settings, provider: ProviderDescription) -> Setting | None:
    """What tells the speakers of a recording apart; None: nothing does, with this provider and these settings."""
    from debabelizer.config.availability import why_not

    if not _whole(settings, provider):
        return None
    own = {setting.key: setting for setting in provider.settings}
    found = next((own[key] for key in _SPEAKERS if key in own), None)
    if found is None or why_not(settings, f"providers.{provider.name}.{found.key}", provider):
        return None
    return found


def tells_speakers(settings: Settings, provider: ProviderDescription) -> bool:
    """Whether the settings say so."""
    setting = speakers_setting(settings, provider)
    if setting is None:
        return False
    return bool(settings.get(f"providers.{provider.name}.{setting.key}") != _value(setting, wanted=False))


def _whole(settings: Settings, provider: ProviderDescription) -> bool:
    return Ability.FILES in provider.abilities and settings.get("files.method") == "whole"


def _value(setting: Setting, wanted: bool) -> bool | str:
    """By convention the first choice is no, the second the one to be recommended."""
    if setting.kind is Kind.BOOL:
        return wanted
    return setting.choices[int(wanted)].value
