"""No secret is in any log: of a server, a worker and the commands, whatever is asked, goes wrong, or is planted."""

import asyncio
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from core.ids import new_secret
from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing.brands import build_world
from tests.processes import HEXMART, free_port
from tests.security.edge.canaries import Canaries, forms
from tests.security.edge.serving import PATIENCE, running, served
from tests.security.edge.story import Caller, Story
from tests.security.edge.trouble import ask_wrongly

pytestmark = pytest.mark.anyio

PLANTED = (sys.executable, "-m", "tests.security.edge.planted")
SECRET = "canary-secret-of-a-whole-platform"
DATABASE_PASSWORD = "canary/of:a@database"
GOES_ON = {"serve", "worker"}  #: without a database they try again until they are stopped
LONG_ENOUGH = 5  #: seconds of trying
FORMS = len(list(forms(SECRET)))


@pytest.fixture
def canaries() -> Canaries:
    found = Canaries()
    found.add("HEXMART_SECRET", SECRET)
    found.add("password of the database", DATABASE_PASSWORD)
    return found


@pytest.fixture
def environment(databases: Databases) -> dict[str, str]:
    """Of production, with everything written that may be."""
    url = make_url(databases.owner)
    told = url if url.password else url.set(password=DATABASE_PASSWORD)
    return {
        "HEXMART_DATABASE_URL": told.render_as_string(hide_password=False),
        "HEXMART_SECRET": SECRET,
        "HEXMART_PRODUCTION": "1",
        "HEXMART_LOG_LEVEL": "DEBUG",
        "PYTHONASYNCIODEBUG": "",
    }


@pytest.fixture
async def sealed(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """An application of the same secret, to make a brand with and to read what was sent to people."""
    made = create_app(databases, settings.model_copy(update={"secret": SecretStr(SECRET)}), with_worker=False)
    yield made
    await made.platform.close()


async def lived_through(
    sealed: Application, environment: dict[str, str], canaries: Canaries, home: Path, *, briefly: bool = False
) -> int:
    """Have everything happen at a served brand, the worker beside it; how many requests went wrong."""
    world = await build_world(sealed.platform)
    with (
        served(home / "server.log", environment, (*PLANTED, "serve")) as server,
        running(home / "worker.log", environment, (*PLANTED, "worker")),
    ):
        async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as http:
            story, guest = Story(http, sealed.platform, world, canaries), Caller(http, world.tenant.slug)
            await story.member()
            if not briefly:
                owner = await story.staff()
                await story.order()
                await story.app(owner)
            secrets = list(canaries.known.values())
            asked = await ask_wrongly(guest, secrets[:2] if briefly else secrets)
        failures = [b"the worker stumbled", b"a subscriber failed", world.tenant.slug.encode()]
        if briefly:  # and with the words of exceptions: the one that matters comes from a subscriber
            failures.append(canaries.known["one-time code"].encode())
        await written(home, "worker", *failures)
    return asked


async def written(home: Path, name: str, *words: bytes) -> None:
    """Wait until all of that stands in a log."""
    async with asyncio.timeout(PATIENCE):
        while not all(word in logs_in(home)[name] for word in words):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.1)


def logs_in(home: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in home.glob("*.log")}


def commanded(environment: dict[str, str], canaries: Canaries, home: Path) -> bytes:
    """What the commands say when they succeed and when they cannot; a first password is printed on purpose, alone."""
    password = quote(DATABASE_PASSWORD, safe="")
    away = environment | {"HEXMART_DATABASE_URL": f"postgresql://me:{password}@127.0.0.1:1/x"}
    other = environment | {"HEXMART_DATABASE_URL": f"mysql://me:{password}@127.0.0.1/x"}
    wrong = environment | {"HEXMART_PORT": DATABASE_PASSWORD, "HEXMART_POOL_SIZE": SECRET, "HEXMART_LOG_LEVEL": SECRET}
    calls: list[tuple[dict[str, str], list[str]]] = [
        (away, ["serve"]),
        (away, ["worker"]),
        (away, ["migrate"]),
        (away, ["operator", "a@b.cd"]),
    ]
    calls += [(away, ["documents", "list", "--tenant", "x"]), (other, ["migrate"]), (wrong, ["serve"])]
    calls += [(environment, ["migrate"])]
    with ThreadPoolExecutor(4) as at_once:
        said = b"".join(b"".join(texts) for texts in at_once.map(lambda one: call(one[0], one[1], home), calls))
    printed, told = call(environment, ["operator", f"{new_secret()[:8]}@hidden.example"], home)
    assert printed, told.decode()
    canaries.add("first password of an operator", printed.decode().strip())
    return said + told


