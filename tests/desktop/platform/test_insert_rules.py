"""Rules per program: which one holds, and what a text becomes for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.errors import ConfigurationError
from debabelizer_desktop.platform.insert_rules import Method, fitted, rule_for, rules_from
from debabelizer_desktop.platform.undo_x11 import cluster_count


@pytest.mark.parametrize(
    ("program", "keys", "terminal"),
    [
        ("firefox", "Ctrl+V", False),
        ("XTerm", "Shift+Insert", True),
        ("gnome-terminal-server", "Shift+Insert", True),
        ("org.wezfurlong.wezterm", "Shift+Insert", True),
        ("emacs", "Shift+Insert", False),
        ("", "Ctrl+V", False),
    ],
)
def test_terminals_are_known(program: str, keys: str, terminal: bool) -> None:
    rule = rule_for(program, ())
    assert (rule.keys, rule.terminal, rule.method) == (keys, terminal, Method.PASTE)


def test_the_users_rule_comes_first_and_keeps_what_it_leaves_out() -> None:
    own = rules_from([{"program": "xterm", "method": "type"}, {"program": "*", "keys": "Ctrl+Shift+V"}])
    xterm = rule_for("xterm", own, Method.COPY)
    assert (xterm.method, xterm.keys, xterm.terminal) == (Method.TYPE, "Shift+Insert", True)
    assert rule_for("anything", own).keys == "Ctrl+Shift+V"


def test_the_method_for_all_holds_where_no_rule_of_the_users_does() -> None:
    assert rule_for("xterm", (), Method.TYPE).method is Method.TYPE
    assert rule_for("firefox", (), Method.COPY).method is Method.COPY


@pytest.mark.parametrize(
    "table", [{}, {"program": "a", "method": "shout"}, {"program": 3}, {"program": "a", "keys": 1}]
)
def test_a_rule_that_makes_no_sense_is_named(table: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=r"Rule 2 of insert\.rules"):
        rules_from([{"program": "fine"}, table])


@given(st.text(st.characters()))
def test_no_text_can_press_enter_in_a_terminal(text: str) -> None:
    arrived = fitted(text, rule_for("xterm", ()))
    assert not set(arrived) & {chr(code) for code in range(32) if chr(code) != "\t"}
    assert "\x7f" not in arrived


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"])))
def test_ordinary_writing_arrives_unchanged(text: str) -> None:
    assert fitted(text, rule_for("firefox", ())) == text


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("", 0),
        ("abc", 3),
        ("ёж", 2),
        ("e\u0301", 1),
        ("👩‍👩‍👧", 1),
        ("👍🏽", 1),
        ("🇩🇪🇫🇷", 2),
        ("❤\ufe0f", 1),
        ("漢字\n", 3),
    ],
)
def test_steps_of_the_caret(text: str, steps: int) -> None:
    assert cluster_count(text) == steps
