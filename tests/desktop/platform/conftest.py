"""A hand that inserts and a field that takes it, for everything in this folder."""

from fakes.inserting import field, hand

__all__ = ["field", "hand"]
