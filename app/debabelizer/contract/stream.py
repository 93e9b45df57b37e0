"""The stream contract: a vendor's protocol without I/O.

A :class:`StreamProtocol` serves one physical connection (one *epoch*). It holds no socket, clock, task or log;
it turns verbs into messages and messages into signals, and states its limits as data. Everything else
(connecting, waiting, retrying, replaying, pacing) is the session supervisor's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import msgspec

from debabelizer.contract.audio import PCM_16K, AudioForm
from debabelizer.contract.grpc import GrpcOpening
from debabelizer.errors import ProviderError
from debabelizer.events import Joining, WireChange

if TYPE_CHECKING:
    import httpx

WireMessage = str | bytes
"""A text or a binary frame."""


# ------------------------------------------------------------------------------------------------- opening


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A WebSocket handshake that was answered by something else than a WebSocket. Names of ``headers`` are lower
    case; ``body`` is what came of it, at most some kilobytes."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


class WebSocketOpening(msgspec.Struct, frozen=True, kw_only=True):
    """``url`` (ws or wss), handshake ``headers``, and the messages to send as soon as the socket is open.

    The connection counts as ready at the first :class:`Ready` signal (or at once, where
    :attr:`StreamLimits.ready_when_open`); audio waits for it. ``text_only``: every message goes as a text frame, one
    of bytes too, which are UTF-8 then. ``refused``: what the vendor means by a refused handshake; without it, or where
    it answers None, the HTTP status decides.
    """

    url: str
    headers: Mapping[str, str] = {}
    subprotocols: tuple[str, ...] = ()
    first: tuple[WireMessage, ...] = ()
    text_only: bool = False
    refused: Callable[[Refusal], ProviderError | None] | None = None

    def __repr__(self) -> str:  # query, headers and first messages may hold keys and tokens
        return f"WebSocketOpening({self.url.partition('?')[0]})"


class WorkerOpening(msgspec.Struct, frozen=True, kw_only=True):
    """A local engine in a process of its own: ``target`` is ``"package.module:function"``, called there with a
    :class:`~debabelizer.contract.worker.WorkerLink`. Workers of equal ``target`` and ``key`` are reused while
    warm; after ``idle_unload_s`` without a connection the process ends and its memory returns (0: at once,
    None: never). ``background``: the engine's to say, not the provider's: its work can wait, so the process gets what
    others leave of the processor."""

    target: str
    key: str = ""
    first: tuple[WireMessage, ...] = ()
    idle_unload_s: float | None = 600.0
    background: bool = False


class HttpRequest(msgspec.Struct, frozen=True, kw_only=True):
    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes = b""

    def __repr__(self) -> str:  # headers may hold keys
        return f"HttpRequest({self.method} {self.url.partition('?')[0]})"


class Preflight(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP exchange before the real opening (a single-use token, say). ``then`` gets status and body and
    returns the opening, or raises a :class:`ProviderError`."""

    request: HttpRequest
    then: Callable[[int, bytes], DirectOpening]


class Preparation(msgspec.Struct, frozen=True, kw_only=True):
    """More before the real opening than one exchange: a vendor's own library has to be loaded, or decides what to
    ask for a token and how. ``prepare`` runs on the loop under the deadline of the connection. It takes anything slow
    to a thread, reaches the network by the client it is lent (the user's proxy and certificates) and by nothing else,
    and returns the opening or raises a :class:`ProviderError`."""

    prepare: Callable[[httpx.AsyncClient], Awaitable[DirectOpening]]


DirectOpening = WebSocketOpening | GrpcOpening | WorkerOpening
Opening = DirectOpening | Preflight | Preparation


# ------------------------------------------------------------------------------------------------- options


class CommitMode(StrEnum):
    """Who ends a segment: the user's ``commit``, or a pause in the speech."""

    MANUAL = "manual"
    PAUSE = "pause"


class StreamOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the user chose, already resolved: a protocol reads no file, environment or secret store."""

    languages: tuple[str, ...] = ()
    """BCP 47; empty: automatic."""
    commit: CommitMode = CommitMode.MANUAL
    pause_s: float = 1.0
    """In ``PAUSE`` mode: silence that ends a segment, seconds."""
    vocabulary: tuple[str, ...] = ()
    translate_to: str = ""
    """A recording is wanted in this language, too: one of the description's ``translates_into``. Streams do not heed
    it."""
    settings: Mapping[str, Any] = {}
    """The provider's own settings by bare key, secrets included; never logged."""

    def __repr__(self) -> str:
        return (
            f"StreamOptions(languages={self.languages}, commit={self.commit.value}, settings of {len(self.settings)})"
        )


class EpochContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a new connection may want to know of the ones before it."""

    epoch: int = 0
    previous_text: str = ""
    """Committed text so far, for vendors that take context; newest last."""


# -------------------------------------------------------------------------------------------------- limits


class KeepAlive(StrEnum):
    """What keeps an idle connection open at this vendor."""

    NONE = "none"
    """Nothing helps: the supervisor moves to a new connection before ``idle_s`` is over."""
    MESSAGE = "message"
    """``protocol.keep_alive()`` gives the message."""
    SILENCE = "silence"
    """The supervisor sends ``keep_alive_silence_s`` of zeros through ``protocol.audio``."""
    PING = "ping"
    """The transport's own ping is enough."""
    REOPEN = "reopen"
    """Nothing helps: let it close, and reopen when audio comes."""


class StreamLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds throughout. None: no such limit, or not known."""

    audio: AudioForm = PCM_16K
    chunk_s: float = 0.1
    """Preferred length of one audio message."""
    longest_chunk_s: float = 1.0
    """What may go into one message while catching up."""
    idle_s: float | None = None
    """After how long without audio the vendor closes the connection."""
    idle_costs: bool = False
    """An open connection is paid for while nobody speaks: by its time, or by the silence that keeps it open."""
    keep_alive: KeepAlive = KeepAlive.PING
    keep_alive_every_s: float = 5.0
    keep_alive_silence_s: float = 0.1
    longest_connection_s: float | None = None
    commit_holds: bool = False
    """Nothing may follow a commit before its answer; audio waits in the replay buffer meanwhile."""
    least_commit_s: float = 0.0
    """Uncommitted audio a commit needs; the supervisor fills up with silence."""
    replay_speed: float | None = None
    """How much faster than real time audio may be sent while catching up; None: as fast as it goes. Halved by the
    supervisor when a RateLimitError ends a connection that was catching up."""
    ready_when_open: bool = False
    """The vendor says nothing of its readiness: audio may follow the opening's first messages at once."""
    ready_s: float = 10.0
    commit_answer_s: float = 5.0
    finish_answer_s: float = 5.0
    answers_finish: bool = True
    """Whether ``finish()`` gets an answer (:class:`Finished`) or the supervisor just closes."""
    live_settings: frozenset[str] = frozenset()
    """Settings that may change while connected."""
    joining: Joining = Joining.SPACE


# ------------------------------------------------------------------------------------------------- signals


class Ready(msgspec.Struct, frozen=True):
    vendor_session: str | None = None


class CommitOutcome(StrEnum):
    """How a commit ended. A protocol reports the first four; the supervisor adds ``TIMED_OUT``."""

    FINAL = "final"
    EMPTY = "empty"
    THROTTLED = "throttled"
    FAILED = "failed"
    TIMED_OUT = "timed_out"


class CommitAnswer(msgspec.Struct, frozen=True):
    """Answers the oldest unanswered commit of this connection; comes after the ``Freeze`` it belongs to.
    An unsolicited commit by the vendor must *not* be reported as an answer."""

    outcome: CommitOutcome
    error: ProviderError | None = None


class Covered(msgspec.Struct, frozen=True):
    """All audio up to ``samples`` (counted over everything given to ``audio()`` on this connection, silence
    included) is in a final and need never be sent again. Comes after the ``Freeze`` that covers it."""

    samples: int


class Rewind(msgspec.Struct, frozen=True):
    """The vendor let go of the audio after ``samples`` (counted as for :class:`Covered`) without a final for it, and
    the connection goes on: from there, audio is given to ``audio()`` again, and commits that are not answered to
    ``commit()`` in their places. Repeated audio counts anew; nothing more is reported of what it repeats."""

    samples: int


class VendorSpeech(msgspec.Struct, frozen=True):
    """The vendor heard speech start or end, ``at`` seconds into this connection's audio."""

    started: bool
    at: float | None = None


class VendorNotice(msgspec.Struct, frozen=True):
    """``code``: what it is about. What it says about the settings (``language``, ``settings``, ``vocabulary``) is
    told once in a session, however often it connects."""

    text: str
    code: str = ""


class Failure(msgspec.Struct, frozen=True):
    """The vendor reported an error. ``ends``: the connection is of no use any more, whether or not the vendor
    closes it. The error's category decides whether it is tried again."""

    error: ProviderError
    ends: bool = True


class Finished(msgspec.Struct, frozen=True):
    """The vendor has answered ``finish()``: nothing more will come."""


StreamSignal = WireChange | Ready | CommitAnswer | Covered | Rewind | VendorSpeech | VendorNotice | Failure | Finished


class StreamProtocol(Protocol):
    """One epoch of one vendor's protocol. Segment keys are the vendor's or a count, unique within the epoch;
    times are seconds of this connection's audio (everything given to ``audio()``)."""

    @property
    def limits(self) -> StreamLimits: ...

    def opening(self) -> Opening:
        """How to open; called once. Raises ConfigurationError where a setting is missing or wrong."""
        ...

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        """Whole samples in ``limits.audio``; never more than ``limits.longest_chunk_s`` at once."""
        ...

    def commit(self) -> Sequence[WireMessage]:
        """End the open segment here. Empty: the vendor has no such message (the finish does it)."""
        ...

    def keep_alive(self) -> Sequence[WireMessage]: ...

    def finish(self) -> Sequence[WireMessage]:
        """The last words of the connection; the supervisor has committed before."""
        ...

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        """Never raises for anything the other side may send: garbage is a ``Failure`` of category protocol."""
        ...

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        """What the vendor means by this close (None: no close frame came). None: a close that is no error,
        such as the idle close; the supervisor then reopens when there is something to send."""
        ...


@runtime_checkable
class LastWords(Protocol):
    """A stream protocol whose vendor answers ``finish()`` by closing the connection, and by nothing else."""

    def last_words(self, code: int | None) -> Sequence[StreamSignal]:
        """What the close after ``finish()`` settles: the text that was still open, :class:`Covered`,
        :class:`Finished`. Nothing where it was no answer (a broken line)."""
        ...
