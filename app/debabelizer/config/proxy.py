"""The proxy of the settings, for every library of this process and its workers: they all read the same variables."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debabelizer.config.settings import Settings

_NAMES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
_before: dict[str, str | None] = {}
"""What they were before this program changed them."""


def apply(settings: Settings) -> None:
    """Use the proxy of the settings from now on; without one, what environment and system say. ``NO_PROXY`` goes on
    naming the exceptions."""
    address = settings.get("network.proxy")
    for name in _NAMES:
        found = _before.setdefault(name, os.environ.get(name))
        wanted = address or found
        if wanted is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = wanted
