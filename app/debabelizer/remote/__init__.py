"""One running copy per user and desktop session, and controlling it from elsewhere.

The first copy claims the session (:class:`Instance`) and listens (:class:`RemoteServer`). A second start finds the
claim taken, asks the first to show its window (:func:`hand_over`) and ends. ``debabelizer remote`` and a desktop's own
key bindings use :class:`RemoteClient`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from debabelizer.remote.instance import Instance

if TYPE_CHECKING:
    from debabelizer.remote.client import NotRunningError, RemoteClient, hand_over
    from debabelizer.remote.server import Handler, RemoteServer

__all__ = ["Handler", "Instance", "NotRunningError", "RemoteClient", "RemoteServer", "hand_over"]


def __getattr__(name: str) -> Any:
    """The claim is made before the window is up; asyncio, which all the rest needs, can wait until it is."""
    if name not in __all__:
        raise AttributeError(name)
    from debabelizer.remote import client, server

    return getattr(server if name in ("Handler", "RemoteServer") else client, name)
