"""A service account whose key the local Google knows, and tokens signed with it."""

from __future__ import annotations

import json
from functools import cache

from google.auth import exceptions, jwt

_EMAIL = "dictation@proj-1.iam.gserviceaccount.com"


@cache
def _keys() -> tuple[str, str]:
    """Private and public, PEM. Made once in a process."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return (
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    )


def key_of(project: str) -> str:
    """As the vendor's console hands it out."""
    return json.dumps(
        {
            "type": "service_account",
            "project_id": project,
            "private_key_id": "k1",
            "private_key": _keys()[0],
            "client_email": _EMAIL,
            "client_id": "1",
            "token_uri": "https://oauth2.googleapis.com/token",
        }
    )


def signed_by_us(token: str) -> bool:
    """Whether it is a token of the account above, for the scope that speech needs."""
    try:
        claims = jwt.decode(token, certs={"k1": _keys()[1]})
    except (ValueError, exceptions.GoogleAuthError):
        return False
    right = "https://www.googleapis.com/auth/cloud-platform"
    return claims["iss"] == claims["sub"] == _EMAIL and right in claims.get("scope", "").split()
