"""Two processes that answer, hear, die and end as one, as whoever runs them sees it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families
from uvicorn.config import STARTUP_FAILURE

from hexmart import embedded
from hexmart.databases import Databases
from hexmart.demo.load import OPERATOR, ensure_operator
from hexmart.demo.load_people import PASSWORD
from hexmart.server import HEALTHCHECK
from hexmart.settings import Settings
from hexmart.testing import World
from tenants import PLATFORM_SLUG, Platform
from tests.hexmart.serving import BRAND, COMMAND, PATIENCE, Server, ask, assert_gone, begin, get, served, within

# the fixtures have a loop, even where a test has none
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


def sign_in(connection: HTTPConnection) -> str:
    told = f'email: "{OPERATOR}", password: "{PASSWORD}"'
    answer = ask(connection, PLATFORM_SLUG, f"mutation {{ staffSignIn(input: {{ {told} }}) {{ accessToken }} }}")
    return str(answer["data"]["staffSignIn"]["accessToken"])


def samples(text: str) -> dict[str, float]:
    """The sum of each metric over its labels."""
    return {
        family.name: sum(sample.value for sample in family.samples) for family in text_string_to_metric_families(text)
    }


@pytest.fixture(scope="module")
def environment(databases: Databases, settings: Settings) -> dict[str, str]:
    assert settings.secret is not None
    return {
        "HEXMART_DATABASE_URL": databases.owner,
        "HEXMART_SECRET": settings.secret.get_secret_value(),
        "HEXMART_DEMO": "1",
        "HEXMART_POOL_SIZE": "2",
    }


@pytest.fixture(scope="module")
def server(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("server") / "log", environment) as running:
        running.wait_for_two()
        yield running


def test_both_processes_answer_and_neither_shows_where_the_database_is(
    server: Server, environment: dict[str, str], world: World
) -> None:
    for worker in server.wait_for_two():
        with server.connected(worker) as connection:
            answer = ask(connection, world.tenant.slug, BRAND)
        assert answer["data"]["brand"]["slug"] == world.tenant.slug
        shown = " ".join(psutil.Process(worker).cmdline())
        assert "multiprocessing" in shown
        assert environment["HEXMART_DATABASE_URL"] not in shown


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the kernel need not spread them")
def test_connections_are_spread_over_both(server: Server) -> None:
    workers = server.wait_for_two()
    with ExitStack() as stack:
        for _ in range(40):
            assert get(stack.enter_context(server.connection()), "/health")
        taken = [sum(bool(one.raddr) for one in psutil.Process(worker).net_connections("tcp")) for worker in workers]
    assert min(taken) > 6, taken  # by chance once in a hundred thousand runs
    # over a socket that they share it may go well once, and not the next time
    assert len({Path(f"/proc/{worker}/fd/{server.listening(worker)}").readlink() for worker in workers}) == 2


async def test_what_one_changes_the_other_follows_within_a_second(
    server: Server, world: World, platform: Platform
) -> None:
    await ensure_operator(platform)
    first, second = server.wait_for_two()
    told = f'slug: "{world.tenant.slug}", reason: "late"'
    suspend = f"mutation {{ tenantSuspend(input: {{ {told} }}) {{ tenant {{ status }} }} }}"
    with server.connected(first) as one, server.connected(second) as other:
        assert "errors" not in ask(other, world.tenant.slug, BRAND)
        suspension = ask(one, PLATFORM_SLUG, suspend, sign_in(one))
        assert suspension["data"]["tenantSuspend"]["tenant"]["status"] == "SUSPENDED"
        assert within(1, lambda: "errors" in ask(other, world.tenant.slug, BRAND))


def test_one_that_dies_is_replaced_and_what_it_has_counted_is_not_lost(server: Server, world: World) -> None:
    first, _ = server.wait_for_two()
    with server.connected(first) as doomed:
        for _ in range(50):
            ask(doomed, world.tenant.slug, BRAND)
        told = samples(get(doomed, "/metrics"))
    os.kill(first, signal.SIGKILL)
    assert within(PATIENCE, lambda: first not in server.workers() and len(server.workers()) == 2)
    for worker in server.workers():
        with server.connected(worker) as connection:
            assert "errors" not in ask(connection, world.tenant.slug, BRAND)
            found = samples(get(connection, "/metrics"))
        for counted in ("hexmart_http_responses", "hexmart_root_fields", "process_cpu_seconds"):
            assert told[counted] <= found[counted] < told[counted] + 100
        assert found["hexmart_processes"] == 2


def test_ctrl_c_is_left_to_the_parent(server: Server) -> None:
    workers = server.wait_for_two()
    for worker in workers:
        os.kill(worker, signal.SIGINT)
    time.sleep(1)
    assert server.wait_for_two() == workers
    for worker in workers:
        with server.connected(worker) as connection:
            assert get(connection, "/health")


def test_told_to_stop_it_finishes_what_it_has_begun_and_leaves_nothing(
    tmp_path: Path, environment: dict[str, str], world: World
) -> None:
    with served(tmp_path / "log", environment) as server, ExitStack() as stack:
        connections = [stack.enter_context(server.connected(worker)) for worker in server.wait_for_two()]
        unsent = [begin(connection, world.tenant.slug) for connection in connections]
        processes = server.processes()
        server.process.send_signal(signal.SIGTERM)
        assert within(PATIENCE, lambda: not server.workers())
        for connection, rest in zip(connections, unsent, strict=True):
            connection.send(rest)
            assert world.tenant.slug in connection.getresponse().read().decode()
        assert server.process.wait(PATIENCE) == 0, server.log.read_text()
        assert_gone(processes)
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_ctrl_c_ends_it_and_the_embedded_database_without_a_complaint(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with served(tmp_path / "log", {"HEXMART_DATABASE_URL": ""}) as server:
        server.wait_for_two()
        assert embedded.join(home) is not None
        processes = server.processes()
        os.killpg(server.process.pid, signal.SIGINT)  # a terminal tells everybody
        assert server.process.wait(PATIENCE) == 0, server.log.read_text()
        assert_gone(processes)
        assert embedded.join(home) is None
        assert "Traceback" not in server.log.read_text()
    embedded.erase(home)


def test_ctrl_c_while_they_start_ends_it_without_a_complaint(tmp_path: Path, environment: dict[str, str]) -> None:
    with served(tmp_path / "log", environment) as server:
        assert within(PATIENCE, lambda: len(server.processes()) == 4)  # the fourth is multiprocessing's own
        time.sleep(0.5)  # and they are importing
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0
        assert "Traceback" not in server.log.read_text()


def test_a_closed_terminal_ends_it(tmp_path: Path, environment: dict[str, str]) -> None:
    with served(tmp_path / "log", environment) as server:
        server.wait_for_two()
        processes = server.processes()
        os.killpg(server.process.pid, signal.SIGHUP)
        server.process.wait(PATIENCE)
        assert_gone(processes)


def test_no_process_outlives_a_parent_that_was_killed(tmp_path: Path, environment: dict[str, str]) -> None:
    with served(tmp_path / "log", environment) as server:
        server.wait_for_two()
        _, *children = server.processes()
        server.process.kill()
        assert_gone(children)


def test_what_keeps_every_process_from_starting_ends_it(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "home").write_text("no directory, so no secret is kept in it")
    with served(tmp_path / "log", environment | {"HEXMART_SECRET": ""}) as server:
        assert server.process.wait(HEALTHCHECK - 15) == STARTUP_FAILURE
        assert "NotADirectoryError" in server.log.read_text()


def test_a_port_is_taken_by_one_server_alone(server: Server, environment: dict[str, str]) -> None:
    told = os.environ | environment | {"HEXMART_PORT": str(server.port)}
    done = subprocess.run(COMMAND, env=told, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    assert "Hexmart is running at" in done.stderr
