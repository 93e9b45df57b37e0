"""The streaming supervisor: the only owner of connections. See ``docs/architecture.md``."""

from debabelizer.streaming.commits import CommitHandle, CommitResult
from debabelizer.streaming.policy import SessionPolicy
from debabelizer.streaming.providers import OpenEpoch
from debabelizer.streaming.session import Session
from debabelizer.streaming.transports import Transports, default_transports

__all__ = [
    "CommitHandle",
    "CommitResult",
    "OpenEpoch",
    "Session",
    "SessionPolicy",
    "Transports",
    "default_transports",
]
