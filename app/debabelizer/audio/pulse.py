"""The microphones of PulseAudio or PipeWire, by name, asked of the server itself.

PortAudio as Linux distributions build it sees one device called ``pulse``. The list of real microphones comes from
libpulse, which every desktop has; without it, or without a server, the list is None and PortAudio's own names count.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
import time
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_uint8, c_uint32, c_void_p
from functools import cache
from typing import Any

from debabelizer.audio.capture import Microphone

log = logging.getLogger(__name__)

_PATIENCE_S = 0.5
_LOOK_FOR_SERVER_S = 2.0
_READY = 4
_SOURCES, _SERVER = 0x0002, 0x0080
_NO_AUTOSPAWN = 1
_NOT_A_MONITOR = 0xFFFFFFFF


class _SampleSpec(ctypes.Structure):
    _fields_ = (("format", c_int), ("rate", c_uint32), ("channels", c_uint8))


class _ChannelMap(ctypes.Structure):
    _fields_ = (("channels", c_uint8), ("map", c_int * 32))


class _Volume(ctypes.Structure):
    _fields_ = (("channels", c_uint8), ("values", c_uint32 * 32))


class _SourceInfo(ctypes.Structure):
    """The start of ``pa_source_info`` (pulse/introspect.h); the rest is not needed."""

    _fields_ = (
        ("name", c_char_p),
        ("index", c_uint32),
        ("description", c_char_p),
        ("sample_spec", _SampleSpec),
        ("channel_map", _ChannelMap),
        ("owner_module", c_uint32),
        ("volume", _Volume),
        ("mute", c_int),
        ("monitor_of_sink", c_uint32),
    )


class _ServerInfo(ctypes.Structure):
    """The start of ``pa_server_info``."""

    _fields_ = (
        ("user_name", c_char_p),
        ("host_name", c_char_p),
        ("server_version", c_char_p),
        ("server_name", c_char_p),
        ("sample_spec", _SampleSpec),
        ("default_sink_name", c_char_p),
        ("default_source_name", c_char_p),
        ("cookie", c_uint32),
    )


_OnSource = CFUNCTYPE(None, c_void_p, POINTER(_SourceInfo), c_int, c_void_p)
_OnServer = CFUNCTYPE(None, c_void_p, POINTER(_ServerInfo), c_void_p)
_OnEvent = CFUNCTYPE(None, c_void_p, c_int, c_uint32, c_void_p)


@cache
def _library() -> Any:
    """libpulse, or None where there is none."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        lib = ctypes.CDLL("libpulse.so.0")
    except OSError:
        return None
    pointers = "pa_mainloop_new pa_mainloop_get_api pa_context_new pa_context_get_source_info_list"
    for name in [*pointers.split(), "pa_context_get_server_info"]:
        getattr(lib, name).restype = c_void_p
    lib.pa_mainloop_get_api.argtypes = [c_void_p]
    lib.pa_context_new.argtypes = [c_void_p, c_char_p]
    lib.pa_context_connect.argtypes = [c_void_p, c_char_p, c_int, c_void_p]
    lib.pa_mainloop_prepare.argtypes = [c_void_p, c_int]
    lib.pa_context_set_subscribe_callback.argtypes = [c_void_p, _OnEvent, c_void_p]
    lib.pa_context_subscribe.argtypes = [c_void_p, c_int, c_void_p, c_void_p]
    lib.pa_context_subscribe.restype = c_void_p
    lib.pa_mainloop_wakeup.argtypes = [c_void_p]
    for name in ("pa_mainloop_poll", "pa_mainloop_dispatch", "pa_mainloop_free", "pa_context_get_state"):
        getattr(lib, name).argtypes = [c_void_p]
    for name in ("pa_context_disconnect", "pa_context_unref", "pa_operation_unref", "pa_operation_get_state"):
        getattr(lib, name).argtypes = [c_void_p]
    lib.pa_context_get_source_info_list.argtypes = [c_void_p, _OnSource, c_void_p]
    lib.pa_context_get_server_info.argtypes = [c_void_p, _OnServer, c_void_p]
    return lib


def available() -> bool:
    """Whether libpulse is there; a server may or may not be."""
    return _library() is not None


def microphones(patience: float = _PATIENCE_S) -> list[Microphone] | None:
    """Every source that is no monitor of an output, the default one first; None: there is no server.

    ``id`` is the source's name, which Qt uses too, so that a setting means the same microphone to both.
    Raises TimeoutError where there is a server that does not answer within ``patience`` seconds: it is busy.
    """
    found = _listed(patience)
    return None if found is None else found[1]


def server() -> int | None:
    """A number that is another one after the server was restarted; None where there is none. Raises TimeoutError."""
    found = _listed(_PATIENCE_S)
    return None if found is None else found[0]


def running() -> bool:
    """Whether there is a server, be it busy or not."""
    try:
        return server() is not None
    except TimeoutError:
        return True


def _listed(patience: float) -> tuple[int, list[Microphone]] | None:
    lib = _library()
    if lib is None:
        return None
    with _Connection(lib) as connection:
        return connection.listed(patience) if connection.connect(patience) else None


