"""Everything that can be built, in the order in which it is built; one module per kind."""

from __future__ import annotations

from context import Target

from targets import deb, frozen, macos, wheel, windows

ALL: tuple[Target, ...] = (*wheel.TARGETS, *frozen.TARGETS, *deb.TARGETS, *windows.TARGETS, *macos.TARGETS)
