"""Loads PySide6 and stops it from reading the source of every module imported after it.

PySide6 looks for its own name in the text of each imported module, to switch the optional ``__feature__`` imports on or
off for it, and Python's ``linecache`` then keeps all those texts: 8 MB, and a third of the time to the window. This
program uses no ``__feature__``; a module PySide6 knows nothing of gets none. (``feature_imported`` in PySide6's
``shibokensupport/feature.py``, PySide6 6.11.)
"""

from __future__ import annotations

import sys

import PySide6.QtCore  # noqa: F401 - loads the module patched here

_feature = sys.modules.get("shibokensupport.feature")
if hasattr(_feature, "feature_imported"):
    _feature.feature_imported = lambda module: None  # type: ignore[union-attr]
