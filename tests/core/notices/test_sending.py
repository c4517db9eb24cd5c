"""Messages are told once, sent outside of transactions, tried again, and withheld where consent is gone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core import consents, notices
from core.consents import MARKETING
from core.notices import MessageWritten, Undeliverable
from core.notices.inbox import forget_old
from core.notices.personal_data import PERSONAL_DATA
from core.notices.sending import send_message
from hexmart.testing import UsePlugins, World
from tenants import Platform
from tests.ledgers import ACTOR, join
from tests.noticing import OFFER, Gazette, statuses, tell

pytestmark = pytest.mark.anyio
RunWorker = Callable[[], Awaitable[None]]
Move = Callable[[timedelta], Awaitable[None]]


@pytest.fixture
async def gazette(use_plugins: UsePlugins) -> Gazette:
    plugin = Gazette()
    await use_plugins(gazette=plugin)
    return plugin


async def inboxes(platform: Platform, world: World) -> int:
    return len(await statuses(platform, world, "inbox"))


async def test_a_message_is_in_the_inbox_at_once_and_sent_after_it(
    platform: Platform, world: World, gazette: Gazette, run_worker: RunWorker
) -> None:
    [member] = await join(platform, world)
    await tell(platform, world, member)
    assert await statuses(platform, world, "inbox") == ["SENT"]
    assert await statuses(platform, world) == ["WAITING"]
    await run_worker()
    [letter] = gazette.letters
    assert (letter.words, letter.values, letter.member_id) == (("新闻", "关于tea"), {"what": "tea"}, member)
    assert await statuses(platform, world) == ["SENT"]
    assert await statuses(platform, world, "log") == ["SENT"]


async def test_the_same_is_told_once(platform: Platform, world: World, gazette: Gazette, run_worker: RunWorker) -> None:
    found = await join(platform, world, 3)
    for _ in range(2):
        await tell(platform, world, *found)
    await tell(platform, world, found[0], source="2")
    await run_worker()
    assert len(gazette.letters) == 4
    assert await inboxes(platform, world) == 4


async def test_any_number_is_told_in_as_many_statements_as_one(
    platform: Platform, world: World, gazette: Gazette, statements: Callable[[], object]
) -> None:
    one, *many = await join(platform, world, 41)
    counts = []
    for members in ([one], many):
        with statements() as sent:  # type: ignore[attr-defined]
            await tell(platform, world, *members, code=OFFER)
            await tell(platform, world, *members)
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert gazette.letters == []


async def test_what_fails_is_tried_again_and_keeps_no_other_channel(
    platform: Platform, world: World, gazette: Gazette, run_worker: RunWorker, move_clock: Move
) -> None:
    [member] = await join(platform, world)
    await tell(platform, world, member)
    gazette.failing = [ConnectionError()]
    await run_worker()
    assert await statuses(platform, world) == ["WAITING"]
    assert await statuses(platform, world, "log") == ["SENT"]
    await move_clock(timedelta(minutes=1))
    await run_worker()
    assert await statuses(platform, world) == ["SENT"]
    assert len({letter.key for letter in gazette.letters}) == 1, "it is known by its key"


async def test_after_ten_attempts_it_is_a_dead_letter(
    platform: Platform, world: World, gazette: Gazette, run_worker: RunWorker, move_clock: Move
) -> None:
    [member] = await join(platform, world)
    await tell(platform, world, member)
    gazette.failing = [ConnectionError() for _ in range(20)]
    for _ in range(12):
        await run_worker()
        await move_clock(timedelta(hours=1))
    assert len(gazette.letters) == 10
    sql = "SELECT count(*) FROM delivery WHERE tenant_id = $1 AND dead_at IS NOT NULL AND subscriber = $2"
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        assert await work.value(sql, "core.notices.sending.send_message") == 1


async def test_what_cannot_be_delivered_is_not_tried_again(
    platform: Platform, world: World, gazette: Gazette, run_worker: RunWorker, move_clock: Move
) -> None:
    [member] = await join(platform, world)
    await tell(platform, world, member)
    gazette.failing = [Undeliverable()]
    await run_worker()
    await move_clock(timedelta(hours=1))
    await run_worker()
    assert (await statuses(platform, world), len(gazette.letters)) == (["UNDELIVERABLE"], 1)


async def test_no_transaction_is_open_while_a_channel_is_asked(
    platform: Platform, world: World, gazette: Gazette
) -> None:
    [member] = await join(platform, world)
    await tell(platform, world, member)
    sql = "SELECT id FROM message WHERE tenant_id = $1 AND channel = 'gazette'"
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        event = MessageWritten(message_id=await work.value(sql))
    busy: list[int] = []

    async def look() -> None:
        busy.append(platform.app.pool.checkedout())  # type: ignore[attr-defined]

    gazette.meanwhile = look
    await send_message(platform.works(world.tenant, ACTOR), event)
    await send_message(platform.works(world.tenant, ACTOR), event)
    assert busy == [0], "what was sent is not sent again"


async def test_marketing_needs_a_consent_and_asks_for_it_again_when_it_is_sent(
    platform: Platform, world: World, gazette: Gazette, run_worker: RunWorker
) -> None:
    silent, agreeing, wavering = await join(platform, world, 3)
    async with platform.open_work(world.tenant, ACTOR) as work:
        for member in (agreeing, wavering):
            await consents.give(work, member, MARKETING, 0)
    await tell(platform, world, silent, agreeing, wavering, code=OFFER)
    assert await inboxes(platform, world) == 2, "who has not agreed is told nothing by any channel"
    async with platform.open_work(world.tenant, ACTOR) as work:
        await consents.withdraw(work, wavering, MARKETING)
    await run_worker()
    assert [letter.member_id for letter in gazette.letters] == [agreeing]
    assert sorted(await statuses(platform, world)) == ["SENT", "WITHHELD"]


async def test_without_asking_again_a_withdrawal_would_come_too_late(
    platform: Platform, world: World, gazette: Gazette, run_worker: RunWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def anybody(*_: object) -> bool:
        return True

    monkeypatch.setattr("core.notices.sending._may_be_sent", anybody)
    [member] = await join(platform, world)
    async with platform.open_work(world.tenant, ACTOR) as work:
        await consents.give(work, member, MARKETING, 0)
    await tell(platform, world, member, code=OFFER)
    async with platform.open_work(world.tenant, ACTOR) as work:
        await consents.withdraw(work, member, MARKETING)
    await run_worker()
    assert len(gazette.letters) == 1


async def test_members_are_told_in_the_language_that_they_have_chosen(
    platform: Platform, world: World, gazette: Gazette, run_worker: RunWorker
) -> None:
    english, french, none = await join(platform, world, 3)
    async with platform.open_work(world.tenant, ACTOR) as work:
        await notices.choose_language(work, english, "en")
        await notices.choose_language(work, french, "fr")
    await tell(platform, world, english, french, none)
    await run_worker()
    assert {letter.member_id: letter.language for letter in gazette.letters} == {
        english: "en",
        french: "zh",
        none: "zh",
    }


async def test_messages_are_forgotten_after_their_days(
    platform: Platform, world: World, gazette: Gazette, move_clock: Move
) -> None:
    [member] = await join(platform, world)
    await tell(platform, world, member)
    await move_clock(timedelta(days=89))
    await tell(platform, world, member, source="2")
    await move_clock(timedelta(days=2))
    async with platform.open_work(world.tenant, ACTOR) as work:
        assert await forget_old(work) == 3
    assert await inboxes(platform, world) == 1
    assert gazette.letters == []


async def test_of_two_members_who_become_one_all_messages_stay_each_once(
    platform: Platform, world: World, gazette: Gazette
) -> None:
    going, staying = await join(platform, world, 2)
    await tell(platform, world, going, staying)
    await tell(platform, world, going, source="2")
    async with platform.open_work(world.tenant, ACTOR) as work:
        await notices.choose_language(work, going, "en")
    async with platform.open_work(world.tenant, ACTOR) as work:
        for statement in [one for table in PERSONAL_DATA for one in table.merging.statements]:
            numbers = [going, staying] if "$3" in statement else [going]
            await work.execute(statement, *numbers)
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        assert await notices.languages(work, [going, staying]) == {staying: "en"}
        sql = "SELECT count(*) FROM message WHERE tenant_id = $1 AND channel = 'inbox' AND member_id = $2"
        assert [await work.value(sql, one) for one in (going, staying)] == [0, 2]
    assert gazette.letters == []
