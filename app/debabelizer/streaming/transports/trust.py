"""Whom we believe to be who they say: the system's own certificate store, company certificates included."""

from __future__ import annotations

import ssl
from functools import lru_cache


@lru_cache(maxsize=1)
def system_trust() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
