"""From options to a checked plan: where to call, who pays, and the configuration in the vendor's JSON names, which
serve both the messages of gRPC and the bodies of REST."""

from __future__ import annotations

import ipaddress
import re
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec

from debabelizer.contract import AudioForm, CommitMode, StreamOptions
from debabelizer.errors import ConfigurationError, Remedy, UnsupportedLanguageError
from debabelizer_providers._cloud.options import Chosen
from debabelizer_providers.google import library
from debabelizer_providers.google.account import Account
from debabelizer_providers.google.config import Talents, config_v1, config_v2, talents_of
from debabelizer_providers.google.description import DESCRIPTION, MOST_LANGUAGES, NAME, TRANSLATOR
from debabelizer_providers.google.languages import spaceless, vendor_code

_CHOSEN = Chosen(DESCRIPTION, "Google")
setting = _CHOSEN.setting
_HOST = "speech.googleapis.com"
_NAMES_V1 = {"long": "latest_long", "short": "latest_short", "telephony": "phone_call"}
_NAMEABLE = re.compile(r"[a-z0-9][a-z0-9.:_-]*", re.IGNORECASE)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a connection needs to know, checked. ``config`` is the vendor's RecognitionConfig without its audio
    form; ``streaming`` what a stream adds."""

    base_url: str
    """``https://host[:port]``."""
    account: Account
    version: str
    """``v1`` or ``v2``."""
    location: str
    recognizer: str
    model: str
    form: AudioForm
    languages: tuple[str, ...]
    """The vendor's codes; ``auto`` where it finds out."""
    config: dict[str, Any]
    streaming: dict[str, Any]
    replay_speed: float
    notices: tuple[str, ...]

    def __repr__(self) -> str:  # the key must not reach a log
        return f"Plan({self.base_url}, {self.version}, {self.model})"

    @property
    def spaceless(self) -> bool:
        return spaceless(self.languages[0])

    @property
    def fingerprint(self) -> int:
        """Of the account and all that is asked of the vendor."""
        return hash(msgspec.json.encode(self))

    def name(self, project: str) -> str:
        """Of the recognizer. Raises ConfigurationError where no project is known."""
        if not project:
            raise ConfigurationError(
                "Google needs to know which project pays: set “Project”, or choose version 1 of the interface.",
                NAME,
                "no_project",
            )
        return f"projects/{project}/locations/{self.location}/recognizers/{self.recognizer}"


def plan(options: StreamOptions, *, files: bool = False) -> Plan:
    """For a connection, or for recordings. Raises ConfigurationError, UnsupportedLanguageError. Loads nothing of
    Google's library."""
    if (absent := library.missing()) is not None:
        raise absent
    who = account(options)
    version = _version(options, who)
    notices: list[str] = []
    model = _model(options, version, files=files)
    talents = talents_of(model)
    languages = _languages(options, model, talents, version)
    location = _location(options, model)
    make = partial(config_v2, files=files) if version == "v2" else config_v1
    config, told = make(options, setting, model, languages, talents)
    return Plan(
        base_url=base_url(options, location),
        account=who,
        version=version,
        location=location,
        recognizer=_named(options, "recognizer", "_"),
        model=model,
        form=_CHOSEN.form(options),
        languages=languages,
        config=config,
        streaming=_streaming(options, version, talents, notices),
        replay_speed=float(setting(options, "replay_speed")),
        notices=(*notices, *told),
    )


def account(options: StreamOptions) -> Account:
    """Raises ConfigurationError where there is none, or a key that cannot be one."""
    project = _named(options, "project", "")
    if setting(options, "application_default"):
        return Account(project=project)
    service_account = str(options.settings.get("service_account") or "").strip()
    if service_account:
        return Account(service_account=service_account, project=project)
    key = _CHOSEN.api_key(options, needed=False)
    if not key:
        raise ConfigurationError(
            "Google needs a service account key or an API key, and none is set.", NAME, remedy=Remedy.SET_KEY
        )
    return Account(api_key=key, project=project)


