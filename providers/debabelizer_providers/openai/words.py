"""Where the word list and the prompt go, live and with files: as keywords, in the prompt, or nowhere."""

from __future__ import annotations

from typing import Protocol

import msgspec

from debabelizer.contract import StreamOptions, WordList

MOST_PROMPT = 1024
"""Characters. Realtime sessions refuse a longer prompt ("string too long"), and Whisper heeds the last 224 tokens of
one, which is about as much (the vendor's forum and its guide to prompting Whisper)."""
_EVERYTHING = WordList()
_NO_PROMPT = "This model takes no prompt: it was not sent."
_NO_LIST = "This model takes no word list: it was not sent."
_NOT_IN_KEYWORDS = str.maketrans("<>\r\n", "    ")
"""A session with such a sign in a keyword is refused, as clients of others found."""


class Taker(Protocol):
    """What a model takes: ``hints``, a list of keywords; ``prompt``, a text, words, or (empty) none."""

    @property
    def hints(self) -> bool: ...
    @property
    def prompt(self) -> str: ...


class Told(msgspec.Struct, frozen=True):
    """What the model is told beforehand, and what the user should know about it."""

    keywords: tuple[str, ...] = ()
    prompt: str = ""
    notices: tuple[str, ...] = ()


def told(
    options: StreamOptions, model: Taker, *, title: str, prompt: str, send_list: bool, room: int = MOST_PROMPT
) -> Told:
    """``prompt`` is the user's own; it is kept whole as far as it goes, and the list takes what is left of ``room``
    (characters)."""
    given = options.vocabulary if send_list else ()
    prompt, notices = _cut(prompt, room, title) if model.prompt else ("", (_NO_PROMPT,) if prompt else ())
    if model.hints:
        terms = tuple(" ".join(term.translate(_NOT_IN_KEYWORDS).split()) for term in given)
        return Told(_EVERYTHING.fit(terms).terms, prompt, notices)
    if not model.prompt:
        return Told(notices=(*notices, _NO_LIST) if any(given) else notices)
    fitted = WordList(total=room - len(prompt)).fit(given, lambda term: len(term) + len(", "))
    whole = " ".join(filter(None, (prompt, ", ".join(fitted.terms))))
    return Told((), whole, (*notices, *fitted.notices(title)))


def _cut(prompt: str, room: int, title: str) -> tuple[str, tuple[str, ...]]:
    if len(prompt) <= room:
        return prompt, ()
    message = f"{title} takes a prompt of at most {room} characters: the rest was left out."
    return prompt[:room], (message,)
