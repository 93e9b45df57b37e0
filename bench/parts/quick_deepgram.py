"""A Deepgram that answers at once: so many results, made in advance, for every 100 ms of audio.

It does next to nothing, so that what is measured is the client. Real results: interim text of a growing window with
words, times and confidence, and a final after every second. ``quick_deepgram.py RESULTS`` prints its address.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
from typing import Any

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

CHUNK_S = 0.1
WINDOW = 10
"""Chunks in a window."""
BYTES = 3200
TEXT = ("and", "so", "we", "went", "down", "to", "the", "river", "to", "see", "whether", "all")


def result(chunk: int, number: int) -> dict[str, Any]:
    """Of the window that ends with this chunk."""
    window, inside = divmod(chunk, WINDOW)
    start, duration = round(window * WINDOW * CHUNK_S, 2), round((inside + 1) * CHUNK_S, 2)
    words = [*TEXT[: 2 + inside], f"{chunk}x{number}"]
    each = duration / len(words)
    final = inside == WINDOW - 1
    return {
        "type": "Results",
        "channel_index": [0, 1],
        "duration": duration,
        "start": start,
        "is_final": final,
        "speech_final": False,
        "from_finalize": False,
        "channel": {
            "alternatives": [
                {
                    "transcript": " ".join(words),
                    "confidence": 0.98,
                    "words": [
                        {
                            "word": word,
                            "start": round(start + at * each, 3),
                            "end": round(start + (at + 1) * each, 3),
                            "confidence": 0.97,
                            "punctuated_word": word,
                        }
                        for at, word in enumerate(words)
                    ],
                }
            ]
        },
        "metadata": {
            "request_id": "0b3ba6f2-0b7e-4d0f-9d7c-9f1e0f5f3b51",
            "model_info": {"name": "general-nova-3", "version": "2026-06-01.0", "arch": "nova-3"},
            "model_uuid": "9d1c2f0a-7c0e-4f3e-8f0e-5a1b2c3d4e5f",
        },
    }


def answers(chunk: int, results: int) -> bytes:
    """Frames for this chunk. At the end of a window the last of them is its final."""
    frames = []
    for number in range(results):
        frame = result(chunk, number)
        frame["is_final"] = frame["is_final"] and number == results - 1
        frames.append(Frame(Opcode.TEXT, json.dumps(frame).encode()).serialize(mask=False))
    return b"".join(frames)


class Connection(threading.Thread):
    """Of the audio nothing but its length is looked at; the rest is the library's. It waits in the read itself: a loop
    of events would take its time, and all who are measured would wait for it."""

    def __init__(self, connected: socket.socket, prepared: list[bytes]) -> None:
        super().__init__(daemon=True)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = connected
        self._prepared = prepared
        self._websocket = ServerProtocol(max_size=None)
        self._heard = 0
        self._answered = 0

    def run(self) -> None:
        with self._socket, contextlib.suppress(OSError):
            while self._websocket.state is State.CONNECTING and (data := self._socket.recv(READ)):
                self._by_the_library(data)
            unread = b""
            while data := self._socket.recv(READ):
                unread += data
                while (length := frame_length(unread)) is not None:
                    frame, unread = unread[:length], unread[length:]
                    if frame[0] & 0x0F == Opcode.BINARY:
                        self._hear(audio_length(frame))
                    else:
                        self._by_the_library(frame)

    def _hear(self, length: int) -> None:
        self._heard += length
        while self._answered < self._heard // BYTES and self._answered < len(self._prepared):
            self._socket.sendall(self._prepared[self._answered])
            self._answered += 1

    def _by_the_library(self, data: bytes) -> None:
        self._websocket.receive_data(data)
        for event in self._websocket.events_received():
            if isinstance(event, Request):
                self._websocket.send_response(self._websocket.accept(event))
            elif event.opcode is Opcode.TEXT and b"CloseStream" in event.data and not self._websocket.close_sent:
                self._websocket.send_close(1000)
        for part in self._websocket.data_to_send():
            if part:
                self._socket.sendall(part)
            else:
                self._socket.shutdown(socket.SHUT_WR)


READ = 1 << 16
HEADS = {126: 4, 127: 10}
MASK = 4


def audio_length(frame: bytes) -> int:
    """Bytes of payload in a whole, masked frame."""
    return len(frame) - HEADS.get(frame[1] & 0x7F, 2) - MASK


def frame_length(data: bytes) -> int | None:
    """Of the first of these frames; None: it is not all there."""
    if len(data) < 2:
        return None
    length = data[1] & 0x7F
    head = HEADS.get(length, 2)
    if head > 2:
        length = int.from_bytes(data[2:head], "big")
    whole = head + MASK + length
    return whole if len(data) >= whole else None


def main(results: int, chunks: int) -> None:
    prepared = [answers(chunk, results) for chunk in range(chunks)]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
        while True:
            Connection(listening.accept()[0], prepared).start()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
