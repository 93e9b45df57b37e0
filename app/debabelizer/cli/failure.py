"""Every way a command can end, as an exit status and one line for the user; never a traceback."""

from __future__ import annotations

from enum import IntEnum

from debabelizer.errors import Category, ProviderError, Remedy, sentence


class Exit(IntEnum):
    OK = 0
    FAILED = 1
    USAGE = 2
    """Wrong options, wrong settings."""
    NO_INPUT = 66
    """A file that can't be read, no microphone."""
    UNAVAILABLE = 69
    """The provider or the network."""
    INTERNAL = 70
    """A fault of ours; the log has it."""
    CANNOT_WRITE = 73
    NOT_ALLOWED = 77
    """The key was refused."""
    CANCELLED = 130


_BY_CATEGORY = {
    Category.AUTH: Exit.NOT_ALLOWED,
    Category.QUOTA: Exit.UNAVAILABLE,
    Category.RATE_LIMIT: Exit.UNAVAILABLE,
    Category.NETWORK: Exit.UNAVAILABLE,
    Category.PROTOCOL: Exit.UNAVAILABLE,
    Category.AUDIO: Exit.NO_INPUT,
    Category.CONFIG: Exit.USAGE,
    Category.UNSUPPORTED: Exit.USAGE,
    Category.STORAGE: Exit.CANNOT_WRITE,
    Category.INTERNAL: Exit.INTERNAL,
}

_REMEDIES = {
    Remedy.RETRY: "Try again.",
    Remedy.SET_KEY: "Set the key: debabelizer keys set {provider}",
    Remedy.CHOOSE_PROVIDER: "Choose another provider (debabelizer providers): --provider NAME",
    Remedy.CHOOSE_MICROPHONE: "See debabelizer devices, and choose one: --microphone ID",
    Remedy.ALLOW_MICROPHONE: "Allow this program to use the microphone in the system's privacy settings.",
    Remedy.DOWNLOAD_MODEL: "Download it: debabelizer models download {provider}",
    Remedy.CHECK_NETWORK: "Check the network connection and try again.",
    Remedy.FREE_DISK_SPACE: "Make room on the disk, or see that the folder can be written.",
    Remedy.CHANGE_HOTKEY: "Choose another key: debabelizer config set dictation.key KEY",
    Remedy.OPEN_SETTINGS: "All its settings: debabelizer providers {provider}",
    Remedy.WAIT: "Wait a moment and try again.",
    Remedy.PASTE: "The text is on the clipboard: paste it.",
}


def status_of(error: ProviderError) -> Exit:
    return _BY_CATEGORY[error.category]


def remedy_of(error: ProviderError) -> str:
    """What to do, as a sentence with a command; empty where there is nothing or the message says it already."""
    known = error.provider != "unknown"
    said = "debabelizer " in error.message or not known
    if error.remedy is None or (error.remedy is Remedy.OPEN_SETTINGS and said):
        return ""
    provider = error.provider if known else "PROVIDER"
    return _REMEDIES[error.remedy].format(provider=provider)


def describe(error: ProviderError) -> str:
    """Cause and remedy in one line. A command may stand at its end: nothing should follow on that line."""
    from debabelizer.config.redaction import redact

    return redact(" ".join(f"{sentence(error.message)} {remedy_of(error)}".split()))
