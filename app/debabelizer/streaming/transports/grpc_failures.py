"""What the gRPC library says when it cannot even reach the other side, as errors of this project. Its status is the
same as that of a server which says it is unavailable; only the words differ."""

from __future__ import annotations

import re

from debabelizer.contract.grpc import GrpcCode, GrpcStatus
from debabelizer.errors import ConnectionError, ProviderError
from debabelizer.streaming.transports.failures import untrusted

_NAME = ("resolv", "dns ", "domain name not found", "address lookup")
_UNTRUSTED = re.compile(r"certificate[_ ]verify[_ ]failed(?:: )?", re.IGNORECASE)
_CUT = ("socket closed", "connection reset", "broken pipe", "end of tcp stream", "endpoint closing")
_WRAPPED = re.compile(r"^[A-Z_]+: ipv[46]:\S+: (?:\w+: ?)?(.+?)(?: \(\d+\))?$")
_BY_HTTP = "http2 header"
"""The library's words for an answer that is HTTP and not gRPC: a proxy's or balancer's. It is one all the same."""
_UNREACHED = (*_NAME, "failed to connect to all addresses", "connections to all backends failing")


def unreachable(status: GrpcStatus, provider: str, host: str) -> ProviderError | None:
    """None where it was the other side that ended the call."""
    words = status.message.lower()
    if status.code != GrpcCode.UNAVAILABLE or not any(mark in words for mark in _UNREACHED):
        return None
    if _UNTRUSTED.search(words):
        return untrusted(_UNTRUSTED.split(status.message)[-1].strip().removesuffix(": OK")[:200], provider, host)
    if "ssl" in words or "tsi_" in words or "handshake" in words:
        return ConnectionError(f"No secure connection to {host}: {_reason(status)}", provider, "tls")
    if "proxy" in words:
        return ConnectionError(f"The proxy did not let us through to {host}: {_reason(status)}", provider, "proxy")
    if any(mark in words for mark in _NAME):
        return ConnectionError(f"The name {host} cannot be looked up: no network, or a wrong address", provider, "dns")
    if "refused" in words:
        return ConnectionError(f"{host} refuses connections", provider, "refused")
    if "timeout" in words or "timed out" in words or "deadline" in words:
        return ConnectionError(f"{host} does not answer", provider, "timeout")
    if any(mark in words for mark in _CUT):
        return ConnectionError(f"{host} cut the connection", provider, "reset")
    return ConnectionError(f"No connection to {host}: {_reason(status)}", provider, "os")


def is_answer(status: GrpcStatus) -> bool:
    """Whether a status shows that somebody at the other side is alive."""
    silent = {GrpcCode.UNAVAILABLE, GrpcCode.DEADLINE_EXCEEDED}
    return status.code not in silent or _BY_HTTP in status.message


def _reason(status: GrpcStatus) -> str:
    """Without what only the library's makers can use: codes, addresses and the names of system calls."""
    return _WRAPPED.sub(r"\1", status.message.rpartition("last error: ")[2].strip())[:200]
