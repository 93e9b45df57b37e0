"""What a program asks for, in the engine's settings: the library's configuration, and the options of one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.library.config import DebabelizerConfig

ENGINES = {"openai_whisper": "openai"}
"""Providers that 1.x knew by another name."""
_RENAMED = {
    ("google", "credentials_path"): "service_account",
    ("google", "project_id"): "project",
    ("openai_whisper", "model"): "file_model",
    ("openai", "model"): "file_model",
    ("whisper", "model_size"): "model",
}
_SPOKEN = frozenset({"default_voice_id", "tts_model", "tts_voice", "voice_id", "optimize_streaming_latency"})
"""Keys of a section that are about speaking, not listening."""
_LANGUAGES = frozenset({"language", "languages", "language_hints"})
_AUTOMATIC = frozenset({"", "auto", "multi"})


def engine_of(name: str) -> str:
    """The engine's name of a provider."""
    return ENGINES.get(name, name)


def settings_of(config: DebabelizerConfig, base: Settings) -> Settings:
    """All of a configuration as settings. Sections that are no provider's of ours are left to whom they belong."""
    code = _preferred(config)
    known = {setting.key for setting in base.table}
    for section, values in config.config.items():
        if not isinstance(values, Mapping):
            continue
        for key, value in values.items():
            name = f"providers.{engine_of(section)}.{_RENAMED.get((section, key), key)}"
            if name in known and value is not None and value != "NOT_SET":
                code[name] = value
    return base.with_code(code)


def troubles(config: DebabelizerConfig, base: Settings) -> Iterator[str]:
    """A sentence for everything that is wrong with the settings of this installation and with the program's own, each
    with the nearest key that there is. What is about speaking, or about a provider of the program's own, is not."""
    from debabelizer.config.problem import nearest_key

    yield from map(str, settings_of(config, base).problems)
    known = {setting.key for setting in base.table}
    for section, values in config.config.items():
        prefix = f"providers.{engine_of(section)}."
        own = [key.removeprefix(prefix) for key in known if key.startswith(prefix)]
        for key in values if own and isinstance(values, Mapping) else ():
            if _RENAMED.get((section, key), key) in own or key in _SPOKEN | _LANGUAGES:
                continue
            nearest = nearest_key(key, own)
            hint = f" Did you mean {nearest!r}?" if nearest else ""
            yield f"config[{section!r}]: {section} has no setting {key!r}.{hint}"


def _preferred(config: DebabelizerConfig) -> dict[str, Any]:
    """What it says about the choice; where it says nothing, the app's own settings count."""
    code: dict[str, Any] = {}
    if (name := config.get_preferred_stt_provider()) and config.is_provider_configured(name):
        code["provider"] = engine_of(name)
    if config.says_auto_select():
        code["selection.strategy"] = config.get_optimization_strategy() if config.should_auto_select() else "first"
    return code


def with_options(
    settings: Settings, provider: str, languages: tuple[str, ...], options: Mapping[str, Any]
) -> tuple[Settings, tuple[str, ...]]:
    """The settings for one call, and a notice for each option that the provider does not have."""
    from debabelizer.config.problem import nearest_key

    code: dict[str, Any] = {"languages": languages} if languages else {}
    notices = []
    prefix = f"providers.{provider}."
    own = [s.key.removeprefix(prefix) for s in settings.table if s.key.startswith(prefix)]
    for name, value in options.items():
        if name in own:
            code[prefix + name] = value
        elif name == "vocabulary":
            code[name] = value
        elif name not in _SPOKEN and value is not None:
            nearest = nearest_key(name, own)
            hint = f" Did you mean {nearest}?" if nearest else ""
            notices.append(f"{provider} has no option {name}; it was left out.{hint}")
    return settings.with_code(code), tuple(notices)


def wanted_languages(
    config: DebabelizerConfig, name: str, language: str | None, hints: Iterable[str] | None
) -> tuple[str, ...]:
    """Of a call, or else of the provider's section; none: automatic."""
    if language or hints:
        return languages_of(language, hints)
    return languages_of(config.get_provider_config(name, "language"), None)


def languages_of(language: object, hints: Iterable[str] | None) -> tuple[str, ...]:
    """Each once, without the words that mean automatic."""
    asked = [language, *(hints or ())]
    return tuple(dict.fromkeys(str(tag) for tag in asked if tag and str(tag).lower() not in _AUTOMATIC))
