"""Recordings to text: :class:`Transcriber`, and what it answers."""

from debabelizer.transcriber.answer import (
    OnProgress,
    OnSettled,
    Progress,
    Transcript,
    TranscriptSegment,
    Translation,
)
from debabelizer.transcriber.transcriber import Transcriber

__all__ = ["OnProgress", "OnSettled", "Progress", "Transcriber", "Transcript", "TranscriptSegment", "Translation"]
