"""Transcripts as files: ``cues`` cuts speech into subtitles one can read, ``subtitles`` and ``documents`` write."""

from debabelizer.export.cues import Cue, Rules, Said, cues_of

__all__ = ["Cue", "Rules", "Said", "cues_of"]
