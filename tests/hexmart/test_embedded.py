"""The embedded PostgreSQL: who starts it, who joins it, and that it is gone afterwards."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from hexmart import embedded

PATIENCE = 60  #: seconds, on a machine that is busy with other tests
USER_OF_THE_SERVER = """
import signal, sys, time
from pathlib import Path
# whoever runs the tests in the background, or by nohup, has them ignored, which is handed on
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from hexmart import embedded
with embedded.running(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    embedded.erase(tmp_path / "home")


@contextmanager
def another_process(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-c", USER_OF_THE_SERVER, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def ask(url: str, question: str) -> object:
    async def answer() -> object:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(answer())


def servers(home: Path) -> list[int]:
    data = str((home / "postgres").resolve())
    return [process.pid for process in psutil.process_iter(["cmdline"]) if data in (process.info["cmdline"] or [])]


def test_a_second_process_joins_and_the_last_to_leave_stops_the_server(home: Path) -> None:
    with another_process(home) as (first, url):
        with embedded.running(home) as joined:
            assert joined == url == embedded.join(home)
            first.terminate()
            first.wait(PATIENCE)
            assert ask(joined, "SELECT current_database()") == "hexmart"
        assert servers(home) == []
    assert embedded.join(home) is None


def test_data_survives_a_restart_and_commits_are_durable(home: Path) -> None:
    with embedded.running(home) as url:
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    with embedded.running(home) as url:
        assert ask(url, "SELECT answer FROM kept") == 42
        assert ask(url, "SELECT current_setting('fsync') || current_setting('synchronous_commit')") == "onon"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_process(home: Path, number: signal.Signals) -> None:
    with another_process(home) as (process, _):
        assert len(servers(home)) == 1
        process.send_signal(number)
        process.wait(PATIENCE)
    assert servers(home) == []


def test_the_server_of_a_killed_process_is_joined_and_then_stopped(home: Path) -> None:
    with another_process(home) as (process, url):
        process.kill()
        process.wait(PATIENCE)
    assert embedded.join(home) == url
    with embedded.running(home) as joined:
        assert joined == url
    assert servers(home) == []


def test_a_pid_file_left_by_a_crash_is_no_obstacle(home: Path) -> None:
    with another_process(home) as (process, _):
        (server,) = servers(home)
        process.kill()
        psutil.Process(server).kill()
    left_behind = home / "postgres" / "postmaster.pid"
    somebody_else = str(psutil.Process().ppid())
    left_behind.write_text(left_behind.read_text().replace(str(server), somebody_else, 1))
    with embedded.running(home) as url:
        assert ask(url, "SELECT 1") == 1


@pytest.mark.skipif("HEXMART_TEST_DATABASE_URL" in os.environ, reason="it is somebody else's")
def test_the_server_of_a_run_of_tests_waits_for_no_disk(database_url: str) -> None:
    assert ask(database_url, "SELECT current_setting('fsync') || current_setting('synchronous_commit')") == "offoff"


def test_a_path_too_long_for_a_socket(home: Path) -> None:
    far_away = home / ("long" * 30) / "with spaces, and a comma"
    with embedded.running(far_away) as url:
        assert ask(url, "SELECT 1") == 1
    embedded.erase(far_away)
    assert not (far_away / "postgres").exists()


def test_data_of_another_version_is_refused_in_one_sentence(home: Path) -> None:
    with embedded.running(home):
        pass
    (home / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(embedded.EmbeddedPostgresError, match=r"was made by PostgreSQL 16, and this is 18"):
        embedded.running(home).__enter__()


def test_data_in_use_is_not_erased(home: Path) -> None:
    with embedded.running(home), pytest.raises(embedded.EmbeddedPostgresError, match="in use"):
        embedded.erase(home)
