from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest

from debabelizer import registry
from debabelizer_providers import PROVIDERS
from fakes.harness import Harness
from fakes.leaks import nothing_left


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--harness",
        action="append",
        default=[],
        metavar="FILE",
        help="Puts the provider of another package through the suite, by the harness class in this file, and no other.",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for fixture in {"harness", "cloud"} & set(metafunc.fixturenames):
        metafunc.parametrize(fixture, _providers(metafunc.config, cloud=fixture == "cloud"), indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--harness"):  # what is not asked of every provider says nothing of this one
        items[:] = [item for item in items if {"harness", "cloud"} & set(getattr(item, "fixturenames", ()))]


@pytest.fixture(autouse=True)
async def nothing_leaks() -> AsyncIterator[None]:
    async with nothing_left():
        yield


@pytest.fixture
def harness(request: pytest.FixtureRequest) -> Harness:
    """Of each provider that hears speech live; one of the table without a harness fails every test."""
    harnesses = _harnesses(*request.config.getoption("--harness"))
    assert request.param in harnesses, f"{request.param} has no harness in tests/fakes/harnesses.py"
    return harnesses[request.param]


cloud = harness
"""Of each provider at the other end of a line."""


def _providers(config: pytest.Config, *, cloud: bool) -> list[str]:
    """Those of the table that listen, and those of it that are broken; or those that the option asks for."""
    files = config.getoption("--harness")
    harnesses = _harnesses(*files)
    table = [name for name in PROVIDERS if name in registry.names() or registry.find(name) is None]
    names = list(harnesses) if files else table
    return [name for name in names if not cloud or name not in harnesses or harnesses[name].in_the_cloud]


@cache
def _harnesses(*files: str) -> dict[str, Harness]:
    if not files:
        from fakes.harnesses import HARNESSES  # needs the vendors' libraries

        return HARNESSES
    found = [harness for file in files for harness in _of_file(Path(file).resolve())]
    return {harness.provider: harness for harness in found}


def _of_file(file: Path) -> list[Harness]:
    """What lies beside it can be imported by it."""
    sys.path.insert(0, str(file.parent))
    module = importlib.import_module(file.stem)
    kinds = [kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module.__name__]
    found = [kind() for kind in kinds if issubclass(kind, Harness) and not inspect.isabstract(kind)]
    if not found:
        raise pytest.UsageError(f"{file} has no subclass of fakes.harness.Harness")
    return found
