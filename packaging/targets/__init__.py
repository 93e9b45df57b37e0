"""Everything that can be built, in the order in which it is built; one module per kind."""

from __future__ import annotations

from context import Target

from targets import deb, flatpak, frozen, macos, sbom, tar, wheel, windows

ALL: tuple[Target, ...] = (
    *wheel.TARGETS,
    *frozen.TARGETS,
    *deb.TARGETS,
    *tar.TARGETS,
    *flatpak.TARGETS,
    *windows.TARGETS,
    *macos.TARGETS,
    *sbom.TARGETS,
)
