"""Files and transcriptions at the local Soniox, as its REST interface has them."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from debabelizer.audio.decode import decode
from debabelizer.errors import AudioError
from fakes.soniox_rules import Config, Refused, checked_order
from fakes.soniox_tokens import Token, Writer
from fakes.vendor_socket import Answer, HttpRequest

if TYPE_CHECKING:
    from fakes.soniox_server import SonioxServer

_TRANSLATED_AT_A_TIME = 10
_WHEN = "2026-11-20T10:00:00Z"


def error(status: int, kind: str, words: str, details: list[dict[str, str]] | None = None) -> Answer:
    body = {"status_code": status, "error_type": kind, "message": words, "validation_errors": details or []}
    return Answer(status, {**body, "request_id": str(uuid.uuid4()), "more_info": "https://soniox.com/docs"})


@dataclass
class File:
    name: str
    content: bytes
    reference: str | None = None


@dataclass
class Job:
    config: Config
    file: str
    looks: int
    """Times it is still to be found unfinished."""
    tokens: list[Token] = field(default_factory=list)
    trouble: tuple[str, str] | None = None


class Jobs:
    """``slow``: how often a transcription is found queued or processing before it is done; ``fails``: its error;
    ``failed_word``: what the state of a failed one is called."""

    def __init__(self, server: SonioxServer) -> None:
        self._server = server
        self.slow = 2
        self.fails: tuple[str, str] | None = None
        self.failed_word = "error"
        self.files: dict[str, File] = {}
        self.jobs: dict[str, Job] = {}
        self.orders: list[dict[str, Any]] = []
        self.uploads: list[File] = []
        self.problems: list[str] = []

    def answer(self, request: HttpRequest) -> Answer:
        match request.method, request.path.removeprefix("/v1/").split("/"):
            case "POST", ["files"]:
                return self._upload(request)
            case "POST", ["transcriptions"]:
                return self._order(request)
            case "GET", ["files", file] if file in self.files:
                return Answer(200, self._file(file))
            case "DELETE", ["files", file] if file in self.files:
                del self.files[file]
                return Answer(204)
            case "GET", ["transcriptions", job] if job in self.jobs:
                return self._look(job)
            case "GET", ["transcriptions", job, "transcript"] if job in self.jobs:
                return self._transcript(job)
            case "DELETE", ["transcriptions", job] if job in self.jobs:
                return self._delete(job)
        return error(404, "not_found", "There is no such thing here.")

    def _upload(self, request: HttpRequest) -> Answer:
        parts = {part.name: part for part in request.form()}
        if "file" not in parts or not parts["file"].filename or set(parts) - {"file", "client_reference_id"}:
            self.problems.append(f"a strange upload: {sorted(parts)}")
            return error(400, "invalid_request", "The form is wrong.")
        reference = parts.get("client_reference_id")
        file = File(parts["file"].filename, parts["file"].content, reference.text if reference else None)
        self.uploads.append(file)
        name = str(uuid.uuid4())
        self.files[name] = file
        return Answer(201, self._file(name))

    def _file(self, name: str) -> dict[str, Any]:
        file = self.files[name]
        size = len(file.content)
        return {
            "id": name,
            "filename": file.name,
            "size": size,
            "created_at": _WHEN,
            "client_reference_id": file.reference,
        }

    def _order(self, request: HttpRequest) -> Answer:
        wanted = request.json()
        self.orders.append(wanted)
        if not self._server.balance_left:
            return error(402, "organization_balance_exhausted", "Organization balance exhausted.")
        try:
            config = checked_order(wanted)
        except Refused as refused:
            self.problems.append(str(refused))
            detail = {"error_type": "value_error", "location": "body", "message": str(refused)}
            return error(400, refused.kind, "Invalid request.", [detail])
        if config.values["file_id"] not in self.files:
            return error(404, "file_not_found", "There is no such file.")
        job = Job(config, config.values["file_id"], self.slow, trouble=self.fails)
        if job.trouble is None:
            self._recognise(job)
        name = str(uuid.uuid4())
        self.jobs[name] = job
        return Answer(201, self._state(name))

    def _recognise(self, job: Job) -> None:
        try:
            pcm = b"".join(decode(io.BytesIO(self.files[job.file].content)))
        except AudioError as problem:
            job.trouble = "invalid_audio_file", str(problem)
            return
        words = self._server.recognise(self._server.spoken, np.frombuffer(pcm, dtype="<i2"), True)
        self._server.spoken += bool(words)
        writer = Writer(job.config)
        tokens: list[Token] = []
        for at in range(0, len(words), _TRANSLATED_AT_A_TIME):
            some = words[at : at + _TRANSLATED_AT_A_TIME]
            tokens += writer.tokens(some, 0.0, final=True)
            if job.config.translates_into:
                tokens += writer.translation(" ".join(word.text for word in some))
        job.tokens = [{k: v for k, v in token.items() if k != "is_final"} for token in tokens]

    def _state(self, name: str) -> dict[str, Any]:
        job = self.jobs[name]
        if job.looks > 0:
            status = "queued" if job.looks == self.slow else "processing"
        else:
            status = self.failed_word if job.trouble else "completed"
        kind, words = job.trouble if job.trouble and job.looks <= 0 else (None, None)
        return {
            "id": name,
            "status": status,
            "created_at": _WHEN,
            "model": job.config.values["model"],
            "filename": "recording",
            "file_id": job.file,
            "enable_speaker_diarization": job.config.on("enable_speaker_diarization"),
            "enable_language_identification": job.config.on("enable_language_identification"),
            "audio_duration_ms": None,
            "error_type": kind,
            "error_message": words,
        }

    def _look(self, name: str) -> Answer:
        self.jobs[name].looks -= 1
        return Answer(200, self._state(name))

    def _transcript(self, name: str) -> Answer:
        job = self.jobs[name]
        if job.looks > 0 or job.trouble:
            return error(409, "transcription_invalid_state", "The transcription is not completed.")
        text = "".join(token["text"] for token in job.tokens)
        return Answer(200, {"id": name, "text": text, "tokens": job.tokens})

    def _delete(self, name: str) -> Answer:
        job = self.jobs[name]
        job.looks -= 1
        if job.looks >= 0:
            return error(409, "transcription_invalid_state", "The transcription is being processed.")
        del self.jobs[name]
        return Answer(204)
