"""What /metrics says: of one process, and of several whoever is asked."""

import asyncio
import os
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from hexmart.app import Application
from hexmart.metrics import Board, Metrics, Numbers
from hexmart.testing import Client
from schema.engine import Engine
from tests.architecture.source import ROOT

pytestmark = pytest.mark.anyio

OK = 'hexmart_http_responses_total{status="2xx"}'


def engine(**tally: int) -> Engine:
    """Enough of one to be read."""
    return cast("Engine", SimpleNamespace(tally=Counter(tally), documents=["{ brand { name } }"]))


def numbers(pid: int, responses: int = 0) -> Numbers:
    return Numbers(
        pid=pid,
        started=0,
        responses={"2xx": responses},
        root_fields={},
        worked={},
        cpu_seconds=9,
        documents=5,
        resident_bytes=2**40,
        open_files=0,
    )


def read(text: str) -> dict[str, float]:
    """Each sample by its name, as it is written."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {
        sample.name + "".join(f'{{{name}="{value}"}}' for name, value in sample.labels.items()): sample.value
        for sample in samples
    }


async def said(metrics: Metrics) -> dict[str, float]:
    return read(bytes((await metrics.answer()).body).decode())


@pytest.fixture
async def http(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as made:
        yield made


async def scraped(http: httpx.AsyncClient) -> dict[str, float]:
    answer = await http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return read(answer.text)


async def test_responses_are_counted_by_the_class_of_their_status(http: httpx.AsyncClient, client: Client) -> None:
    before = await scraped(http)
    await client.run("{ brand { name } }")
    await http.get("/nowhere")
    await http.put("/graphql")
    after = await scraped(http)
    grown = {name: after[name] - before[name] for name in after if name.startswith("hexmart_http_responses")}
    assert grown == {
        OK: 2.0,  # the brand, and the first look at the numbers
        'hexmart_http_responses_total{status="3xx"}': 0.0,
        'hexmart_http_responses_total{status="4xx"}': 2.0,
        'hexmart_http_responses_total{status="5xx"}': 0.0,
    }


async def test_a_request_that_breaks_is_counted_too(
    application: Application, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    before = await scraped(http)
    monkeypatch.setattr(application, "_graphql", broken)
    assert (await http.post("/graphql")).status_code == 500
    after = await scraped(http)
    failures = 'hexmart_http_responses_total{status="5xx"}'
    assert after[failures] - before[failures] == 1


async def test_root_fields_and_documents_are_those_that_the_engine_has(
    application: Application, http: httpx.AsyncClient, client: Client
) -> None:
    await client.run("{ brand { name } }")
    assert application.engine.tally["compiled"] > 0
    found = await scraped(http)
    for way, count in application.engine.tally.items():
        assert found[f'hexmart_root_fields_total{{execution="{way}"}}'] == count
    assert found["hexmart_documents"] == len(application.engine.documents)


async def test_the_process_says_what_it_costs(http: httpx.AsyncClient) -> None:
    found = await scraped(http)
    assert found["hexmart_processes"] == 1
    assert found["process_cpu_seconds_total"] > 0.1
    assert found["process_resident_memory_bytes"] > 10_000_000
    assert found["process_open_fds"] > 3
    assert found["process_start_time_seconds"] > 1_700_000_000


async def test_several_processes_are_summed_whoever_is_asked(tmp_path: Path) -> None:
    one, other = Metrics(engine(compiled=3), tmp_path), Metrics(engine(compiled=4, unusual=1), tmp_path)
    one.count(200)
    other.count(201)
    other.count(503)
    await said(one)  # knows nothing of the other yet, but tells it
    for asked in (other, one):
        found = await said(asked)
        assert found['hexmart_root_fields_total{execution="compiled"}'] == 7
        assert found['hexmart_root_fields_total{execution="unusual"}'] == 1
        assert (found[OK], found['hexmart_http_responses_total{status="5xx"}']) == (2, 1)
        assert (found["hexmart_processes"], found["hexmart_documents"]) == (2, 2)


async def test_what_the_workers_ran_is_counted_by_plugin_and_outcome(tmp_path: Path) -> None:
    tally = Counter({("gift_wrap", "failed"): 2, ("core.notices", "delivered"): 5})
    one, other = Metrics(engine(), tmp_path, tally), Metrics(engine(), tmp_path, Counter({("gift_wrap", "dead"): 1}))
    await said(one)
    tally["gift_wrap", "failed"] += 1
    await said(one)
    found = await said(other)
    runs = {name: value for name, value in found.items() if name.startswith("hexmart_worker_runs_total")}
    assert runs == {
        'hexmart_worker_runs_total{outcome="delivered"}{plugin="core.notices"}': 5,
        'hexmart_worker_runs_total{outcome="dead"}{plugin="gift_wrap"}': 1,
        'hexmart_worker_runs_total{outcome="failed"}{plugin="gift_wrap"}': 3,
    }


async def test_what_one_has_said_the_next_does_not_take_back(tmp_path: Path) -> None:
    one, other = Metrics(engine(), tmp_path), Metrics(engine(), tmp_path)
    for count in range(1, 4):
        one.count(200)
        assert (await said(one))[OK] == count
        assert (await said(other))[OK] == count


async def test_what_a_dead_process_counted_stays_and_what_it_held_is_gone(tmp_path: Path) -> None:
    dead = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await dead.wait()
    Board(tmp_path).put(numbers(dead.pid, responses=40))
    found = await said(Metrics(engine(), tmp_path))
    assert found[OK] == 40
    assert found["process_cpu_seconds_total"] > 9
    assert (found["hexmart_processes"], found["hexmart_documents"]) == (1, 1)
    assert found["process_resident_memory_bytes"] < 2**40


async def test_a_process_of_somebody_else_under_the_same_number_does_not_serve(tmp_path: Path) -> None:
    Board(tmp_path).put(numbers(os.getppid()))
    assert (await said(Metrics(engine(), tmp_path)))["hexmart_documents"] == 1


async def test_numbers_are_told_without_being_asked_for_and_once_more_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hexmart.metrics.TOLD_EVERY", 0.01)
    one, other = Metrics(engine(), tmp_path), Metrics(engine(), tmp_path)
    async with one.told():
        for count in range(1, 4):
            one.count(200)
            await asyncio.sleep(0.1)
            assert (await said(other))[OK] == count
        one.count(200)
    assert (await said(other))[OK] == 4


async def test_a_process_that_cannot_tell_still_answers(tmp_path: Path) -> None:
    metrics = Metrics(engine(), tmp_path / "gone")
    metrics.count(200)
    assert (await said(metrics))[OK] == 1


async def test_every_number_is_documented_and_every_documented_one_is_there() -> None:
    metrics = Metrics(engine(compiled=1), None, {("gift_wrap", "failed"): 1}, {("courier", "late"): 1})
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `((?:hexmart|process)_\w+)", page, re.MULTILINE)
    assert sorted(documented) == sorted({name.partition("{")[0] for name in await said(metrics)})