class Watch:
    """Calls ``changed`` (from a thread of its own) once at the start, whenever a microphone comes, goes or becomes the
    default one, and when the server goes away or is back."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._ended = threading.Event()
        self._connection: _Connection | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="microphones", daemon=True)
        if available():
            self._thread.start()

    def close(self) -> None:
        self._ended.set()
        with self._lock:
            if self._connection is not None:
                self._connection.wake()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        self._changed()
        while not self._ended.is_set():
            with _Connection(_library()) as connection:
                with self._lock:
                    self._connection = connection
                try:
                    if connection.connect():
                        self._changed()
                        connection.follow(self._changed, self._ended)
                        if not self._ended.is_set():
                            self._changed()
                except TimeoutError:
                    log.info("the sound server does not answer now")
                finally:
                    with self._lock:
                        self._connection = None
            self._ended.wait(_LOOK_FOR_SERVER_S)


class _Connection:
    """A connection to the server, on a main loop of its own: usable from any thread, by one at a time."""

    def __init__(self, lib: Any) -> None:
        self._lib = lib

    def __enter__(self) -> _Connection:
        self._loop = self._lib.pa_mainloop_new()
        self._context = self._lib.pa_context_new(self._lib.pa_mainloop_get_api(self._loop), b"debabelizer")
        return self

    def __exit__(self, *_: object) -> None:
        self._lib.pa_context_disconnect(self._context)
        self._lib.pa_context_unref(self._context)
        self._lib.pa_mainloop_free(self._loop)

    def connect(self, patience: float = _PATIENCE_S) -> bool:
        """Whether there is a server. Raises TimeoutError."""
        if self._lib.pa_context_connect(self._context, None, _NO_AUTOSPAWN, None) < 0:
            return False
        return self._turn(lambda: self._state() >= _READY, patience) and self._state() == _READY

    def wake(self) -> None:
        """From another thread: :meth:`follow` looks at its ``ended`` now."""
        self._lib.pa_mainloop_wakeup(self._loop)

    def listed(self, patience: float) -> tuple[int, list[Microphone]] | None:
        """The server's number and its microphones; None: it is gone. Raises TimeoutError."""
        found: list[tuple[str, str]] = []
        servers: list[tuple[int, str]] = []
        ends: list[int] = []

        def on_source(_context: int, info: Any, end: int, _data: int) -> None:
            if end:
                ends.append(end)
            elif info.contents.monitor_of_sink == _NOT_A_MONITOR:
                found.append((_text(info.contents.name), _text(info.contents.description)))

        def on_server(_context: int, info: Any, _data: int) -> None:
            servers.append((info.contents.cookie, _text(info.contents.default_source_name)) if info else (0, ""))

        callbacks = _OnSource(on_source), _OnServer(on_server)  # must outlive the loop's turns
        operations = [
            self._lib.pa_context_get_source_info_list(self._context, callbacks[0], None),
            self._lib.pa_context_get_server_info(self._context, callbacks[1], None),
        ]
        try:
            self._turn(lambda: bool(ends and servers) or self._state() != _READY, patience)
        finally:
            for operation in operations:
                if operation:
                    self._lib.pa_operation_unref(operation)
        if not (ends and servers):
            return None
        number, default = servers[0]
        rows = [Microphone(id=name, name=label or name, is_default=name == default) for name, label in found]
        return number, sorted(rows, key=lambda m: not m.is_default)

    def follow(self, changed: Callable[[], None], ended: threading.Event) -> None:
        """Until ``ended`` or the server is gone, call ``changed`` after every change of a source or a default."""
        news: list[int] = []
        callback = _OnEvent(lambda _context, kind, _index, _data: news.append(kind))
        self._lib.pa_context_set_subscribe_callback(self._context, callback, None)
        operation = self._lib.pa_context_subscribe(self._context, _SOURCES | _SERVER, None, None)
        if operation:
            self._lib.pa_operation_unref(operation)
        while self._turn(lambda: bool(news) or ended.is_set() or self._state() != _READY, None):
            if ended.is_set() or self._state() != _READY:
                break
            news.clear()
            changed()
        self._lib.pa_context_set_subscribe_callback(self._context, _OnEvent(), None)

    def _state(self) -> int:
        return int(self._lib.pa_context_get_state(self._context))

    def _turn(self, done: Callable[[], bool], patience: float | None) -> bool:
        """Run the main loop until ``done``; False when it fails. Raises TimeoutError when time is up and nothing has
        come: this program may itself have been held up meanwhile."""
        until = None if patience is None else time.monotonic() + patience
        while not done():
            left = -1 if until is None else max(0, round((until - time.monotonic()) * 1_000_000))
            if self._lib.pa_mainloop_prepare(self._loop, left) < 0 or self._lib.pa_mainloop_poll(self._loop) < 0:
                return False
            came = self._lib.pa_mainloop_dispatch(self._loop)
            if came < 0:
                return False
            if not came and not left:
                raise TimeoutError
        return True


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace")
