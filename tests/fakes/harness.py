"""What the contract suite has to know of a provider to put it through everything a session may meet.

A vendor gets one small class in :mod:`fakes.harnesses`: how its local server is started, what the user would have set,
and how it is made to refuse. All else (drops, hand-overs, fast motion) is done to every provider in the same way:
connections are cut on the way to the server, and limits are shortened around the provider's own protocol.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from debabelizer.contract import (
    CommitMode,
    EpochContext,
    SpeechToText,
    StreamLimits,
    StreamOptions,
    StreamProtocol,
    StreamSignal,
    WireMessage,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Partial, SessionState
from debabelizer.registry import load
from debabelizer.streaming import Session, SessionPolicy
from fakes.flaky_proxy import FlakyProxy
from fakes.local_engines import workers
from fakes.recognisers import RATE, Recognise, numbered, numbered_audio
from fakes.recordings import recording, words_wrong
from fakes.talk import Talk, words
from fakes.vendor_socket import VendorServer

QUICK = SessionPolicy(connect_s=20.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.0, max_instant_drops=50)


@dataclass
class Vendor:
    """Ready to be used. ``settings``: what the user would have set; ``wrong``: the same with a key that is wrong;
    ``cut`` ends all its connections at once and without a word; ``problems``: what it holds against its client."""

    settings: Mapping[str, Any]
    cut: Callable[[], None]
    wrong: Mapping[str, Any] = field(default_factory=dict)
    problems: Callable[[], Sequence[str]] = list


class Harness(ABC):
    provider: ClassVar[str]
    """Its name in the table."""
    short_life_s: ClassVar[float] = 0.5
    """A longest connection, in fast motion."""
    in_the_cloud: ClassVar[bool] = True
    commits_in_a_connection: ClassVar[bool] = True
    """False: a commit ends the connection, and the next words open another."""

    @abstractmethod
    def running(self, *, recognise: Recognise = numbered, quota: bool = True, idle_s: float | None = None) -> Any:
        """An asynchronous context manager that gives a :class:`Vendor`. ``quota`` False: nothing is paid for;
        ``idle_s``: the vendor closes a connection on which it has heard nothing for so long."""

    def utterance(self, turn: int) -> tuple[bytes, str]:
        """Something to say, the ``turn``-th time, and its words. About a second where the vendor is in the cloud."""
        return numbered_audio(turn * 5 % 3000, 5), words(turn * 5 % 3000, 5)

    def agrees(self, said: str, heard: str) -> bool:
        return said == heard

    @property
    def speech(self) -> SpeechToText:
        provider = load(self.provider)
        assert isinstance(provider, SpeechToText)
        return provider

    @asynccontextmanager
    async def talk(
        self,
        vendor: Vendor,
        *,
        settings: Mapping[str, Any] | None = None,
        commit: CommitMode = CommitMode.MANUAL,
        vocabulary: tuple[str, ...] = (),
        policy: SessionPolicy = QUICK,
        **limits: Any,
    ) -> AsyncIterator[HarnessTalk]:
        """A session, ended at the end; ``limits`` stand in place of the protocol's own."""
        given = vendor.settings if settings is None else settings
        options = StreamOptions(settings=given, commit=commit, pause_s=0.5, vocabulary=vocabulary)
        protocols: list[Hurried] = []

        def open_epoch(context: EpochContext) -> StreamProtocol:
            protocols.append(Hurried(self.speech.stream(options, context), {"replay_speed": None, **limits}))
            return protocols[-1]

        it = HarnessTalk(Session(open_epoch, self.provider, policy=policy), self, protocols)
        try:
            yield it
        finally:
            await it.end()
        assert not vendor.problems()

    async def recorded(self) -> list[WireMessage]:
        """What the provider says in a conversation, in a refusal, and when nobody speaks."""
        heard: list[WireMessage] = []
        async with self.running(idle_s=0.3) as vendor, self.talk(vendor, keep_alive_every_s=60.0) as it:
            await it.session.connect()
            await it.speak()
            await it.until(lambda t: t.of(Partial), 30)
            await it.commit()
            if self.in_the_cloud:
                await it.until(lambda t: t.session.state is SessionState.IDLE)
            await it.dictate()
            await it.session.disconnect()
            heard += [message for protocol in it.protocols for message in protocol.received]
        if self.in_the_cloud:
            async with self.running(quota=False) as vendor, self.talk(vendor) as it:
                await it.speak()
                with suppress(ProviderError):
                    await it.session.connect()
                await it.until(lambda t: t.session.state is SessionState.FAILED)
                heard += [message for protocol in it.protocols for message in protocol.received]
        return heard

    def protocol(self, vendor: Vendor) -> StreamProtocol:
        return self.speech.stream(StreamOptions(settings=vendor.settings), EpochContext())


