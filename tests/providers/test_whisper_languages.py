"""Languages between BCP 47 and Whisper, and the choice among allowed ones."""

from __future__ import annotations

import pytest
from faster_whisper.tokenizer import _LANGUAGE_CODES

from debabelizer_providers.whisper.languages import LANGUAGES, LanguageChoice, code_of, tag_of


def test_every_language_of_the_model_has_a_tag_that_leads_back_to_it() -> None:
    assert {code_of(language.tag) for language in LANGUAGES} == set(_LANGUAGE_CODES)
    assert all(tag_of(language.vendor or language.tag) == language.tag for language in LANGUAGES)


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "en"), ("pt_BR", "pt"), ("zh-Hant-TW", "zh"), ("nb", "no"), ("jv", "jw"), ("FIL", "tl"), ("tlh", None)],
)
def test_regions_scripts_and_old_names(tag: str, code: str | None) -> None:
    assert code_of(tag) == code


def test_a_single_allowed_language_is_never_asked_about() -> None:
    assert LanguageChoice(["ru"]).settled == "ru"


def test_only_allowed_languages_can_win() -> None:
    choice = LanguageChoice(["en", "ru"])
    assert choice.weigh({"uk": 0.7, "ru": 0.2, "en": 0.01}, 2.0) == "ru"
    assert choice.settled == "ru"


def test_a_doubtful_language_is_weighed_again_and_a_settled_one_kept() -> None:
    choice = LanguageChoice()
    assert choice.weigh({"en": 0.5, "de": 0.4}, 1.0) == "en"
    assert choice.settled is None
    assert choice.weigh({"de": 0.9, "en": 0.05}, 2.0) == "de"
    assert choice.weigh({"en": 0.99}, 9.0) == "de"
