"""What the tests of insertion share: a hand that inserts as dictation does, and a text with every kind of writing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from debabelizer.dictation.insertion import Insertion, Target
from debabelizer_desktop.platform.insert_rules import Method, rule_for
from debabelizer_desktop.platform.insert_x11 import X11Inserter
from fakes.rig import Display, wait_until
from fakes.targets import TextWindow, text_window

_WRITING = "Съешь же ещё этих мягких булок. Ça déjà vu, naïve, żółć. 漢字かな交じり文と日本語。你好，世界！😀🎉 — end "
TEXT = (_WRITING * 6)[:500]


class Hand:
    """What dictation does: remember the window, later put text into it."""

    def __init__(self, inserter: X11Inserter) -> None:
        self.inserter = inserter

    def target(self) -> Target:
        found = self.inserter.submit(self.inserter.target, urgent=True).result(5)
        assert found is not None
        return found

    def insert(self, text: str, target: Target | None, method: Method = Method.PASTE, **more: bool) -> Insertion:
        rule = rule_for(target.program if target else "", (), method)
        return self.inserter.submit(lambda: self.inserter.insert(text, target, rule, **more)).result(60)

    def undo(self, insertion: Insertion) -> bool:
        assert insertion.undo is not None
        name = insertion.undo
        return self.inserter.submit(lambda: self.inserter.take_back(name)).result(20)


@pytest.fixture
def hand(desk: Display) -> Iterator[Hand]:
    inserter = X11Inserter(desk.name)
    yield Hand(inserter)
    inserter.close()
    assert not inserter.alive


@pytest.fixture
def field(desk: Display) -> Iterator[TextWindow]:
    with text_window(desk) as it:
        yield it


def editor_text(desk: Display) -> str:
    """What the editor that has the focus holds, as its user would copy it."""
    found = ""

    def same_twice() -> bool:
        nonlocal found
        desk.press("ctrl+a")
        desk.press("ctrl+c")
        previous, found = found, desk.paste().decode()
        return bool(found) and found == previous

    wait_until(same_twice, 10, "the editor's text")
    return found
