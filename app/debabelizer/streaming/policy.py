"""What whoever owns a session may choose about its patience and its memory. Seconds and bytes throughout."""

from __future__ import annotations

from pathlib import Path

import msgspec

from debabelizer.contract.stream import KeepAlive, StreamLimits


class SessionPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What the vendor's :class:`~debabelizer.contract.StreamLimits` do not say, because it is ours to choose."""

    connect_s: float = 10.0
    """For one transport to open; ``connect()`` starts no further attempt after it. A commit that finds no
    connection for so long fails."""
    idle_close_s: float | None = None
    """Close a connection on which nothing was said for so long, and reopen it when audio comes. None: never."""
    costly_idle_close_s: float | None = None
    """The same for a vendor at which idling costs."""
    renewed_idle_close_s: float | None = None
    """The same for one that closes idle connections itself, so that they have to be made anew to stay open."""

    backoff_first_s: float = 0.16
    """With its jitter and the time to connect, the first attempt comes within a quarter of a second."""
    backoff_factor: float = 2.0
    backoff_cap_s: float = 15.0
    backoff_jitter: float = 0.25
    """Each delay is drawn from ``delay * (1 - jitter) .. delay * (1 + jitter)``."""
    unreached_cap_s: float = 0.75
    """The longest delay while the vendor cannot be reached at all and audio waits."""
    instant_s: float = 1.0
    """A connection that ends sooner after it was ready, and got nothing done, was dropped instantly."""
    max_instant_drops: int = 5
    """So many instant drops in a row mean that trying again does not help."""
    failover_after: int = 3
    """Failures in a row after which the next provider is tried, where there is one."""
    failover_after_s: float = 6.0
    """The same after so long without a connection."""

    half_open_s: float = 2.4
    """While audio flows: a connection that gives no sign of life for so long is dead."""
    idle_ping_s: float = 10.0
    """The same for a connection that is idle and kept alive by pings."""
    stall_s: float = 30.0
    """A connection that takes no more audio for so long, though it seems alive, fails the commits waiting for it."""

    handover_window_s: float = 20.0
    """How long before the vendor's longest connection a good moment for the hand-over is looked for."""
    pause_s: float = 0.25
    """Quiet that makes a good moment."""

    drain_s: float = 10.0
    """For the audio that is still unsent at ``disconnect()``; the answers have deadlines of their own."""
    close_s: float = 2.0
    """For the closing handshake."""

    memory_bytes: int = 4 << 20
    """Audio kept in memory for replay (4 MiB: two minutes); more goes to disk."""
    unspooled_bytes: int = 256 << 20
    """Where the disk takes no more: how much is kept in memory after all, before ``send`` refuses."""
    spool_dir: Path | None = None
    """None: the system's folder for temporary files. Spool files have no name and vanish with the process."""
    max_events: int = 2000
    """Events waiting for a slow reader before nothing more is read from the provider."""

    def idle_close(self, limits: StreamLimits) -> float | None:
        """Seconds without speech after which a connection with these limits is closed."""
        if limits.idle_costs:
            return self.costly_idle_close_s
        renewed = limits.keep_alive is KeepAlive.NONE and limits.idle_s is not None
        return self.renewed_idle_close_s if renewed else self.idle_close_s
