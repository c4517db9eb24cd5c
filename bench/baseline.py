"""The list of products by hand: no schema, no engine, nothing but SQL and JSON. What it needs is the least there is."""

import os
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from bench.serving import serve
from schema.relay import global_id, key_of

APPLICATION = "bench-baseline"
SESSIONS = 8  #: as many as the API holds

PRODUCTS = """
SELECT id, slug, name, images, rating FROM product WHERE tenant_id = $1 AND published ORDER BY id DESC LIMIT 21
"""
VARIANTS = """
SELECT v.product_id, v.id, v.sku, v.name, v.unit, coalesce(h.price, v.price) AS price
FROM variant v LEFT JOIN shelf h ON h.tenant_id = $1 AND h.variant_id = v.id AND h.store_id = $2
WHERE v.tenant_id = $1 AND v.product_id = any($3::uuid[]) ORDER BY v.position, v.id
"""
STOCK = """
SELECT variant_id, on_hand - reserved AS free FROM stock
WHERE tenant_id = $1 AND location_id = $2 AND variant_id = any($3::uuid[])
"""

REQUESTED = 182  #: what the API says that the list may cost

Message = MutableMapping[str, Any]
Row = asyncpg.Record


class ByHand:
    """Answers every POST with the list, at the store that the request names."""

    def __init__(self, url: str, tenant_id: int) -> None:
        self._url = url
        self._tenant_id = tenant_id
        self._pool: asyncpg.Pool[Row] | None = None

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        body = await self._answer((await receive())["body"]) if scope["method"] == "POST" else b"{}"
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, body: bytes) -> bytes:
        store = key_of("Store", orjson.loads(body)["variables"]["store"])
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=SESSIONS,
                max_size=SESSIONS,
                reset=_nothing,
                server_settings={"application_name": APPLICATION},
            )
        async with self._pool.acquire() as connection:
            await connection.execute(f"BEGIN READ ONLY; SET LOCAL app.tenant_id = '{self._tenant_id:d}'")
            products = await connection.fetch(PRODUCTS, self._tenant_id)
            shown = [row["id"] for row in products[:20]]
            variants = await connection.fetch(VARIANTS, self._tenant_id, store, shown)
            stock = await connection.fetch(STOCK, self._tenant_id, store, [row["id"] for row in variants])
            await connection.execute("COMMIT")
        return orjson.dumps(_response(products, variants, {row["variant_id"]: row["free"] for row in stock}))


def _response(products: list[Row], variants: list[Row], free: dict[UUID, int]) -> dict[str, Any]:
    by_product: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in variants:
        by_product[row["product_id"]].append(_variant(row, free.get(row["id"], 0)))
    nodes = [
        {
            "id": global_id("Product", row["id"]),
            "slug": row["slug"],
            "name": row["name"],
            "images": row["images"],
            "rating": row["rating"],
            "variants": by_product[row["id"]],
        }
        for row in products[:20]
    ]
    found = {"products": {"nodes": nodes, "pageInfo": {"hasNextPage": len(products) > 20}}}
    return {"data": found, "extensions": {"cost": {"requested": REQUESTED, "actual": 2 + 3 * len(variants)}}}


def _variant(row: Row, free: int) -> dict[str, Any]:
    whole, rest = divmod(row["price"], 100)
    return {
        "id": global_id("ProductVariant", row["id"]),
        "sku": row["sku"],
        "name": row["name"],
        "unit": row["unit"],
        "price": {"amount": f"{whole}.{rest:02d}", "currency": "CNY"},
        "stock": {"available": min(max(free, 0), 99)},
    }


async def _nothing(_connection: object) -> None:
    """SET LOCAL ends with its transaction: there is nothing to put back."""


if __name__ == "__main__":
    serve(ByHand(os.environ["BENCH_DATABASE_URL"], int(os.environ["BENCH_TENANT"])))
