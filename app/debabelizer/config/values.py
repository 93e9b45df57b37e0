"""From what a file, a variable or a person says to a value of the right kind, and back to text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from debabelizer.contract.settings import Kind, Setting

Value = Any
"""BOOL bool, INT int, FLOAT float, LIST, LANGUAGES and PROVIDERS tuple of str, RULES tuple of dict (of str and bool);
else str."""

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_AUTOMATIC = frozenset({"", "auto", "automatic"})


class BadValue(ValueError):  # noqa: N818 - read as "raise BadValue(why)"
    """The message completes the sentence "the value ...": what is wrong with it, never the value of a secret."""


def default(setting: Setting) -> Value:
    """The value where nothing is set, in the form of its kind."""
    if setting.default is not None:
        return tuple(setting.default) if isinstance(setting.default, (list, tuple)) else setting.default
    return _EMPTY.get(setting.kind, "")


def check(setting: Setting, raw: object) -> Value:
    """The value of a typed source (TOML, a dialog). Raises BadValue.

    Where a text stands for something else (``tail_ms = "300"``), it is read as :func:`parse` reads it.
    """
    if isinstance(raw, str) and setting.kind in _FROM_TEXT:
        return parse(setting, raw)
    value = _CHECKS[setting.kind](setting, raw)
    _check_bounds(setting, value)
    return value


def parse(setting: Setting, text: str) -> Value:
    """The value of a text (environment, command line). Raises BadValue."""
    if setting.kind in _FROM_TEXT:
        value = _FROM_TEXT[setting.kind](text.strip())
        return check(setting, value)
    return check(setting, text if setting.kind is Kind.SECRET else text.strip())


def show(setting: Setting, value: Value) -> str:
    """One line of text that :func:`parse` reads back to the same value."""
    if setting.kind is Kind.BOOL:
        return "true" if value else "false"
    if setting.kind is Kind.RULES:
        return json.dumps(list(value), ensure_ascii=False)
    if setting.kind in (Kind.LIST, Kind.LANGUAGES, Kind.PROVIDERS):
        plain = all(item == item.strip() and item and not set(item) & set(',"[\n\r') for item in value)
        return ", ".join(value) if plain else json.dumps(list(value), ensure_ascii=False)
    return str(value)


# --------------------------------------------------------------------------------------------- from text


def _bool_of(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise BadValue(f"{text!r} is neither true nor false")


def _int_of(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text, re.ASCII):
        raise BadValue(f"{text!r} is not a whole number")
    return int(text)


def _float_of(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadValue(f"{text!r} is not a number") from None


def _list_of(text: str) -> list[str]:
    if text.startswith("["):
        loaded = _json(text)
        if not isinstance(loaded, list):
            raise BadValue("it is not a list")
        return loaded
    return [item.strip() for item in text.split(",") if item.strip()]


def _languages_of(text: str) -> list[str]:
    if text.lower() in _AUTOMATIC:
        return []
    return [item for part in _list_of(text) for item in str(part).split()]


def _rules_of(text: str) -> object:
    return _json(text) if text else []


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadValue("it is not valid JSON") from None


_FROM_TEXT: Mapping[Kind, Callable[[str], object]] = {
    Kind.BOOL: _bool_of,
    Kind.INT: _int_of,
    Kind.FLOAT: _float_of,
    Kind.LIST: _list_of,
    Kind.LANGUAGES: _languages_of,
    Kind.PROVIDERS: _list_of,
    Kind.RULES: _rules_of,
}

_EMPTY: Mapping[Kind, Value] = {
    Kind.BOOL: False,
    Kind.INT: 0,
    Kind.FLOAT: 0.0,
    Kind.LIST: (),
    Kind.LANGUAGES: (),
    Kind.PROVIDERS: (),
    Kind.RULES: (),
}


# ------------------------------------------------------------------------------------------------ checks


def _check_bool(setting: Setting, raw: object) -> Value:
    if not isinstance(raw, bool):
        raise BadValue(f"{raw!r} is neither true nor false")
    return raw


def _check_int(setting: Setting, raw: object) -> Value:
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise BadValue(f"{raw!r} is not a whole number")
    return raw


def _check_float(setting: Setting, raw: object) -> Value:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise BadValue(f"{raw!r} is not a number")
    try:
        value = float(raw)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise BadValue(f"{raw!r} is not a finite number")
    return value


def _check_text(setting: Setting, raw: object) -> Value:
    if not isinstance(raw, str):
        raise BadValue("it is not a text")
    if "\x00" in raw:
        raise BadValue("it holds a zero character")
    if setting.pattern and not re.fullmatch(setting.pattern, raw):
        raise BadValue(f"{raw!r} is not like {setting.example}")
    return raw


def _check_choice(setting: Setting, raw: object) -> Value:
    choices = {choice.value: choice for choice in setting.choices}
    if not isinstance(raw, str) or raw not in choices:
        raise BadValue(f"{raw!r} is none of {', '.join(choices)}")
    if missing := choices[raw].missing:
        raise BadValue(missing[0].lower() + missing[1:].removesuffix("."))
    return raw


def _check_list(setting: Setting, raw: object) -> Value:
    if not isinstance(raw, (list, tuple)):
        raise BadValue("it is not a list")
    return tuple(_check_text(setting, item) for item in raw)


def _check_languages(setting: Setting, raw: object) -> Value:
    tags = _check_list(setting, raw)
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise BadValue(f"{tag!r} is not a language tag such as en or pt-BR")
    return tags


def _check_hotkey(setting: Setting, raw: object) -> Value:
    text = _check_text(setting, raw).strip()
    if text == "+" or text.endswith("++"):  # the plus key itself
        return text
    if text and not all(part.strip() for part in text.split("+")):
        raise BadValue(f"{raw!r} is not a key such as F9 or Ctrl+Alt+Space")
    return text


def _check_url(setting: Setting, raw: object) -> Value:
    text = _check_text(setting, raw).strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise BadValue(f"{text!r} is not an address") from None
    if parts.scheme not in ("http", "https", "ws", "wss") or not parts.hostname:
        raise BadValue(f"{text!r} is not an address such as https://host/path")
    return text


def _check_provider(setting: Setting, raw: object) -> Value:
    text = _check_text(setting, raw)
    return "" if text.lower() in _AUTOMATIC else _known_provider(text)


def _check_providers(setting: Setting, raw: object) -> Value:
    return tuple(dict.fromkeys(_known_provider(name) for name in _check_list(setting, raw)))


def _known_provider(name: str) -> str:
    from debabelizer import registry

    if name not in registry.names():
        raise BadValue(f"there is no provider {name!r}; there are {', '.join(registry.names())}")
    return name


_RULE_FIELDS: Mapping[str, type] = {
    "program": str,
    "method": str,
    "keys": str,
    "terminal": bool,
    "undo": bool,
    "untold": bool,
}
"""As the platform's insertion rules have them."""
_RULE_METHODS = {"paste", "type", "copy"}


