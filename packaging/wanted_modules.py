"""Which modules of others the program imports, by its own source. Most are imported late, some for few users only: what
is missing from a frozen program would show months later."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from program import PACKAGES, ROOT, Variant

SOURCES = (ROOT / "app", ROOT / "providers")
ONLY_ON = {"Xlib": ("linux",), "pynput": ("win32", "darwin"), "Quartz": ("darwin",), "HIServices": ("darwin",)}
"""Top-level module to the systems that have it."""
_EVERYWHERE = ("linux", "win32", "darwin")
BEHIND = {
    "jeepney.io.blocking": ("linux",),
    "secretstorage.dhcrypto": ("linux",),
    "keyring.backends.SecretService": ("linux",),
    "keyring.backends.Windows": ("win32",),
    "keyring.backends.macOS.api": ("darwin",),
    "google.auth.crypt.rsa": _EVERYWHERE,
    "google.auth.jwt": _EVERYWHERE,
    "google.cloud.speech_v1.types.cloud_speech": _EVERYWHERE,
    "google.cloud.speech_v2.types.cloud_speech": _EVERYWHERE,
    "google.oauth2.credentials": _EVERYWHERE,
    "google.oauth2.service_account": _EVERYWHERE,
    "google.protobuf.json_format": _EVERYWHERE,
    "google.rpc.error_details_pb2": _EVERYWHERE,
    "google.rpc.status_pb2": _EVERYWHERE,
    "hpack": _EVERYWHERE,
    "sqlite3": _EVERYWHERE,
}
"""Modules that are imported late or by name, by others for us or by a provider that does without them where they are
not installed, and the systems on which they are: stores of keys, accounts of services, the second version of HTTP."""


def wanted(variant: Variant, platform: str = sys.platform) -> list[str]:
    """Their names, as ``import`` takes them; a package is not named beside its modules."""
    strangers = {*sys.stdlib_module_names, *PACKAGES, *variant.leaves_out}
    strangers |= {name for name, systems in ONLY_ON.items() if platform not in systems}
    names = {name for name in imported() if name.partition(".")[0] not in strangers}
    names |= {name for name, systems in BEHIND.items() if platform in systems}
    return sorted(name for name in names if not any(other.startswith(f"{name}.") for other in names))


def imported() -> Iterator[str]:
    """By the program's own packages, anywhere in them."""
    for source in SOURCES:
        for path in source.rglob("*.py"):
            yield from _imports(ast.parse(path.read_text(encoding="utf-8")))


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)
