"""The written form of global keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.errors import ConfigurationError, Remedy
from debabelizer_desktop.platform.hotkey_text import MODIFIERS, Hotkey, conflicts, normalised, parse


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("F9", "F9"),
        ("f24", "F24"),
        ("ctrl + alt+space", "Ctrl+Alt+Space"),
        ("Alt+Control+Z", "Ctrl+Alt+Z"),
        ("Win+d", "Meta+D"),
        ("Right Ctrl", "Right Ctrl"),
        ("right control", "Right Ctrl"),
        ("esc", "Escape"),
        ("Ctrl++", "Ctrl++"),
        ("Ctrl+ё", "Ctrl+Ё"),
        ("mouse back", "Mouse Back"),
        ("Ctrl+Mouse Middle", "Ctrl+Mouse Middle"),
    ],
)
def test_every_way_of_writing_a_key_means_one_key(text: str, written: str) -> None:
    assert normalised(text) == written


@pytest.mark.parametrize("text", ["", "Ctrl+", "Hyper+F9", "Ctrl+Nonsense", "a", "Ctrl+Right Ctrl", "+", "Ctrl+Alt"])
def test_nonsense_is_refused_by_name_with_the_remedy(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse(text)
    assert caught.value.remedy is Remedy.CHANGE_HOTKEY
    assert repr(text) in caught.value.message


@given(st.frozensets(st.sampled_from(MODIFIERS)), st.sampled_from(["F1", "F12", "Space", "Pause", "Home", "Q", "7"]))
def test_what_is_written_is_read_back(modifiers: frozenset[str], key: str) -> None:
    if len(key) == 1 and not modifiers:
        modifiers = frozenset({"Ctrl"})
    hotkey = Hotkey(key, modifiers)
    assert parse(str(hotkey)) == hotkey


def test_the_same_key_given_twice_is_named() -> None:
    keys = [("dictate", "F9"), ("undo", "Ctrl+Z"), ("cancel", ""), ("other", "control+z")]
    assert conflicts(keys) == [("undo", "other")]
