"""Errors of the network libraries as errors of this project, in one place."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from debabelizer.contract.files import seconds_of
from debabelizer.contract.stream import Refusal
from debabelizer.errors import (
    AuthenticationError,
    CertificateError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
)


def from_status(
    status: int, provider: str, host: str, *, retry_after: str | None = None, body: str = ""
) -> ProviderError:
    """A refusal by HTTP status, at the handshake or in an exchange before it. ``body``: the vendor's words."""
    code = str(status)
    words = body.strip()[:300] or None
    if status in {401, 403}:
        return AuthenticationError(f"{host} refused the key (HTTP {status})", provider, code, vendor_message=words)
    if status == 402:
        return QuotaExceededError(f"The credits at {host} are used up (HTTP 402)", provider, code, vendor_message=words)
    if status == 429:
        return RateLimitError(
            f"{host} has too many requests from this key (HTTP 429)",
            provider,
            code,
            retry_after=seconds_of(retry_after),
            vendor_message=words,
        )
    if status >= 500:
        return ConnectionError(f"{host} has trouble of its own (HTTP {status})", provider, code, vendor_message=words)
    if status in {301, 302, 303, 307, 308}:
        return ConfigurationError(f"{host} has moved elsewhere (HTTP {status})", provider, code, vendor_message=words)
    told = f": {words}" if words else ""
    if status in {400, 422}:
        message = f"{host} refused the settings of this connection (HTTP {status}){told}"
        return ConfigurationError(message, provider, code, vendor_message=words)
    return StreamingError(f"{host} refused the connection (HTTP {status}){told}", provider, code, vendor_message=words)


def from_exception(error: BaseException, provider: str, host: str) -> ProviderError:
    """Any error of opening or using a connection to ``host``."""
    known = _from_websockets(error, provider, host)
    if known is not None:
        return known
    if isinstance(error, socket.gaierror):
        return ConnectionError(f"The name {host} cannot be looked up: no network, or a wrong address", provider, "dns")
    if isinstance(error, ssl.SSLCertVerificationError):
        return untrusted(getattr(error, "verify_message", "") or _reason(error), provider, host)
    if isinstance(error, ssl.SSLError):
        return ConnectionError(f"No secure connection to {host}: {_reason(error)}", provider, "tls")
    if isinstance(error, ConnectionRefusedError):
        return ConnectionError(f"{host} refuses connections", provider, "refused")
    if isinstance(error, TimeoutError | asyncio.TimeoutError):
        return ConnectionError(f"{host} does not answer", provider, "timeout")
    if isinstance(error, EOFError | ConnectionResetError | BrokenPipeError):
        return ConnectionError(f"{host} cut the connection", provider, "reset")
    if isinstance(error, OSError):
        return ConnectionError(f"No connection to {host}: {error.strerror or error}", provider, "os")
    return StreamingError(f"The connection to {host} failed: {error}", provider, type(error).__name__)


def untrusted(why: str, provider: str, host: str) -> CertificateError:
    return CertificateError(
        f"The certificate of {host} is not trusted: {why}. If your network has a certificate of its own, it "
        "belongs into the system's store.",
        provider,
        "tls",
    )


def from_http(error: Exception, provider: str, url: str) -> ProviderError:
    """An exception of httpx while something was asked of ``url``."""
    import httpx

    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return ConfigurationError(f"Not an address: {url.partition('?')[0]}", provider, "address")
    host = urlsplit(url).hostname or url
    if isinstance(error, httpx.ProxyError):
        return ConnectionError(f"The proxy did not let us through to {host}: {error}", provider, "proxy")
    return from_exception(_root_cause(error), provider, host)


def _root_cause(error: BaseException) -> BaseException:
    """httpx wraps the system's own errors; those say more."""
    import httpx

    cause: BaseException | None = error
    deepest: OSError | None = None
    while cause is not None:
        if isinstance(cause, OSError):
            deepest = cause
        cause = cause.__cause__ or cause.__context__
    if deepest is not None:
        return deepest
    if isinstance(error, httpx.TimeoutException):
        return TimeoutError(str(error))
    return ConnectionResetError(str(error)) if isinstance(error, httpx.TransportError) else error


def _reason(error: ssl.SSLError) -> str:
    """Errors that a trust store makes itself lack the attributes of OpenSSL's."""
    return str(getattr(error, "reason", "") or error.strerror or error)


def _words(headers: Mapping[str, str]) -> str:
    """Some vendors tell the reason of a refused handshake in a header of their own, named ``...-error``."""
    return next((value for name, value in headers.items() if name.endswith("-error")), "")


def refusal(error: BaseException) -> Refusal | None:
    """What a WebSocket handshake was answered with, where it was answered at all."""
    from websockets.exceptions import InvalidStatus

    if not isinstance(error, InvalidStatus):
        return None
    answer = error.response
    headers = {name.lower(): value for name, value in answer.headers.raw_items()}
    return Refusal(status=answer.status_code, headers=headers, body=bytes(answer.body or b""))


def _from_websockets(error: BaseException, provider: str, host: str) -> ProviderError | None:
    from websockets import exceptions as ws

    if (answer := refusal(error)) is not None:
        return from_status(
            answer.status,
            provider,
            host,
            retry_after=answer.headers.get("retry-after"),
            body=_words(answer.headers) or answer.body.decode("utf-8", "replace"),
        )
    if isinstance(error, ws.InvalidURI):
        return ConfigurationError(f"Not a WebSocket address: {host}", provider, "address")
    if isinstance(error, ws.InvalidProxy | ws.ProxyError):
        return ConnectionError(f"The proxy did not let us through to {host}: {error}", provider, "proxy")
    if isinstance(error, ws.InvalidMessage):
        # The other side closed or spoke something else; a restarting balancer does the first.
        return ConnectionError(f"{host} broke off the handshake", provider, "handshake")
    if isinstance(error, ws.InvalidHandshake):
        # A header may be our own, and its value a key.
        told = f"invalid {error.name} header" if isinstance(error, ws.InvalidHeader) else error
        return StreamingError(f"{host} does not speak WebSocket as it should: {told}", provider, "handshake")
    return None