def call(environment: dict[str, str], command: list[str], home: Path) -> tuple[bytes, bytes]:
    """What it prints and what it says beside that; one that goes on trying is stopped."""
    told = os.environ | {"HEXMART_HOME": str(home / "home"), "HEXMART_PORT": str(free_port())} | environment
    process = subprocess.Popen([HEXMART, *command], env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        return process.communicate(timeout=LONG_ENOUGH if command[0] in GOES_ON else PATIENCE)
    except subprocess.TimeoutExpired:
        process.terminate()
        return process.communicate(timeout=PATIENCE)


async def test_no_secret_is_in_any_log(
    sealed: Application, environment: dict[str, str], canaries: Canaries, tmp_path: Path, database_url: str
) -> None:
    asked = await lived_through(sealed, environment, canaries, tmp_path)
    said = commanded(environment, canaries, tmp_path)
    logs = logs_in(tmp_path) | {"commands": said, "PostgreSQL": of_the_database(database_url)}
    found = {name: canaries.found_in(text) for name, text in logs.items()}
    searched = sum(len(text) for text in logs.values())
    print(  # noqa: T201 - the figure is wanted
        f"canaries={len(canaries.known)} forms={FORMS} requests gone wrong={asked} bytes of log searched={searched}"
        f" ({', '.join(f'{name} {len(text)}' for name, text in logs.items())}) leaks={sum(map(len, found.values()))}"
    )
    assert not {name: leaked for name, leaked in found.items() if leaked}
    for happened in (b"a request failed", b"a resolver failed", b"the library stumbled", b"Task exception was never"):
        assert happened in logs["server"], happened
    assert b"RuntimeError" in logs["server"]
    assert b"The database cannot be reached" in said


async def test_a_log_that_has_the_words_of_exceptions_is_full_of_secrets(
    sealed: Application, environment: dict[str, str], canaries: Canaries, tmp_path: Path
) -> None:
    told = environment | {"HEXMART_TEST_TELLS": "1"}
    await lived_through(sealed, told, canaries, tmp_path, briefly=True)
    found = {name: canaries.found_in(text) for name, text in logs_in(tmp_path).items()}
    assert {"HEXMART_SECRET", "password of the database"} <= found["server"]
    assert {"HEXMART_SECRET", "phone", "one-time code"} <= found["worker"]


def test_every_form_of_a_secret_would_be_found() -> None:
    canaries = Canaries()
    for name, value in (("code", "482913"), ("name", "金丝雀先生本人"), ("text", 'a canary/of:a "kind" & another+é')):
        canaries.add(name, value)
        for form in forms(value):
            for before, after in ((b"", b""), (b"x=", b"&"), (b'{"a": "', b'"}'), (b"(", b")"), (b" ", b"\n")):
                assert name in canaries.found_in(before + form + after), (name, form)
    assert canaries.found_in(b"2026-01-05T09:00:00.482913Z 1482913 4829130 nothing") == set()
    for offset in range(4):
        assert canaries.found_in(b64encode(b"x" * offset + "金丝雀先生本人".encode() + b"tail")) == {"name"}


def of_the_database(url: str) -> bytes:
    """What the embedded server has written; another's log is its operator's."""
    socket = make_url(url).query.get("host")
    log = Path(str(socket)) / "log"
    return log.read_bytes() if log.exists() else b""
