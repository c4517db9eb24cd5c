"""What the tests of staff do again and again: read what was sent, ask who somebody is, give a role."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from core import access, identity
from core.actors import system
from core.notices import Notice
from core.work import Work
from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import Platform
from tests.schema.hiring import region_of

PASSWORD = "hexmart-demo"
GOOD = "violet otters hum"  #: a password that anybody may choose
WHO = "{ viewer { __typename ... on StaffUser { email } } }"
STAFF = "staff { id email name active pending secondFactor }"
SENT = "SELECT payload::text FROM outbox WHERE tenant_id = $1 AND name = 'notices.NoticeRequested' ORDER BY id"
BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE $1::bigint IS NOT NULL AND datname = current_database() AND wait_event_type = 'Lock' AND starts_with(query, $2)
"""
LOGGED = "SELECT action, subject_id, after::text AS after FROM audit_entry WHERE tenant_id = $1 ORDER BY id"


class Staffing:
    """The test's brand, as somebody sees it who may look into everything."""

    def __init__(self, platform: Platform, world: World) -> None:
        self.platform, self.world = platform, world

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        async with self.platform.open_work(self.world.tenant, system("test")) as work:
            yield work

    async def mail(self, template: str) -> list[Notice]:
        """The notices of a kind that were sent, the oldest first."""
        async with self.work() as work:
            sealed = [orjson.loads(row["payload"])["sealed"] for row in await work.fetch(SENT)]
            opened: list[Any] = [work.vault.open(base64.b64decode(one), "outbox.notice") for one in sealed]
        return [notice for notice in (Notice(**one) for one in opened) if notice.template == template]

    async def token(self, template: str, email: str) -> str:
        """The token that was last sent to an address."""
        return [one.values["token"] for one in await self.mail(template) if one.recipient == email][-1]

    async def log(self, prefix: str = "staff.") -> list[str]:
        """The actions of the audit log, the oldest first."""
        async with self.work() as work:
            return [row["action"] for row in await work.fetch(LOGGED) if row["action"].startswith(prefix)]

    async def until_blocked(self, beginning: str) -> None:
        """Wait until a statement that begins so waits for another transaction."""
        async with asyncio.timeout(10):
            while not await self._is_blocked(beginning):  # noqa: ASYNC110 - PostgreSQL sets no event of ours
                await asyncio.sleep(0.005)

    async def _is_blocked(self, beginning: str) -> bool:
        """Whether one is now; in one transaction PostgreSQL would always show what it showed first."""
        async with self.work() as work:
            return bool(await work.value(BLOCKED, beginning))

    async def key(self, name: str) -> str:
        """The global id of somebody, by the name in their address."""
        async with self.work() as work:
            found = await identity.by_email(work, self.world.email(name))
        assert found is not None
        return global_id("StaffUser", found.id)

    async def employ(self, name: str, role: str | None = None, *, store: str = "", in_region: bool = False) -> str:
        """Somebody new in a role: everywhere, in a store, or in a region of S1 and S2; their global id."""
        region_id = await region_of(self.platform, self.world, "S1", "S2") if in_region else None
        async with self.work() as work:
            kept = identity.hash_password(PASSWORD)
            person = await identity.add_staff(work, email=self.world.email(name), name=name, password_hash=kept)
            if role is not None:
                store_id = self.world.store_keys[store] if store else None
                await access.assign(work, person, role, store_id=store_id, region_id=region_id)
        return global_id("StaffUser", person)


async def is_in(client: Client) -> bool:
    """Whether somebody's access token is good."""
    response = await client.send(WHO)
    if response.get("errors"):
        assert [error["extensions"]["code"] for error in response["errors"]] == ["UNAUTHENTICATED"], response
        return False
    assert response["data"]["viewer"] is not None
    return True
