"""The model that the frozen program brings packed: all that the recogniser reads, and the recogniser hears with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import sphinx_model

from debabelizer.models import PackedModel
from debabelizer_providers.sphinx import model
from fakes.recordings import recording, words_wrong


def test_the_archive_holds_what_the_recogniser_reads_and_nothing_else(tmp_path: Path) -> None:
    archive, _ = sphinx_model.packed(tmp_path, zipfile.ZIP_STORED)
    with zipfile.ZipFile(archive) as packed:
        assert sorted(packed.namelist()) == sorted(model.FILES)
    assert PackedModel(Path(archive), "sphinx").is_unpacked(model.origin())


def test_the_recogniser_unpacks_it_once_and_hears_with_it(tmp_path: Path) -> None:
    """In a process whose PocketSphinx is as in the frozen program: with the archive in place of the model."""
    modules = tmp_path / "modules"
    package = Path(str(find_spec("pocketsphinx").origin)).parent
    shutil.copytree(package, modules / "pocketsphinx", ignore=shutil.ignore_patterns("model"))
    archive, place = sphinx_model.packed(tmp_path, zipfile.ZIP_STORED)
    (modules / place).mkdir()
    shutil.move(archive, modules / place)
    command = [sys.executable, "-c", RECOGNISE, str(tmp_path / "models")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(modules), *sys.path))}
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=100)
    notice, text = ran.stdout.splitlines()
    assert "unpacks" in notice
    assert words_wrong(recording("coffee").text, text) <= 0.3
    assert [path.name for path in (tmp_path / "models" / "sphinx").iterdir()] == ["en-us"]


RECOGNISE = """
import sys
from pathlib import Path
from debabelizer.contract import EpochContext, StreamOptions, VendorNotice
from debabelizer.events import Freeze
from debabelizer_providers.sphinx import Sphinx, model
from debabelizer_providers.sphinx.worker import serve
from fakes.memory_link import converse
from fakes.recordings import recording
protocol = Sphinx().stream(StreamOptions(settings={"models_folder": sys.argv[1]}), EpochContext())
for signal in converse(serve, protocol, [recording("coffee").pcm, "commit"]):
    if isinstance(signal, VendorNotice | Freeze):
        print(signal.text)
model.folder(Path(sys.argv[1]), print)
"""
