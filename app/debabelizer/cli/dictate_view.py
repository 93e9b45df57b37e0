"""What a dictation looks like in a terminal: the text as it is heard, and below it state, level and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from debabelizer.events import DictationState, SessionState

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

    from debabelizer.transcript import SegmentMap

_BARS = "▁▂▃▄▅▆▇█"
_ROWS_FOR_STATUS = 3
_STATES = {
    DictationState.IDLE: "",
    DictationState.OPENING: "opening",
    DictationState.LISTENING: "listening",
    DictationState.FINISHING: "finishing",
    DictationState.INSERTING: "finishing",
}


class DictationView:
    """Draws on standard error while a person watches (``wanted``); the text itself goes to standard output later."""

    def __init__(self, transcript: SegmentMap, *, wanted: bool, hint: str) -> None:
        self._transcript = transcript
        self._wanted = wanted
        self._hint = hint
        self._live: Any = None
        self.state = DictationState.IDLE
        self.session = SessionState.IDLE
        self.provider = ""
        self.elapsed = 0.0
        self.level = -90.0
        self.warning = ""

    def __enter__(self) -> DictationView:
        if self._wanted:
            from rich.live import Live

            from debabelizer.cli.context import console

            out = console(stderr=True)
            self._live = Live(
                console=out, get_renderable=lambda: self._draw(out), transient=True, refresh_per_second=12
            )
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def _draw(self, out: Console) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        body = self._text()
        lines = body.wrap(out, out.width)
        room = max(1, out.height - _ROWS_FOR_STATUS)
        said = list(Text(self.warning, style="yellow").wrap(out, out.width))[: _ROWS_FOR_STATUS - 1]
        return Group(*list(lines)[-room:], *said, self._status())

    def _text(self) -> Text:
        """Committed text plain, partial text dim; only the newest part: more would not fit."""
        from rich.text import Text

        from debabelizer.transcript import separator

        text = Text()
        for segment in list(self._transcript.segments())[-60:]:
            if segment.text:
                text.append(separator(text.plain[-1:], segment.text[0], segment.joining) + segment.frozen)
                text.append(segment.volatile, style="" if segment.committed else "dim italic")
        return text

    def _status(self) -> Text:
        from rich.text import Text

        filled = round(min(1.0, max(0.0, (self.level + 60) / 60)) * 8)
        meter = "".join(_BARS[i] if i < filled else " " for i in range(8))
        state = _STATES[self.state]
        if self.session in (SessionState.CONNECTING, SessionState.RECONNECTING):
            state += f" ({self.session}: nothing is lost)"
        line = Text.assemble(
            ("● " if self.state is DictationState.LISTENING else "  ", "red"),
            f"{int(self.elapsed) // 60}:{int(self.elapsed) % 60:02} ",
            (f"[{meter}] ", "green"),
            f"{state}  ",
            (f"{self.provider}  ", "dim"),
            (self._hint, "dim"),
        )
        line.no_wrap = True
        line.overflow = "ellipsis"
        return line
