"""How a word list is cut to what a provider takes, and what the user is told of it."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from debabelizer.contract import WordList

TERMS = st.lists(st.text(string.ascii_letters + "  äß语", max_size=9), max_size=40)
LIMITS = st.builds(
    WordList,
    terms=st.none() | st.integers(0, 20),
    characters=st.none() | st.integers(1, 9),
    words=st.none() | st.integers(1, 3),
    total=st.none() | st.integers(0, 60),
)


@given(TERMS, LIMITS)
def test_what_goes_fits_and_what_does_not_is_named(terms: list[str], limits: WordList) -> None:
    fitted = limits.fit(terms)
    wanted = list(dict.fromkeys(filter(None, (" ".join(term.split()) for term in terms))))
    assert sorted((*fitted.terms, *fitted.left_out)) == sorted(wanted)
    assert list(fitted.terms) == [term for term in wanted if term in fitted.terms], "in the user's order"
    assert limits.terms is None or len(fitted.terms) <= limits.terms
    assert limits.total is None or sum(map(len, fitted.terms)) <= limits.total
    for term in fitted.terms:
        assert limits.characters is None or len(term) <= limits.characters
        assert limits.words is None or len(term.split()) <= limits.words
    notices = fitted.notices("Deepgram")
    assert len(notices) == bool(fitted.left_out)
    for notice in notices:
        assert fitted.left_out[0] in notice
        assert notice.startswith("Deepgram ")


def test_nothing_is_said_where_everything_goes() -> None:
    fitted = WordList(terms=3).fit(["Zürich", " Zürich ", "", "New   York"])
    assert fitted.terms == ("Zürich", "New York")
    assert fitted.notices("Deepgram") == ()


def test_a_term_that_is_too_long_by_itself_does_not_cost_the_others() -> None:
    fitted = WordList(characters=5, total=9).fit(["Basel", "Winterthur", "Bern", "Uri"])
    assert fitted.terms == ("Basel", "Bern")
    assert fitted.notices("ElevenLabs") == ("ElevenLabs takes only part of the word list. Left out: Winterthur, Uri.",)


def test_a_long_rest_is_counted() -> None:
    (notice,) = WordList(terms=0).fit(f"w{n}" for n in range(10)).notices("Soniox")
    assert notice.endswith("w6, w7 and others (2).")


def test_a_vendor_may_measure_in_its_own_way() -> None:
    assert WordList(total=2).fit(["a b", "c"], measure=lambda term: len(term.split())).terms == ("a b",)