def _check_rules(setting: Setting, raw: object) -> Value:
    if not isinstance(raw, (list, tuple)):
        raise BadValue("it is not a list of tables")
    return tuple(_check_rule(rule) for rule in raw)


def _check_rule(rule: object) -> dict[str, str | bool]:
    if not isinstance(rule, Mapping):
        raise BadValue("a rule is a table")
    for field, value in rule.items():
        if field not in _RULE_FIELDS:
            raise BadValue(f"a rule has {', '.join(_RULE_FIELDS)}, not {field}")
        if not isinstance(value, _RULE_FIELDS[field]):
            kind = "a text" if _RULE_FIELDS[field] is str else "true or false"
            raise BadValue(f"the {field} of a rule is {kind}")
    if not rule.get("program"):
        raise BadValue("a rule lacks its program")
    if rule.get("method", "paste") not in _RULE_METHODS:
        raise BadValue(f"the method {rule['method']!r} of {rule['program']!r} is none of paste, type, copy")
    return dict(rule)


_CHECKS: Mapping[Kind, Callable[[Setting, object], Value]] = {
    Kind.BOOL: _check_bool,
    Kind.INT: _check_int,
    Kind.FLOAT: _check_float,
    Kind.TEXT: _check_text,
    Kind.CHOICE: _check_choice,
    Kind.LIST: _check_list,
    Kind.HOTKEY: _check_hotkey,
    Kind.SECRET: _check_text,
    Kind.PATH: _check_text,
    Kind.URL: _check_url,
    Kind.LANGUAGES: _check_languages,
    Kind.MICROPHONE: _check_text,
    Kind.PROVIDER: _check_provider,
    Kind.PROVIDERS: _check_providers,
    Kind.RULES: _check_rules,
}


def _check_bounds(setting: Setting, value: Value) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    unit = f" {setting.unit}" if setting.unit else ""
    if setting.minimum is not None and value < setting.minimum:
        raise BadValue(f"{value} is less than {setting.minimum:g}{unit}")
    if setting.maximum is not None and value > setting.maximum:
        raise BadValue(f"{value} is more than {setting.maximum:g}{unit}")
