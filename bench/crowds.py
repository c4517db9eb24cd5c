"""Sending a crowd to a server, and what became of it."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

import orjson
import psutil

from bench.buyers import Buyer
from bench.client import Address, Connection, Unexpected, connected
from bench.machine import family
from bench.measuring import percentile

AT_ONCE = 256  #: connections over which the crowd comes, each buyer as soon as one is free
ARRIVING = 16


@dataclass(slots=True)
class Outcome:
    """What everybody was told, and what that took."""

    told: Counter[str] = field(default_factory=Counter)  #: ORDER, or the code of a refusal
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)  #: seconds of server, PostgreSQL and the crowd itself

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def per_core(self) -> float:
        """What a second of CPU does, the crowd's own included."""
        return len(self.latencies) / sum(self.cpu.values())

    def milliseconds(self, share: float) -> float:
        """The latency that this share of the crowd stays within."""
        return percentile(self.latencies, share) * 1e3

    def __str__(self) -> str:
        told = " ".join(f"{code}={count}" for code, count in sorted(self.told.items()))
        used = ", ".join(f"{who} {seconds / len(self.latencies) * 1e3:.2f}" for who, seconds in self.cpu.items())
        waited = f"p50 {self.milliseconds(0.5):.0f} ms, p99 {self.milliseconds(0.99):.0f} ms"
        return f"{told}; {self.per_second:.0f}/s, {waited}; CPU ms each: {used}; {self.per_core:.0f} a second and core"


async def arrive(address: Address, buyers: Sequence[Buyer]) -> None:
    """Everybody looks at the cart before the sale begins, and sees the coupon's yuan come off."""
    waiting = list(buyers)

    async def serve(connection: Connection) -> None:
        while waiting:
            buyer = waiting.pop()
            seen = orjson.loads(await connection.post(buyer.look, buyer.token))
            if seen.get("errors") or seen["data"]["cart"]["totals"]["discounts"]["amount"] != "1.00":
                raise Unexpected(seen)

    async with connected(address, ARRIVING) as connections:
        await asyncio.gather(*map(serve, connections))


async def rush(address: Address, buyers: Sequence[Buyer], server: int, postmaster: int | None) -> Outcome:
    """Everybody orders at once."""
    outcome, waiting = Outcome(), [(buyer.place, buyer.token) for buyer in reversed(buyers)]

    async def serve(connection: Connection) -> None:
        while waiting:
            body, token = waiting.pop()
            began = perf_counter()
            answer = await connection.post(body, token)
            outcome.latencies.append(perf_counter() - began)
            outcome.told[_code(answer)] += 1

    async with connected(address, AT_ONCE) as connections:
        before, began = _used(server, postmaster), perf_counter()
        await asyncio.gather(*map(serve, connections))
        outcome.seconds = perf_counter() - began
    outcome.cpu = {who: seconds - before[who] for who, seconds in _used(server, postmaster).items()}
    return outcome


def _code(answer: bytes) -> str:
    parsed = orjson.loads(answer)
    if parsed.get("errors"):
        return str(parsed["errors"][0]["extensions"]["code"])
    payload = parsed["data"]["orderPlace"]
    return "ORDER" if payload["order"] else str(payload["userErrors"][0]["code"])


def _used(server: int, postmaster: int | None) -> dict[str, float]:
    """CPU seconds up to now; PostgreSQL's where it runs on this machine."""
    roots = {"server": server} | ({"PostgreSQL": postmaster} if postmaster else {})
    return {who: sum(map(_of, family(pid))) for who, pid in (roots | {"crowd": os.getpid()}).items()}


def _of(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # a session of PostgreSQL that has ended since the list was made
        return 0.0
    return times.user + times.system