class HarnessTalk(Talk):
    """``protocols``: one for each connection that was tried."""

    def __init__(self, session: Session, harness: Harness, protocols: list[Hurried]) -> None:
        super().__init__(session)
        self.protocols = protocols
        self.said: list[str] = []
        self._harness = harness

    async def speak(self, turns: int = 1) -> str:
        """The next utterances; their words."""
        words = []
        for _ in range(turns):
            pcm, text = self._harness.utterance(len(self.said))
            self.said.append(text)
            words.append(text)
            await self.say(pcm)
        return " ".join(words)

    async def dictate(self) -> None:
        """An utterance that is committed, and is what the commit gives."""
        said = await self.speak()
        heard = await self.commit()
        assert self._harness.agrees(said, heard), f"said {said!r}, heard {heard!r}"

    def check(self, said: Sequence[str] | None = None) -> None:
        """All that was said is in the transcript, once and in order."""
        said = self.said if said is None else said
        assert self._harness.agrees(" ".join(said), self.text), f"said {said}, heard {self.text!r}"


class Hurried:
    """A protocol with other limits, as if the vendor's hours were moments."""

    def __init__(self, protocol: StreamProtocol, changes: Mapping[str, Any]) -> None:
        self._protocol = protocol
        self._changes = changes
        self.received: list[WireMessage] = []
        self._kept = asyncio.Semaphore(0)

    async def until_kept(self, times: int) -> None:
        """Returns when it was kept alive so many times."""
        for _ in range(times):
            await self._kept.acquire()

    @property
    def limits(self) -> StreamLimits:
        return msgspec.structs.replace(self._protocol.limits, **self._changes)

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        self.received.append(message)
        return self._protocol.receive(message)

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        if not any(pcm):
            self._kept.release()
        return self._protocol.audio(pcm)

    def keep_alive(self) -> Sequence[WireMessage]:
        self._kept.release()
        return self._protocol.keep_alive()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._protocol, name)


class Cloud(Harness):
    """A vendor whose local server stands on :class:`~fakes.vendor_socket.VendorServer`; ``server`` takes
    ``recognise`` and ``behaviours``, and ``behaviour`` takes ``idle_s``."""

    server: ClassVar[Callable[..., VendorServer]]
    behaviour: ClassVar[Callable[..., Any]]
    no_quota: ClassVar[Mapping[str, Any]]
    """What the server is told to refuse for want of money."""
    settings: ClassVar[Mapping[str, Any]] = {}

    @asynccontextmanager
    async def running(
        self, *, recognise: Recognise = numbered, quota: bool = True, idle_s: float | None = None
    ) -> AsyncIterator[Vendor]:
        behaviours = [self.behaviour() if idle_s is None else self.behaviour(idle_s=idle_s)]
        how = {"recognise": recognise, "behaviours": behaviours, **({} if quota else self.no_quota)}
        async with (
            type(self).server(**how) as server,
            FlakyProxy(server.port) as proxy,
        ):
            given = {**self.settings, **self.set_up(server, server.url.replace(f":{server.port}", f":{proxy.port}"))}
            wrong = {**given, "api_key": "a-wrong-key"}
            yield Vendor(given, proxy.cut, wrong, lambda: server.problems)

    def set_up(self, server: Any, url: str) -> Mapping[str, Any]:
        return {"api_key": server.key, "base_url": url}


class Local(Harness):
    """An engine in its real worker process. It hears real speech, and no better than it can."""

    in_the_cloud = False
    short_life_s = 2.0
    recordings: ClassVar[Sequence[tuple[str, int | None]]]
    """And how many of their words are said; None: all."""
    most_wrong: ClassVar[float]
    """Of the words."""
    settings: ClassVar[Mapping[str, Any]] = {}

    @asynccontextmanager
    async def running(
        self, *, recognise: Recognise = numbered, quota: bool = True, idle_s: float | None = None
    ) -> AsyncIterator[Vendor]:
        yield Vendor(self.settings, lambda: [worker.kill() for worker in workers()] and None)

    def utterance(self, turn: int) -> tuple[bytes, str]:
        name, count = self.recordings[turn % len(self.recordings)]
        spoken = recording(name)
        if count is None:
            return spoken.pcm, spoken.text
        end = spoken.words[count - 1][2] + 0.1
        return spoken.pcm[: 2 * round(end * RATE)], " ".join(text for text, _, _ in spoken.words[:count])

    def agrees(self, said: str, heard: str) -> bool:
        return words_wrong(said, heard) <= self.most_wrong