def base_url(options: StreamOptions, location: str) -> str:
    """Unencrypted only to this machine."""
    own = str(setting(options, "base_url")).strip()
    if not own:
        return f"https://{_HOST}" if location == "global" else f"https://{location}-{_HOST}"
    try:
        parts = urlsplit(own)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.path.strip("/")
        right = right and (parts.port is None or parts.port > 0)
    except ValueError:
        right = False
    if not right:
        message = f"“{own}” is not an address: it must begin with https:// and name a host, and nothing more."
        raise ConfigurationError(message, NAME)
    if parts.scheme == "http" and not _is_here(parts.hostname or ""):
        raise ConfigurationError(f"“{own}” is not encrypted; only a server on this machine may be called so.", NAME)
    return f"{parts.scheme}://{parts.netloc}"


def target(base: str) -> tuple[str, bool]:
    """``host:port`` of a gRPC call, and whether it is encrypted."""
    parts = urlsplit(base)
    secure = parts.scheme == "https"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{parts.port or (443 if secure else 80)}", secure


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _named(options: StreamOptions, key: str, default: str) -> str:
    """A name that becomes part of a path."""
    name = str(setting(options, key)).strip() or default
    if name not in ("", "_") and not _NAMEABLE.fullmatch(name):
        raise ConfigurationError(f"“{name}” is not a name Google gives: look at “{_title(key)}”.", NAME)
    return name


def _title(key: str) -> str:
    return next(one.title for one in DESCRIPTION.settings if one.key == key)


def _version(options: StreamOptions, who: Account) -> str:
    chosen = str(setting(options, "api_version"))
    if chosen in ("v1", "v2"):
        return chosen
    return "v1" if who.api_key and not who.project else "v2"


def _model(options: StreamOptions, version: str, *, files: bool) -> str:
    if files:
        model = TRANSLATOR if options.translate_to else str(setting(options, "file_model"))
        automatic = "long" if version == "v1" else "chirp_3"
    else:
        model = str(setting(options, "other_model")).strip() or str(setting(options, "model"))
        automatic = "long" if options.languages or version == "v1" else "chirp_3"
    if model == "auto":
        model = automatic
    if version == "v1":
        if talents_of(model).chirp:
            message = f"Google offers {model} in version 2 of the interface only, which needs a project: set “Project”."
            raise ConfigurationError(message, NAME, "no_project")
        return _NAMES_V1.get(model, model)
    return model


def _location(options: StreamOptions, model: str) -> str:
    own = _named(options, "other_region", "")
    if own:
        return own
    region = str(setting(options, "region"))
    home = talents_of(model).homes
    if region == "auto":
        return home.get("auto", "global")
    return home.get(region, region)


def _languages(options: StreamOptions, model: str, talents: Talents, version: str) -> tuple[str, ...]:
    if not options.languages:
        if talents.detects:
            return ("auto",)
        message = f"Google's model {model} does not find out the language: choose one, or the model Chirp 3."
        raise UnsupportedLanguageError(message, NAME, remedy=Remedy.OPEN_SETTINGS)
    codes: list[str] = []
    for tag in options.languages:
        code = vendor_code(tag)
        if code is None:
            raise UnsupportedLanguageError(f"Google does not recognise the language “{tag}”.", NAME)
        codes.append(code)
    codes = list(dict.fromkeys(codes))
    most = MOST_LANGUAGES + (version == "v1")  # there, others come beside the main one
    return tuple(codes[:most])  # that it is not all of them the front ends tell, from the description


def _streaming(options: StreamOptions, version: str, talents: Talents, notices: list[str]) -> dict[str, Any]:
    features: dict[str, Any] = {"interimResults": bool(setting(options, "interim_results"))}
    if setting(options, "speech_events"):
        features["enableVoiceActivityEvents"] = True
    wanted = str(setting(options, "endpointing"))
    if wanted == "auto" and options.commit is CommitMode.PAUSE:
        wanted = "supershort" if options.pause_s <= 0.4 else "short" if options.pause_s <= 0.8 else "standard"
    if talents.endpointing and version == "v2":
        if wanted != "auto":
            features["endpointingSensitivity"] = f"ENDPOINTING_SENSITIVITY_{wanted.upper()}"
    elif wanted not in ("auto", "standard"):
        notices.append("This model of Google decides for itself how long a pause ends a segment.")
    return features
