"""A Deepgram that answers at once: so many results, made in advance, for every 100 ms of audio.

It does next to nothing, so that what is measured is the client. Real results: interim text of a growing window with
words, times and confidence, and a final after every second. ``quick_deepgram.py RESULTS`` prints its address.
"""

from __future__ import annotations

import asyncio
import json
import sys
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


class Connection(asyncio.Protocol):
    """Of the audio nothing but its length is looked at; the rest is the library's."""

    def __init__(self, prepared: list[bytes]) -> None:
        self._prepared = prepared
        self._websocket = ServerProtocol(max_size=None)
        self._unread = b""
        self._heard = 0
        self._answered = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._websocket.state is State.CONNECTING:
            self._by_the_library(data)
            return
        self._unread += data
        while (length := frame_length(self._unread)) is not None:
            frame, self._unread = self._unread[:length], self._unread[length:]
            if frame[0] & 0x0F == Opcode.BINARY:
                self._heard += audio_length(frame)
            else:
                self._by_the_library(frame)
        while self._answered < self._heard // BYTES and self._answered < len(self._prepared):
            self._transport.write(self._prepared[self._answered])
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
                self._transport.write(part)
            else:
                self._transport.close()


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


async def main(results: int, chunks: int) -> None:
    prepared = [answers(chunk, results) for chunk in range(chunks)]
    listening = await asyncio.get_running_loop().create_server(lambda: Connection(prepared), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", flush=True)
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
