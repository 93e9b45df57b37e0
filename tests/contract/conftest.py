from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from debabelizer import registry
from debabelizer_providers import PROVIDERS
from fakes.harness import Harness
from fakes.harnesses import HARNESSES
from fakes.leaks import nothing_left

LISTENING = [name for name in PROVIDERS if name in registry.names() or registry.find(name) is None]
"""Those that listen, and those that are broken."""


@pytest.fixture(autouse=True)
async def nothing_leaks() -> AsyncIterator[None]:
    async with nothing_left():
        yield


def _harness(name: str) -> Harness:
    assert name in HARNESSES, f"{name} is in the table of providers and has no harness in tests/fakes/harnesses.py"
    return HARNESSES[name]


@pytest.fixture(params=LISTENING)
def harness(request: pytest.FixtureRequest) -> Harness:
    """Of each provider of the table that hears speech live; one without a harness fails every test."""
    return _harness(request.param)


@pytest.fixture(params=[name for name in LISTENING if name not in HARNESSES or HARNESSES[name].in_the_cloud])
def cloud(request: pytest.FixtureRequest) -> Harness:
    """Of each provider at the other end of a line."""
    return _harness(request.param)
