"""What outlives a run, in SQLite."""

from debabelizer.store.history import History, HistoryEntry

__all__ = ["History", "HistoryEntry"]
