"""Where the service is: the hosts of a region, of a resource of one's own, of the sovereign clouds, and of a container.

Sources: the vendor's pages on regions, sovereign clouds, private endpoints and containers, and the connection factories
of its JavaScript SDK, read in November 2026.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

import msgspec

from debabelizer.errors import ConfigurationError
from debabelizer_providers.azure.description import NAME

_CLASSIC = "/speech/recognition/{mode}/cognitiveservices/v1"
_UNIVERSAL = "/speech/universal/v2"
_REGION = re.compile(r"[a-z][a-z0-9]{2,40}")
_OF_A_REGION = re.compile(
    r"([a-z0-9]+)\.(?:api\.cognitive\.microsoft\.(?:com|us)|api\.cognitive\.azure\.cn|stt\.speech\.(?:microsoft\.com|azure\.us|azure\.cn))"
)
_RESOURCES = (".cognitiveservices.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.us",
              ".cognitiveservices.azure.cn")  # fmt: skip

REGIONS = (
    "eastus", "westeurope", "eastus2", "westus", "westus2", "westus3", "northeurope", "uksouth", "centralus",
    "northcentralus", "southcentralus", "westcentralus", "canadacentral", "canadaeast", "brazilsouth", "francecentral",
    "germanywestcentral", "italynorth", "norwayeast", "swedencentral", "switzerlandnorth", "switzerlandwest", "ukwest",
    "southafricanorth", "qatarcentral", "uaenorth", "centralindia", "jioindiawest", "southeastasia", "eastasia",
    "japaneast", "japanwest", "koreacentral", "australiaeast",
)  # fmt: skip
"""Of the public cloud, the busiest first."""


class Address(msgspec.Struct, frozen=True):
    """Three HTTP bases without a slash at the end. ``speech`` takes live audio and short recordings, ``api`` grants
    tokens and takes whole recordings. ``own_path``: the stream's whole path, where the user gave one. ``region`` is
    empty for an address of the user's own."""

    speech: str
    api: str
    own_path: str = ""
    region: str = ""

    def stream(self, mode: str, *, universal: bool) -> str:
        """Of the WebSocket, without a query."""
        parts = urlsplit(self.speech)
        scheme = "wss" if parts.scheme == "https" else "ws"
        path = self.own_path or parts.path + (_UNIVERSAL if universal else _CLASSIC.format(mode=mode))
        return urlunsplit((scheme, parts.netloc, path, "", ""))

    @property
    def short(self) -> str:
        """Where short recordings go."""
        return self.speech + _CLASSIC.format(mode="conversation")

    @property
    def token(self) -> str:
        return self.api + "/sts/v1.0/issueToken"

    @property
    def files(self) -> str:
        return self.api + "/speechtotext/transcriptions:transcribe"

    @property
    def public(self) -> bool:
        """A region of the public cloud, not of a sovereign one."""
        return bool(self.region) and self.api.endswith(".api.cognitive.microsoft.com")

    @property
    def host(self) -> str:
        return urlsplit(self.speech).netloc


def of_region(region: str) -> Address:
    """Raises ConfigurationError."""
    name = region.lower().replace(" ", "").replace("-", "")
    if not _REGION.fullmatch(name):
        raise ConfigurationError(f"“{region}” is not a region of Azure, such as westeurope.", NAME)
    if name.startswith("china"):
        return Address(f"https://{name}.stt.speech.azure.cn", f"https://{name}.api.cognitive.azure.cn", "", name)
    if name.startswith(("usgov", "usdod")):
        return Address(f"https://{name}.stt.speech.azure.us", f"https://{name}.api.cognitive.microsoft.us", "", name)
    return Address(f"https://{name}.stt.speech.microsoft.com", f"https://{name}.api.cognitive.microsoft.com", "", name)


def of_address(own: str) -> Address:
    """An endpoint as the vendor's portal shows it, a resource's own domain, a container, or a whole address of the
    stream; http only for what the user typed. Raises ConfigurationError."""
    try:
        parts = urlsplit(own.strip())
        scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
        right = scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        right = False
    if not right:
        raise ConfigurationError(f"“{own}” is not an address: it must begin with https:// and name a host.", NAME)
    host = parts.hostname or ""
    path = parts.path.rstrip("/")
    base = urlunsplit(
        (scheme, parts.netloc, re.split(r"(?:/stt)?/speech/|/sts/|/speechtotext/", path + "/")[0], "", "")
    )
    base = base.rstrip("/")
    whole = path if "/speech/" in path else ""
    if (found := _OF_A_REGION.fullmatch(host)) and not whole:
        return of_region(found[1])
    if host.endswith(_RESOURCES):
        return Address(base + "/stt", base, whole)
    return Address(base + ("/stt" if path.startswith("/stt/") else ""), base, whole)
