"""Providers from other packages, found by their entry point; broken ones named and left out."""

from __future__ import annotations

import os

from debabelizer_providers import PROVIDERS

GOOD = """
from msgspec import structs

from debabelizer.contract import (
    Ability, Health, HealthState, Kind, Place, ProviderDescription, Setting, EpochContext, StreamOptions,
)

class Acme:
    description = ProviderDescription(
        name="acme", title="Acme", summary="A provider from elsewhere.", place=Place.CLOUD,
        abilities=frozenset({Ability.STREAM}),
        settings=(
            Setting(key="api_key", kind=Kind.SECRET, title="Key", help="From acme.", env=("ACME_KEY",)),
            Setting(key="pitch", kind=Kind.INT, title="Pitch", help="Of nothing.", default=3, maximum=9),
        ),
    )

    async def check(self, options, http):
        return Health(HealthState.OK, f"pitch {options.settings['pitch']}")

    def stream(self, options, context):
        raise NotImplementedError

class Misnamed(Acme):
    pass

def described(**changes):
    class Changed(Acme):
        description = structs.replace(Acme.description, **changes)
    return Changed

PITCH = Acme.description.settings[1]
Files = described(name="files", abilities=frozenset({Ability.STREAM, Ability.FILES}))
Twice = described(name="twice", settings=(PITCH, PITCH))
Prefixed = described(name="prefixed", settings=(structs.replace(PITCH, key="providers.prefixed.pitch"),))
Choiceless = described(name="choiceless", settings=(structs.replace(PITCH, kind=Kind.CHOICE, default="low"),))
Odd = described(name="odd", settings=(structs.replace(PITCH, kind=Kind.TEXT, pattern="[a-g]"),))

class Raising(described(name="raising")):
    async def check(self, options, http):
        raise ValueError("no number")

class NoProvider:
    pass
"""


def install(program, **targets):
    """A distribution, as an installer lays it down."""
    folder = program.home / "site"
    info = folder / "acme_speech-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "acme_speech.py").write_text(GOOD)
    (folder / "acme_broken.py").write_text("raise OSError('its library is missing')")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-speech\nVersion: 1.0\n")
    lines = [f"{name} = {target}" for name, target in targets.items()]
    (info / "entry_points.txt").write_text("[debabelizer.providers]\n" + "\n".join(lines) + "\n")
    program.env["PYTHONPATH"] += os.pathsep + str(folder)


def test_a_provider_of_another_package_is_one_like_the_others(program):
    install(program, acme="acme_speech:Acme")
    program.env["ACME_KEY"] = "acme-key-0123456789"
    shown = program("providers", "--json").json()
    assert [p["standing"]["provider"] for p in shown["providers"]] == [*PROVIDERS, "acme"]
    assert shown["left_out"] == []
    assert program("config", "set", "providers.acme.pitch", "7").status == 0
    assert "pitch 7" in program("keys", "check", "acme").out
    assert program("config", "set", "providers.acme.pitch", "11").status == 2
    assert "DEBABELIZER_PROVIDERS_ACME_API_KEY`, `ACME_KEY" in program("config", "reference").out
    chosen = program("--set", "provider=acme", "providers", "--json").json()["chosen"]
    assert chosen == {"provider": "acme", "reason": "chosen by the command line"}


def test_broken_ones_are_named_and_hinder_nobody(program):
    install(
        program,
        absent="acme_gone:Acme",
        broken="acme_broken:Acme",
        misnamed="acme_speech:Misnamed",
        nothing="acme_speech:NoProvider",
        sphinx="acme_speech:Acme",
        files="acme_speech:Files",
        twice="acme_speech:Twice",
        prefixed="acme_speech:Prefixed",
        choiceless="acme_speech:Choiceless",
        odd="acme_speech:Odd",
    )
    ran = program("providers", "--json")
    assert ran.status == 0
    assert [p["standing"]["provider"] for p in ran.json()["providers"]] == list(PROVIDERS)
    why = {problem["name"]: problem["detail"] for problem in ran.json()["left_out"]}
    assert "No module named 'acme_gone'" in why["absent"]
    assert "its library is missing" in why["broken"]
    assert "calls itself 'acme'" in why["misnamed"]
    assert "is no provider" in why["nothing"]
    assert "taken by debabelizer_providers.sphinx" in why["sphinx"]
    assert "has the ability 'files' and lacks `file_limits`" in why["files"]
    assert "has two settings 'pitch'" in why["twice"]
    assert "has a setting 'providers.prefixed.pitch'" in why["prefixed"]
    assert "has a setting 'pitch' with a pattern, and no example" in why["odd"]
    assert "the default 'low', which is none of its choices" in why["choiceless"]
    refused = program("--set", "provider=broken", "providers")
    assert refused.status == 2
    assert "there is no provider 'broken'" in refused.err
    assert "broken" in program("doctor", "provider").out


def test_one_whose_check_fails_hinders_no_other(program):
    install(program, raising="acme_speech:Raising", zebra="acme_gone:Zebra", acme="acme_speech:Acme")
    ran = program("keys", "check", "--json")
    answers = ran.json()
    assert answers["acme"]["state"] == "ok"
    assert answers["raising"]["state"] == "failed"
    assert answers["raising"]["detail"] == "Acme could not be checked: ValueError. The log says more."
    assert "ValueError: no number" in program.log
    assert ran.status != 0
