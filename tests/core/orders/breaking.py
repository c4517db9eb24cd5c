"""A plugin that does one hook wrong, in a way of one's choice, until it is well again."""

import asyncio
from typing import Any

from core.extensions import own
from core.hooks import hookimpl
from core.work import Work

NAME = "broken"
WRITE = "UPDATE stock SET reserved = 0 WHERE tenant_id = $1"
NO_SQL = "SELECT 1 / 0 WHERE $1::bigint IS NOT NULL"
WAYS = ("raises", "hangs", "talks nonsense", "writes elsewhere", "knows no SQL")
WELL: dict[str, object] = {"adjust_prices": [[]], "redeem_code": None, "verify_code": None, "release": None}
own(__name__, NAME)


def breaking(hook: str, way: str) -> Any:
    """The plugin; it is well once its `well` is set."""

    class Broken:
        well = False

    async def answer(self: Broken, work: Work) -> object:
        return WELL.get(hook, [None]) if self.well else await _go_wrong(work, way)

    setattr(Broken, hook, hookimpl(answer))
    return Broken()


async def _go_wrong(work: Work, way: str) -> object:
    if way == "raises":
        raise RuntimeError("broken")
    if way == "hangs":
        await asyncio.sleep(3_600)
    if way == "writes elsewhere":
        await work.execute(WRITE)
    if way == "knows no SQL":
        await work.fetch(NO_SQL)
    return 42
