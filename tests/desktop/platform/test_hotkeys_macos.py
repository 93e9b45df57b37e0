"""Global keys on macOS, as far as they can be looked at elsewhere: asking for the permissions. Its libraries are
stand-ins with the few names that are used."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from debabelizer.errors import ConfigurationError
from debabelizer_desktop.platform.hotkeys import Hotkeys
from debabelizer_desktop.platform.system import System


class Mac:
    """``listening`` and ``pressing``: what the user has allowed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, listening: bool, pressing: bool) -> None:
        self.asked: list[str] = []
        self.started = 0
        quartz = SimpleNamespace(
            CGPreflightListenEventAccess=lambda: listening,
            CGRequestListenEventAccess=lambda: self.asked.append("input monitoring"),
        )
        services = SimpleNamespace(
            kAXTrustedCheckOptionPrompt="prompt",
            AXIsProcessTrustedWithOptions=lambda options: pressing or self.asked.append(f"accessibility {options}"),
        )
        f9 = SimpleNamespace(value=SimpleNamespace(vk=101))
        keyboard = SimpleNamespace(Key=SimpleNamespace(f9=f9), Listener=self._listener)
        for name, module in (
            ("Quartz", quartz),
            ("HIServices", services),
            ("pynput", SimpleNamespace(keyboard=keyboard)),
        ):
            monkeypatch.setitem(sys.modules, name, module)  # type: ignore[arg-type]

    def _listener(self, **hooks: object) -> SimpleNamespace:
        assert set(hooks) == {"on_press", "on_release", "darwin_intercept"}

        def start() -> None:
            self.started += 1

        return SimpleNamespace(start=start, stop=lambda: None)


@pytest.mark.parametrize(("listening", "pressing"), [(False, False), (True, False), (False, True)])
def test_without_a_permission_macos_asks_and_the_user_is_told_where(
    monkeypatch: pytest.MonkeyPatch, listening: bool, pressing: bool
) -> None:
    mac = Mac(monkeypatch, listening=listening, pressing=pressing)
    keys = Hotkeys(System.MACOS)
    with pytest.raises(ConfigurationError, match=r"under Input Monitoring and under Accessibility"):
        keys.bind("dictate", "Ctrl+D")
    assert mac.asked == ["input monitoring"] * (not listening) + ["accessibility {'prompt': True}"] * (not pressing)
    assert not mac.started, "no hook that is told of nothing"


def test_with_both_the_key_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    mac = Mac(monkeypatch, listening=True, pressing=True)
    keys = Hotkeys(System.MACOS)
    keys.bind("dictate", "F9")
    assert mac.asked == []
    assert mac.started == 1
    keys.close()
