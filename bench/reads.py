"""Asking for the same kind of thing again and again."""

from collections.abc import Sequence

from bench.client import Connection, Unexpected
from bench.measuring import Operation

CLIENTS = (1, 16)  #: of the benchmarks that only read


def asking(connections: Sequence[Connection], bodies: Sequence[bytes]) -> list[Operation]:
    """One operation a connection, each asking for something else every time."""
    return [_asking(connection, bodies) for connection in connections]


def _asking(connection: Connection, bodies: Sequence[bytes]) -> Operation:
    async def ask(number: int) -> None:
        answer = await connection.post(bodies[number % len(bodies)])
        if b'"errors":' in answer:
            raise Unexpected(answer.decode())

    return ask
