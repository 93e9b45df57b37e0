"""Debabelizer's engine: streaming speech recognition and dictation, free of any window system."""

__version__ = "2.0.0.dev0"
