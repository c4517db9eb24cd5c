"""A member reads what they were told, and nobody else does."""

from typing import Any
from uuid import UUID

import pytest

from core.ids import new_id
from hexmart.testing import Client, UsePlugins, World
from schema.relay import global_id, key_of
from tenants import Platform
from tests.noticing import Gazette, tell
from tests.schema.shop import done, refusal

pytestmark = pytest.mark.anyio
PAGE = """
query($first: Int, $after: String, $unread: Boolean) { viewer { ... on Member { id unreadCount language
  inbox(first: $first, after: $after, unreadOnly: $unread) { totalCount pageInfo { hasNextPage endCursor }
    nodes { id kind purpose title body at readAt subjectId } } } } }
"""
MEMBER = "member { unreadCount }"
READ_ALL = "mutation { inboxReadAll { member { unreadCount } userErrors { code } } }"


@pytest.fixture(autouse=True)
async def gazette(use_plugins: UsePlugins) -> Gazette:
    plugin = Gazette()
    await use_plugins(gazette=plugin)
    return plugin


async def me(member: Client, **variables: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await member.run(PAGE, **variables))["viewer"]
    return found


async def told(platform: Platform, world: World, member: Client, many: int) -> UUID:
    key = key_of("Member", (await me(member))["id"])
    assert key is not None
    for number in range(many):
        await tell(platform, world, key, source=str(number))
    return key


async def test_an_inbox_is_read_page_by_page_newest_first(member: Client, platform: Platform, world: World) -> None:
    await told(platform, world, member, 3)
    first = await me(member, first=2)
    assert (first["unreadCount"], first["inbox"]["totalCount"]) == (3, 3)
    assert first["inbox"]["pageInfo"]["hasNextPage"]
    rest = await me(member, first=2, after=first["inbox"]["pageInfo"]["endCursor"])
    nodes = [*first["inbox"]["nodes"], *rest["inbox"]["nodes"]]
    assert nodes == sorted(nodes, key=lambda one: one["at"], reverse=True)
    assert len({one["id"] for one in nodes}) == 3
    shown = {key: nodes[0][key] for key in ("kind", "purpose", "title", "body", "readAt", "subjectId")}
    assert shown == {
        "kind": "gazette.news",
        "purpose": "SERVICE",
        "title": "新闻",
        "body": "关于tea",
        "readAt": None,
        "subjectId": None,
    }
    assert (await me(member, first=1))["inbox"]["nodes"] == nodes[:1]


async def test_what_was_read_is_marked_once_and_stays(member: Client, platform: Platform, world: World) -> None:
    await told(platform, world, member, 3)
    newest = (await me(member))["inbox"]["nodes"][0]
    assert done(await member.do("inboxRead", {"messageIds": [newest["id"]]}, MEMBER), "member") == {"unreadCount": 2}
    read_at = (await me(member))["inbox"]["nodes"][0]["readAt"]
    assert read_at is not None
    done(await member.do("inboxRead", {"messageIds": [newest["id"]]}, MEMBER), "member")
    assert (await me(member))["inbox"]["nodes"][0]["readAt"] == read_at
    unread = (await me(member, unread=True))["inbox"]
    assert (unread["totalCount"], newest["id"] in [one["id"] for one in unread["nodes"]]) == (2, False)
    assert await member.run(READ_ALL) == {"inboxReadAll": {"member": {"unreadCount": 0}, "userErrors": []}}
    assert (await me(member))["unreadCount"] == 0


async def test_nobody_reads_or_marks_anothers(
    client: Client, member: Client, owner: Client, platform: Platform, world: World
) -> None:
    await told(platform, world, member, 2)
    message = (await me(member))["inbox"]["nodes"][0]["id"]
    other = await client.member("13800000009")
    node = "query($id: ID!) { node(id: $id) { id } }"
    for stranger in (client, other, owner):
        assert (await stranger.run(node, id=message))["node"] is None
    assert (await member.run(node, id=message))["node"] == {"id": message}
    assert refusal(await other.do("inboxRead", {"messageIds": [message]}, MEMBER)) == (
        "NOT_FOUND",
        ["input", "messageIds"],
    )
    asked = "{ members { nodes { unreadCount language inbox { totalCount nodes { id } } } } }"
    for node_of in (await owner.run(asked))["members"]["nodes"]:
        assert node_of == {"unreadCount": 0, "language": None, "inbox": {"totalCount": 0, "nodes": []}}
    assert (await me(member))["unreadCount"] == 2


@pytest.mark.parametrize(("ids", "code"), [([], "INVALID"), (["x"], "NOT_FOUND")])
async def test_messages_that_are_none_are_refused(member: Client, ids: list[str], code: str) -> None:
    found = [global_id("InboxMessage", new_id()) if one == "x" else one for one in ids]
    assert refusal(await member.do("inboxRead", {"messageIds": found}, MEMBER)) == (code, ["input", "messageIds"])


async def test_a_language_is_chosen_and_given_up(member: Client, platform: Platform, world: World) -> None:
    chosen = done(await member.do("memberLanguageSet", {"language": "en"}, "member { language }"), "member")
    assert chosen == {"language": "en"}
    await told(platform, world, member, 1)
    assert (await me(member))["inbox"]["nodes"][0]["title"] == "News"
    assert refusal(await member.do("memberLanguageSet", {"language": "English"}, "member { language }")) == (
        "INVALID",
        ["input", "language"],
    )
    given_up = done(await member.do("memberLanguageSet", {"language": None}, "member { language }"), "member")
    assert given_up == {"language": None}
