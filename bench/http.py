"""The whole way over HTTP: a list from the database against the same by hand, a kept answer against bare ASGI."""

import tempfile
from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

import orjson

from bench.baseline import APPLICATION
from bench.catalog import LIST, STORES
from bench.client import Address, Connection, Unexpected, connected, request
from bench.data import GROCER
from bench.machine import driver_url
from bench.measuring import Contestant, Operation, compare
from bench.reads import asking
from bench.report import Report
from bench.running import main
from bench.servers import BARE, BASELINE, served
from bench.stage import Stage
from schema.relay import global_id
from tenants import documents

CLIENTS = 16
DOCUMENT_ID = "bench-list"


async def run(stage: Stage) -> Report:
    """From the database, from memory, and only the tag."""
    async with stage.reading(GROCER) as work:
        stores: list[UUID] = [row["id"] for row in await work.fetch(STORES)]
        tenant_id = work.tenant_id
    shops = [global_id("Store", store) for store in stores]
    report = Report("http")
    await _from_the_database(stage, report, [request(LIST, store=shop) for shop in shops], tenant_id)
    await documents.register(
        stage.inside.platform, await stage.inside.platform.registry.by_slug(GROCER), {DOCUMENT_ID: LIST}
    )
    await _from_memory(stage, report, _path(shops[0]))
    return report


async def _from_the_database(stage: Stage, report: Report, bodies: Sequence[bytes], tenant_id: int) -> None:
    """No answer is kept of what is asked for by POST."""
    environment = {"BENCH_DATABASE_URL": driver_url(stage.databases.app), "BENCH_TENANT": str(tenant_id)}
    async with (
        served(BASELINE, environment) as (pid, port),
        connected(stage.api(GROCER), CLIENTS) as ours,
        connected(Address(port, GROCER), CLIENTS) as theirs,
    ):
        for body in bodies:
            if await ours[0].post(body) != await theirs[0].post(body):
                raise Unexpected("the API and bench/baseline.py give different lists")
        api, by_hand = await compare(
            [
                Contestant(asking(ours, bodies), stage.meter()),
                Contestant(asking(theirs, bodies), stage.meter(pid, APPLICATION)),
            ],
            stage.seconds,
            turns=4,
        )
    report.add("list from the database", api, await stage.statements(GROCER, bodies[0]))
    report.add("the same by hand", by_hand, 5)
    report.ratios["list_throughput_over_by_hand"] = round(api.per_second / by_hand.per_second, 2)


async def _from_memory(stage: Stage, report: Report, path: str) -> None:
    """A guest asks again for what somebody has asked for before."""
    async with connected(stage.api(GROCER), CLIENTS) as ours:
        body, tag = await ours[0].get(path), ours[0].tag
        with tempfile.NamedTemporaryFile() as same:
            same.write(body)
            same.flush()
            async with (
                served(BARE, {"BENCH_BODY": same.name}) as (pid, port),
                connected(Address(port, GROCER), CLIENTS) as theirs,
            ):
                if await theirs[0].get(path) != body:
                    raise Unexpected("bench/bare.py gives something else")
                kept, tagged, bare = await compare(
                    [
                        Contestant(_getting(ours, path), stage.meter()),
                        Contestant(_getting(ours, path, tag), stage.meter()),
                        Contestant(_getting(theirs, path), stage.meter(pid, "bare")),
                    ],
                    stage.seconds,
                    turns=4,
                )
    report.add("trusted GET, kept", kept, 0)
    report.add("304: the caller has it", tagged, 0)
    report.add("bare ASGI, the same bytes", bare, 0)
    report.ratios["kept_over_bare_per_cpu"] = round(bare.cpu / kept.cpu, 2)
    report.ratios["tag_over_kept_per_cpu"] = round(kept.cpu / tagged.cpu, 2)


def _getting(connections: Sequence[Connection], path: str, tag: bytes | None = None) -> list[Operation]:
    return [_getting_by(connection, path, tag) for connection in connections]


def _getting_by(connection: Connection, path: str, tag: bytes | None) -> Operation:
    async def get(_number: int) -> None:
        await connection.get(path, tag)

    return get


def _path(shop: str) -> str:
    variables = orjson.dumps({"store": shop}).decode()
    return f"/graphql?{urlencode({'documentId': DOCUMENT_ID, 'variables': variables})}"


if __name__ == "__main__":
    main(http=run)
