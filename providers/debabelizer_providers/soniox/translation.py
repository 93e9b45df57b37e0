"""The translation that comes among the tokens, kept apart from the transcript and told sentence by sentence."""

from __future__ import annotations

from debabelizer.contract import VendorNotice
from debabelizer_providers.soniox.wire import Token

CODE = "translation"
_SENTENCE_ENDS = frozenset(".?!…。？！")


class Translation:
    def __init__(self) -> None:
        self._text = ""
        self._language = ""

    def hear(self, token: Token) -> list[VendorNotice]:
        """What it completes: a sentence, or the last one before the language changes."""
        if not token.is_final or not token.text:
            return []
        told = self.told() if token.language and token.language != self._language else []
        self._language = token.language or self._language
        self._text += token.text
        return told + (self.told() if self._text.rstrip()[-1:] in _SENTENCE_ENDS else [])

    def told(self) -> list[VendorNotice]:
        """What there is so far."""
        said, self._text = self._text.strip(), ""
        if not said:
            return []
        return [VendorNotice(f"{self._language}: {said}" if self._language else said, CODE)]
