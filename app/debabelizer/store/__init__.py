"""What outlives a run, in SQLite."""

from debabelizer.store.history import History, HistoryEntry
from debabelizer.store.usage import By, Total, Track, Usage, Use, Work

__all__ = ["By", "History", "HistoryEntry", "Total", "Track", "Usage", "Use", "Work"]
