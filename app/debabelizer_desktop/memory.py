"""What the window remembers by itself: its place, the overlay's place on each screen, whether the first run is
done, how recordings became text and were saved last."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from debabelizer.config import folders
from debabelizer.recordings.choices import Choices

log = logging.getLogger(__name__)

FILE = "window.json"


class _Kept(msgspec.Struct, omit_defaults=True):
    geometry: tuple[int, int, int, int] | None = None
    maximised: bool = False
    overlay: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    """Screen name to the overlay's centre, from the screen's upper left corner."""
    welcomed: bool = False
    recordings: Choices = Choices()
    """How recordings became text last."""
    form: str = "txt"
    """In which their texts were saved last."""


class Memory:
    """Losing it does no harm, so what can't be read or written is logged and left."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path if path is not None else folders.state_dir() / FILE
        self._kept = self._read()

    def _read(self) -> _Kept:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return _Kept()
        except (OSError, msgspec.DecodeError) as error:
            log.warning("%s is not used: %s", self._path, error)
            return _Kept()

    def _write(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_bytes(msgspec.json.encode(self._kept))
        except OSError as error:
            log.warning("%s was not written: %s", self._path, error)

    @property
    def geometry(self) -> tuple[int, int, int, int] | None:
        """x, y, width, height of the main window."""
        return self._kept.geometry

    @property
    def maximised(self) -> bool:
        return self._kept.maximised

    def set_window(self, geometry: tuple[int, int, int, int], maximised: bool) -> None:
        if (geometry, maximised) != (self._kept.geometry, self._kept.maximised):
            self._kept.geometry, self._kept.maximised = geometry, maximised
            self._write()

    def overlay_place(self, screen: str) -> tuple[int, int] | None:
        return self._kept.overlay.get(screen)

    def set_overlay_place(self, screen: str, centre: tuple[int, int]) -> None:
        self._kept.overlay[screen] = centre
        self._write()

    @property
    def welcomed(self) -> bool:
        return self._kept.welcomed

    def set_welcomed(self) -> None:
        self._kept.welcomed = True
        self._write()

    @property
    def recordings(self) -> Choices:
        return self._kept.recordings

    def set_recordings(self, choices: Choices) -> None:
        self._kept.recordings = choices
        self._write()

    @property
    def form(self) -> str:
        return self._kept.form

    def set_form(self, form: str) -> None:
        self._kept.form = form
        self._write()
