"""Money and experience: what uses cost, what is left of the month's budget, and how providers have done so far."""

from debabelizer.accounts.book import Book, book
from debabelizer.accounts.entry import Entry
from debabelizer.accounts.prices import Prices, model_of

__all__ = ["Book", "Entry", "Prices", "book", "model_of"]
