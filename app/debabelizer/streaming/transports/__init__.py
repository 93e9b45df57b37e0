"""What a connection is to the supervisor, whatever carries it."""

from debabelizer.streaming.transports.link import Link, LinkClosed, Transports, default_transports

__all__ = ["Link", "LinkClosed", "Transports", "default_transports"]
