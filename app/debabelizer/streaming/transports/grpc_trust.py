"""The system's trusted certificates as one PEM text: gRPC brings a TLS library of its own, which asks no system."""

from __future__ import annotations

import os
import re
import ssl
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

_OWN_CHOICE = "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"
"""The gRPC library reads this variable by itself."""
_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/ca-bundle.pem",
)
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
_KEYCHAINS = ("/System/Library/Keychains/SystemRootCertificates.keychain", "/Library/Keychains/System.keychain")


@lru_cache(maxsize=1)
def system_roots() -> bytes | None:
    """Company certificates that the system trusts included; None: gRPC's own list has to do. Reads files (some
    milliseconds), so call it in a thread. ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` count as everywhere."""
    if os.environ.get(_OWN_CHOICE):
        return None
    if sys.platform == "win32":
        return _of_context()
    paths = ssl.get_default_verify_paths()
    if sys.platform == "darwin" and not paths.cafile:
        return _of_keychains()
    return _of_files(paths.cafile, paths.capath)


def _of_context() -> bytes | None:
    """Windows: what the standard library finds in the system's stores."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return "".join(map(ssl.DER_cert_to_PEM_cert, context.get_ca_certs(binary_form=True))).encode() or None


def _of_keychains() -> bytes | None:
    try:
        found = subprocess.run(
            ["/usr/bin/security", "find-certificate", "-a", "-p", *_KEYCHAINS],
            capture_output=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout or None


def _of_files(bundle: str | None, folder: str | None) -> bytes | None:
    hashed = sorted(path for path in Path(folder).iterdir() if _HASHED.fullmatch(path.name)) if folder else []
    usual = [] if bundle or hashed else [path for path in map(Path, _BUNDLES) if path.is_file()][:1]
    parts = []
    for path in [*([Path(bundle)] if bundle else hashed), *usual]:
        try:
            parts.append(path.read_bytes())
        except OSError:
            continue
    return b"\n".join(parts) or None
