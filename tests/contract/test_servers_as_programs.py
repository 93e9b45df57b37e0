"""Each vendor's local server can be started by its path, to try the program on."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

FAKES = Path(__file__).parents[1] / "fakes"
TRIED_ELSEWHERE = {"elevenlabs", "openai"}
"""By the vendor's own client."""
BEHAVIOURS = {"google": [{"refuse": "UNAVAILABLE"}]}


async def test_every_server_started_by_its_path_prints_where_it_listens(tmp_path: Path) -> None:
    programs = {path: path.name.removesuffix("_server.py") for path in FAKES.glob("*_server.py")}
    vendors = {name: path for path, name in programs.items() if "vendor_program" in path.read_text(encoding="utf-8")}
    assert "google" in vendors
    async with asyncio.TaskGroup() as tasks:
        for name in set(vendors) - TRIED_ELSEWHERE:
            tasks.create_task(listens(vendors[name], name, tmp_path / f"{name}.json"))


async def listens(program: Path, name: str, script: Path) -> None:
    script.write_text(json.dumps({"sentences": ["good morning"], "behaviours": BEHAVIOURS.get(name, [{}])}))
    arguments = [str(program), "--port", "0", "--script", str(script)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, env=environment
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            url = (await process.stdout.readline()).decode()
        assert url.startswith("http://127.0.0.1:"), name
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
