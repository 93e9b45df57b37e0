"""Whether a program blends the windows of this X11 desktop, so that they can have soft edges."""

from __future__ import annotations

import logging

log = logging.getLogger(__name__)


def is_running() -> bool:
    from Xlib import X
    from Xlib.display import Display
    from Xlib.error import DisplayError

    try:
        display = Display()
    except (DisplayError, OSError) as error:
        log.info("the X server was not asked about its compositor: %s", error)
        return False
    try:
        atom = display.intern_atom(f"_NET_WM_CM_S{display.get_default_screen()}")
        return bool(display.get_selection_owner(atom) != X.NONE)
    finally:
        display.close()
