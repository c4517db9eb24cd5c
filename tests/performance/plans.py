"""How PostgreSQL would carry out a statement, and what is wrong with that."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Statement: TypeAlias = tuple[str, tuple[Any, ...]]

COLUMNS = """
SELECT c.relname AS index, array_agg(a.attname::text) AS columns FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_attribute a ON a.attrelid = i.indexrelid WHERE c.relnamespace = 'public'::regnamespace GROUP BY 1
"""


async def problems(connection: Connection, statement: Statement, mode: str) -> list[str]:
    """What is wrong with a statement's plan: whole tables read, or whole tenants of them.

    An ordered walk along an index is no problem: it stops where the page is full.
    """
    indexes = {row["index"]: set(row["columns"]) - {"tenant_id"} for row in await connection.fetch(COLUMNS)}
    nodes = list(_nodes(await _plan(connection, statement, mode)))
    ordered = nodes[0]["Node Type"] == "Limit" and not any("Sort" in node["Node Type"] for node in nodes)
    found = []
    for node in nodes:
        if node["Node Type"] == "Seq Scan":
            found.append(f"Seq Scan on {node['Relation Name']}")
        elif "Index Name" in node and not _narrows(node, indexes[node["Index Name"]]):
            walked = ordered and node["Node Type"].startswith("Index") and node is _first_scan(nodes)
            if not walked and node["below"] != "Limit":  # a row or a few of an ordered walk, to see if there is one
                found.append(f"{node['Index Name']} by {node.get('Index Cond', 'nothing')}")
    return found


async def conditions(connection: Connection, statement: Statement, mode: str) -> list[str]:
    """What a statement's plan asks indexes for."""
    return [node["Index Cond"] for node in _nodes(await _plan(connection, statement, mode)) if "Index Cond" in node]


def _narrows(node: dict[str, Any], columns: set[str]) -> bool:
    """Whether an index is asked for more than the tenant."""
    condition = node.get("Index Cond", "")
    return any(re.search(rf"\b{column}\b", condition) for column in columns)


def _first_scan(nodes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return next(node for node in nodes if "Index Name" in node)


def _nodes(plan: dict[str, Any], below: str = "") -> Iterator[dict[str, Any]]:
    yield {"below": below, **plan}
    for child in plan.get("Plans", ()):
        yield from _nodes(child, below if plan["Node Type"] == "Result" else plan["Node Type"])


async def _plan(connection: Connection, statement: Statement, mode: str) -> dict[str, Any]:
    sql, arguments = statement
    given = ", ".join(map(_literal, arguments))
    await connection.execute(f"SET LOCAL plan_cache_mode = {mode}; PREPARE asked AS {sql}")
    try:
        explained = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked ({given})")
    finally:
        await connection.execute("DEALLOCATE asked")
    plan: dict[str, Any] = json.loads(explained)[0]["Plan"]
    return plan


def _literal(value: object) -> str:
    """A value as EXECUTE takes it."""
    match value:
        case None:
            return "NULL"
        case bytes():
            return f"'\\x{value.hex()}'"
        case list() | tuple():
            return _literal("{" + ",".join(json.dumps(str(item), ensure_ascii=False) for item in value) + "}")
    return "'" + str(value).replace("'", "''") + "'"
