"""The disk image for macOS: the app beside a link to the folder where apps live.

One for each kind of processor, not one for both: NumPy, PyAV and CTranslate2 come for one kind at a time.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

from context import Context, Target, lacking, only_on
from program import COMMAND, TITLE, VARIANTS, Variant, version

from targets import frozen

NOTARY_PROFILE = "DEBABELIZER_NOTARY_PROFILE"
"""The name under which ``xcrun notarytool store-credentials`` keeps the access in the keychain; unset: no notary."""
IDENTITY = "DEBABELIZER_CODESIGN_IDENTITY"
"""Names the certificate "Developer ID Application" of the keychain; unset: signed for this machine only (ad hoc)."""


def why_not() -> str | None:
    return only_on("darwin") or lacking("hdiutil", "codesign", "xcrun (Xcode's command line tools)")


def build(context: Context, variant: Variant) -> list[Path]:
    app = context.work / frozen.target(variant) / "out" / f"{TITLE}.app"
    context.run(["codesign", "--verify", "--deep", "--strict", app])
    image = context.out / f"{variant.name}-{version()}-macos-{platform.machine()}.dmg"
    content = context.fresh(target(variant))
    context.run(["ditto", app, content / app.name])  # keeps links and signatures as they are
    (content / "Applications").symlink_to("/Applications")
    make = ["hdiutil", "create", "-ov", "-fs", "HFS+", "-format", "UDZO", "-volname", TITLE, "-srcfolder", content]
    context.run([*make, image])
    for command in finishing(image):
        context.run(command)
    return [image]


def finishing(image: Path) -> list[list[str | Path]]:
    """Signing and notarising the image, where the environment says by whom. The ticket is stapled to the image, so that
    it opens without a network, too."""
    commands: list[list[str | Path]] = []
    if identity := os.environ.get(IDENTITY):
        commands.append(["codesign", "--sign", identity, "--timestamp", image])
        if profile := os.environ.get(NOTARY_PROFILE):
            commands.append(["xcrun", "notarytool", "submit", image, "--keychain-profile", profile, "--wait"])
            commands.append(["xcrun", "stapler", "staple", image])
            commands.append(["spctl", "--assess", "--type", "open", "--context", "context:primary-signature", image])
    return commands


def target(variant: Variant) -> str:
    return f"macos{variant.name.removeprefix(COMMAND)}"


TARGETS = tuple(
    Target(
        name=target(variant),
        about=f"{variant.title} as a disk image for macOS",
        needs=(frozen.target(variant),),
        why_not=why_not,
        build=lambda context, variant=variant: build(context, variant),  # type: ignore[misc]
    )
    for variant in VARIANTS
)
