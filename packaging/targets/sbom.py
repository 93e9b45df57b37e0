"""What a frozen program is made of, as a bill of materials that tools read (CycloneDX, JSON)."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Collection
from importlib.metadata import Distribution
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import licences
from context import BuildError, Context, Target
from program import COMMAND, ROOT, VARIANTS, Variant, version

from targets import frozen

_SYSTEMS = {"win32": "windows", "darwin": "macos"}
SPEC = "1.6"


def why_not() -> str | None:
    try:
        import cyclonedx_py  # noqa: F401
    except ImportError:
        return "cyclonedx-bom is missing; start with ./run package"
    return frozen.why_not()


def build(context: Context, variant: Variant) -> list[Path]:
    """Of the environment that was frozen only what is inside the program."""
    whole = context.fresh(target(variant)) / "environment.json"
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", ROOT / "pyproject.toml"]
    context.run([*command, "--sv", SPEC, "--output-reproducible", "-o", whole, sys.executable])
    inside = licences.inside(variant)
    bill = narrowed(json.loads(whole.read_text(encoding="utf-8")), {it.name for it in inside})
    bill["components"] += [*runtime(), *(part for it in inside for part in bundled(it))]
    bill["metadata"]["component"]["version"] = version()
    text = json.dumps(bill, indent=2, ensure_ascii=False) + "\n"
    validate(text)
    system = _SYSTEMS.get(sys.platform, sys.platform)
    made = context.out / f"{variant.name}-{version()}-{system}-{platform.machine().lower()}.cdx.json"
    made.write_text(text, encoding="utf-8")
    return [made]


def narrowed(bill: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The bill without the components that are not among ``names``, without mention of them, and without files of the
    machine on which it was made."""
    wanted = {_normal(name) for name in names}
    kept = [_elsewhere(component) for component in bill["components"] if _normal(component["name"]) in wanted]
    if missing := wanted - {_normal(component["name"]) for component in kept}:
        raise BuildError(f"the bill of materials lacks {', '.join(sorted(missing))}")
    known = {component["bom-ref"] for component in kept} | {bill["metadata"]["component"]["bom-ref"]}
    links = [
        {**link, "dependsOn": [ref for ref in link.get("dependsOn", ()) if ref in known]}
        for link in bill["dependencies"]
        if link["ref"] in known
    ]
    return {**bill, "components": kept, "dependencies": links}


def _elsewhere(component: dict[str, Any]) -> dict[str, Any]:
    links = [link for link in component.get("externalReferences", ()) if not link["url"].startswith("file:")]
    rest = {name: value for name, value in component.items() if name != "externalReferences"}
    return {**rest, "externalReferences": links} if links else rest


def bundled(it: Distribution) -> list[dict[str, Any]]:
    """The libraries of others that a distribution says it has inside, each with a reference of its own."""
    return [
        {**part, "bom-ref": f"{it.name}/{number}/{part['name']}"} for number, part in enumerate(licences.bundled(it))
    ]


def runtime() -> list[dict[str, Any]]:
    """What starts the program and runs it, which no distribution names."""
    python, loader = platform.python_version(), version_of("pyinstaller")
    return [
        {
            "type": "platform",
            "bom-ref": "python",
            "name": "CPython",
            "version": python,
            "purl": f"pkg:generic/python@{python}",
        },
        {
            "type": "library",
            "bom-ref": "bootloader",
            "name": "PyInstaller's bootloader",
            "version": loader,
            "purl": f"pkg:pypi/pyinstaller@{loader}",
        },
    ]


def validate(text: str) -> None:
    """Against CycloneDX' own schema."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    problem = JsonStrictValidator(SchemaVersion.from_version(SPEC)).validate_str(text)
    if problem is not None:
        raise BuildError(f"the bill of materials is none: {problem}")


def target(variant: Variant) -> str:
    return f"sbom{variant.name.removeprefix(COMMAND)}"


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


TARGETS = tuple(
    Target(
        name=target(variant),
        about=f"what {variant.title} is made of (CycloneDX)",
        needs=(frozen.target(variant),),
        why_not=why_not,
        build=lambda context, variant=variant: build(context, variant),  # type: ignore[misc]
    )
    for variant in VARIANTS
)
