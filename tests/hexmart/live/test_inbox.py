"""A member is told of their own inbox as it changes, and of nobody else's."""

import pytest

from hexmart.app import Application
from hexmart.testing import Client, UsePlugins, World
from schema.relay import key_of
from tenants import Platform
from tenants.bulletin import Bulletin
from tests.hexmart.live.talking import talking
from tests.noticing import Gazette, tell

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("nothing_is_left", "hearing")]
INBOX = "subscription { inboxUpdated { id unreadCount } }"


@pytest.fixture(autouse=True)
async def gazette(use_plugins: UsePlugins) -> None:
    await use_plugins(gazette=Gazette())


async def test_it_begins_with_what_there_is_and_follows(client: Client, world: World, platform: Platform) -> None:
    one, other = await client.member("13800000001"), await client.member("13800000002")
    async with talking(one) as talk, talking(other) as beside:
        await talk.follow("1", INBOX)
        await beside.follow("1", INBOX)
        began = (await talk.next())["data"]["inboxUpdated"]
        assert (began["unreadCount"], (await beside.next())["data"]["inboxUpdated"]["unreadCount"]) == (0, 0)
        key = key_of("Member", began["id"])
        assert key is not None
        await tell(platform, world, key)
        assert (await talk.next())["data"]["inboxUpdated"]["unreadCount"] == 1
        await one.run("mutation { inboxReadAll { userErrors { code } } }")
        assert (await talk.next())["data"]["inboxUpdated"]["unreadCount"] == 0
        assert await beside.quiet()


async def test_what_nobody_has_said_is_found(
    client: Client, world: World, platform: Platform, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = await client.member("13800000001")
    async with talking(member) as talk:
        await talk.follow("1", INBOX)
        key = key_of("Member", (await talk.next())["data"]["inboxUpdated"]["id"])
        assert key is not None
        monkeypatch.setattr(Bulletin, "tell", lambda *_: None)
        await tell(platform, world, key)
        assert await talk.quiet()
        await application.live.following.look(world.tenant.slug, lost=False)
        assert (await talk.next())["data"]["inboxUpdated"]["unreadCount"] == 1


async def test_who_is_no_member_follows_no_inbox(client: Client) -> None:
    async with talking(client) as talk:
        await talk.follow("1", INBOX)
        [error] = (await talk.heard())["payload"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
