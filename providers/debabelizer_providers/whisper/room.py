"""How much a quick pass has encoded: the sound that is there and a little more, instead of always half a minute. Pure.

Whisper was trained on half a minute at a time, the rest of which is empty. With less, the encoder's work shrinks in
proportion, and the words up to the end of the sound stay what they were; but the model may fail to see where to stop
and go on writing (:func:`~debabelizer_providers.whisper.gates.without_overrun` cuts that off), and a model or a
language may take it worse than others. So it is done only where the text is provisional, and the careful passes that
follow, with all the room there is, are the judges: where they contradict what quick passes had settled too often, the
room is given back for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from debabelizer_providers.whisper.agreement import HeardWord, bare

FULL = 3000
"""Frames (of 10 ms) the model was trained on."""
MARGIN = 100
"""Frames left empty behind the sound."""
STEP = 50
"""Lengths are multiples of this, so that kernels and memory are used again."""
_JUDGED = 40
"""Settled words after which the judgement counts."""
_MOST_WRONG = 0.25
_REMEMBERED = 200


class Room:
    """``scarce``: whether quick passes have less than all of it."""

    def __init__(self) -> None:
        self.scarce = True
        self._right = 0.0
        self._wrong = 0.0

    def frames(self, sound: int) -> int:
        """How many frames to encode for so many that hold sound."""
        return min(FULL, -(-(sound + MARGIN) // STEP) * STEP) if self.scarce else FULL

    def give_back(self) -> None:
        """From now on everything is padded to half a minute."""
        self.scarce = False

    def judge(self, settled: Sequence[HeardWord], careful: Sequence[HeardWord]) -> None:
        """``settled``: by quick passes; ``careful``: what a careful one understood of the same sound."""
        quick, right = [bare(word.text) for word in settled], [bare(word.text) for word in careful]
        matcher = SequenceMatcher(None, quick, right, autojunk=False)
        same = sum(block.size for block in matcher.get_matching_blocks())
        fade = _REMEMBERED / max(_REMEMBERED, self._right + self._wrong + len(quick))
        self._right = fade * (self._right + same)
        self._wrong = fade * (self._wrong + len(quick) - same)
        heard = self._right + self._wrong
        if heard >= _JUDGED and self._wrong > _MOST_WRONG * heard:
            self.give_back()
