"""A translation is what was said: it is shown, and not written to the log."""

from __future__ import annotations

import logging

import pytest

from debabelizer.dictation.logbook import write
from debabelizer.events import Notice
from debabelizer_providers.soniox.translation import CODE


def test_a_translation_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        write(Notice(provider="soniox", text="fr: Bonjour", code=CODE))
        write(Notice(provider="soniox", text="the word list was cut", code="settings"))
    assert "Bonjour" not in caplog.text
    assert "the word list was cut" in caplog.text
