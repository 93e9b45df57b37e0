"""The list of recordings on disk: items and transcripts to rows and back."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from debabelizer.errors import Category, ProviderError, Remedy, StorageError, of_category
from debabelizer.recordings.choices import Choices
from debabelizer.recordings.item import RecordingItem, RecordingState
from debabelizer.store.recordings import RecordingRow, Recordings

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.transcriber import Transcript


class _Error(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    category: Category
    message: str
    provider: str
    code: str | None = None
    vendor_message: str | None = None
    remedy: Remedy | None = None


class _Details(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    choices: Choices = Choices()
    provider: str = ""
    seconds: float | None = None
    has_text: bool = False
    settled: float = 0.0
    mark: str = ""
    notices: tuple[str, ...] = ()
    error: _Error | None = None


class KeptList:
    """``folder``: where the file is. Where the user wants nothing kept, transcripts are held in memory and the disk is
    left alone. Any thread may call it; raises StorageError."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._store = Recordings(folder)
        self._held: dict[str, Transcript] = {}

    @property
    def _on_disk(self) -> bool:
        return not self._settings.get("storage.keep_nothing")

    def read(self) -> list[RecordingItem]:
        """As the last run left it, without what is older than the user wants."""
        if not self._store.path.exists():
            return []
        self._store.delete_older(self._settings.get("storage.keep_text_days") if self._on_disk else 0)
        return [_item(row) for row in self._store.rows()] if self._on_disk else []

    def put(self, *items: RecordingItem) -> None:
        if self._on_disk:
            self._store.put(map(_row, items))

    def put_transcript(self, path: str, transcript: Transcript) -> None:
        """Of an item that was put."""
        if self._on_disk:
            self._store.put_transcript(path, _encoded(transcript))
        else:
            self._held[path] = transcript

    def transcript(self, path: str) -> Transcript | None:
        if path in self._held:
            return self._held[path]
        from debabelizer.transcriber import Transcript

        with contextlib.suppress(msgspec.DecodeError):
            text = self._store.transcript(path) if self._store.path.exists() else None
            return None if text is None else msgspec.json.decode(text, type=Transcript)
        raise StorageError(f"The text of {Path(path).name} can't be read any more: what is on the disk is damaged.")

    def delete(self, *paths: str) -> None:
        for path in paths:
            self._held.pop(path, None)
        if self._store.path.exists():
            self._store.delete(paths)

    def close(self) -> None:
        self._store.close()


def _row(item: RecordingItem) -> RecordingRow:
    details = _Details(
        choices=item.choices,
        provider=item.provider,
        seconds=item.seconds,
        has_text=item.has_text,
        settled=item.settled,
        mark=item.mark,
        notices=item.notices,
        error=_plain(item.error),
    )
    return RecordingRow(
        path=item.path,
        added=item.added,
        state=item.state,
        finished=item.finished,
        details=msgspec.json.encode(details).decode(),
    )


def _item(row: RecordingRow) -> RecordingItem:
    try:
        details = msgspec.json.decode(row.details, type=_Details)
    except msgspec.DecodeError:  # of another version: the recording is still worth showing
        details = _Details()
    values: dict[str, Any] = msgspec.structs.asdict(details) | {"error": _error(details.error)}
    state = RecordingState(row.state) if row.state in set(RecordingState) else RecordingState.STOPPED
    return RecordingItem(path=row.path, state=state, added=row.added, finished=row.finished, **values)


def _plain(error: ProviderError | None) -> _Error | None:
    if error is None:
        return None
    names = ("category", "message", "provider", "code", "vendor_message", "remedy")
    return _Error(**{name: getattr(error, name) for name in names})


def _error(kept: _Error | None) -> ProviderError | None:
    if kept is None:
        return None
    made = of_category(kept.category, kept.message, kept.provider)
    made.code, made.vendor_message, made.remedy = kept.code, kept.vendor_message, kept.remedy
    return made


def _encoded(transcript: Transcript) -> str:
    """Its error stands with the item."""
    return msgspec.json.encode(msgspec.structs.replace(transcript, error=None)).decode()
