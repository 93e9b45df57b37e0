"""A gRPC call, as a stream protocol describes it: where it goes, what is said first, and what its end means.

Nothing here needs a gRPC library. What the codes mean follows the gRPC status code documentation
(https://grpc.io/docs/guides/status-codes/); a vendor's protocol refines it where the vendor says more.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import msgspec

from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    RateLimitError,
    Remedy,
    StreamingError,
)

HALF_CLOSE = ""
"""Sent as a text message: nothing more will come from this side in the present call."""
BEGIN_CALL = "call"
"""Sent as a text message, where :attr:`GrpcOpening.serial`: what follows goes into a new call."""


class GrpcOpening(msgspec.Struct, frozen=True, kw_only=True):
    """Bidirectional calls of ``method`` (``/package.Service/Method``) at ``target`` (``host:port``), with ``metadata``
    (lower-case names). ``first`` is sent at once. Openings of equal target and metadata share a warm connection.
    Without TLS (``secure`` False) only a server on this machine is called.

    Binary messages are the service's own, serialised. Text messages are about the call: ``HALF_CLOSE`` is sent, and a
    :class:`GrpcStatus` in JSON is the last message received of each call, however the server ended it. Usually there
    is one call, and the link ends with it. ``serial``: a vendor ends a segment only with its call, so there is one
    after the other, each begun by ``BEGIN_CALL``; the link ends with the first that ends badly.
    """

    target: str
    method: str
    metadata: Mapping[str, str] = {}
    first: tuple[bytes | str, ...] = ()
    secure: bool = True
    serial: bool = False

    def __repr__(self) -> str:  # metadata and first messages may hold keys and tokens
        return f"GrpcOpening({self.target}{self.method})"


class GrpcCode(IntEnum):
    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16

    @classmethod
    def named(cls, code: int) -> str:
        """As the vendors' documentation writes it; a number where there is no such code."""
        return cls(code).name if code in cls._value2member_map_ else str(code)


class GrpcStatus(msgspec.Struct, frozen=True):
    """How a call ended. ``details``: the serialised ``google.rpc.Status`` that came along, if one did."""

    code: int
    message: str = ""
    details: bytes = b""

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def decode(cls, text: str) -> GrpcStatus:
        """Raises ValueError."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.DecodeError, UnicodeEncodeError) as problem:
            raise ValueError(str(problem)) from None


_BUSY = frozenset({GrpcCode.UNAVAILABLE, GrpcCode.INTERNAL, GrpcCode.DEADLINE_EXCEEDED, GrpcCode.CANCELLED})
_REFUSED = frozenset({GrpcCode.INVALID_ARGUMENT, GrpcCode.FAILED_PRECONDITION, GrpcCode.ALREADY_EXISTS})
_NOWHERE = frozenset({GrpcCode.NOT_FOUND, GrpcCode.UNIMPLEMENTED})


def status_error(status: GrpcStatus, provider: str, title: str) -> ProviderError:
    """The error that a code stands for, by what can be done about it: another key, another setting, waiting, or just
    trying again. ``title``: what the user calls the vendor."""
    code, words = GrpcCode.named(status.code), status.message.strip()[:500]
    told = f" ({words})" if words else ""
    vendor = words or None
    match status.code:
        case GrpcCode.UNAUTHENTICATED:
            return AuthenticationError(f"{title} refused the key.{told}", provider, code, vendor_message=vendor)
        case GrpcCode.PERMISSION_DENIED:
            message = f"{title} does not let this account do this.{told}"
            return AuthenticationError(message, provider, code, vendor_message=vendor, remedy=Remedy.OPEN_SETTINGS)
        case GrpcCode.RESOURCE_EXHAUSTED:
            return RateLimitError(f"{title} has too many requests.{told}", provider, code, vendor_message=vendor)
        case refused if refused in _REFUSED:
            return ConfigurationError(f"{title} refused the settings.{told}", provider, code, vendor_message=vendor)
        case nowhere if nowhere in _NOWHERE:
            message = f"There is no {title} service at this address.{told}"
            return ConfigurationError(message, provider, code, vendor_message=vendor)
        case busy if busy in _BUSY:
            return ConnectionError(f"The connection to {title} broke.{told}", provider, code, vendor_message=vendor)
        case _:
            return StreamingError(f"{title} reported {code}.{told}", provider, code, vendor_message=vendor)
