"""What the README tells a newcomer to paste works, word for word, over HTTP."""

import asyncio
import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn

from hexmart.app import Application
from hexmart.demo.load import load
from tests import tour

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def served(application: Application) -> AsyncIterator[str]:
    """The application on a port of its own; the application itself stays with whoever made it."""
    config = uvicorn.Config(application, port=0, lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has a flag and no event
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


async def test_the_tour_of_the_readme_ends_with_milk_in_hand(application: Application) -> None:
    await load(application.platform, tenants=1, stores=4, members=1)
    before = Counter(application.engine.tally)
    async with served(application) as url:
        shell = await asyncio.create_subprocess_exec(
            "bash",
            "-c",
            tour.script("tour"),
            cwd=tour.ROOT,
            env={**os.environ, "HEXMART_URL": url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await shell.communicate()
    assert shell.returncode == 0, printed.decode()[-2_000:]
    assert '"status": "COMPLETED"' in printed.decode()
    assert set(application.engine.tally - before) <= {"compiled"}  # graphql-core had nothing to complete


def test_every_make_target_the_readme_names_exists() -> None:
    readme, makefile = (tour.ROOT / "README.md").read_text(), (tour.ROOT / "Makefile").read_text()
    named = set(re.findall(r"`?make ([a-z-]+)", readme))
    assert named
    assert named <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_every_file_the_readme_links_to_exists() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (tour.ROOT / "README.md").read_text())
    assert links
    missing = [link for link in links if "://" not in link and not (Path(tour.ROOT) / link).exists()]
    assert missing == []
