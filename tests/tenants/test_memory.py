"""What a process remembers of tenants, and when it must not."""

import asyncio
from dataclasses import replace

import pytest

from hexmart.testing import World
from tenants import Platform
from tenants.memory import Memory

pytestmark = pytest.mark.anyio


async def value(text: str | None) -> str | None:
    return text


async def test_a_value_is_read_once_and_no_value_again_and_again() -> None:
    memory = Memory[str | None](most=10)
    assert await memory.fill(("a", "1"), value("text")) == "text"
    assert memory.find(("a", "1")) == "text"
    assert await memory.fill(("a", "2"), value(None)) is None
    assert await memory.fill(("a", "2"), value("now")) == "now"


async def test_what_was_asked_for_least_lately_makes_room() -> None:
    memory = Memory[str | None](most=2)
    for name in ("1", "2"):
        await memory.fill(("a", name), value(name))
    assert memory.find(("a", "1")) == "1"
    await memory.fill(("a", "3"), value("3"))
    assert [memory.find(("a", name)) for name in "123"] == ["1", None, "3"]


async def test_what_was_not_found_takes_no_room() -> None:
    memory = Memory[str | None](most=1)
    await memory.fill(("a", "1"), value("1"))
    await memory.fill(("a", "2"), value(None))
    assert memory.find(("a", "1")) == "1"


async def test_a_tenant_is_forgotten_alone() -> None:
    memory = Memory[str | None](most=10)
    for slug in ("a", "b"):
        await memory.fill((slug, "1"), value(slug))
    memory.forget("a")
    assert [memory.find((slug, "1")) for slug in "ab"] == [None, "b"]
    memory.forget_all()
    assert memory.find(("b", "1")) is None


@pytest.mark.parametrize("slug", ["a", None])
async def test_what_was_read_while_a_change_was_told_of_is_not_remembered(slug: str | None) -> None:
    memory = Memory[str | None](most=10)
    told = asyncio.Event()

    async def reading() -> str:
        await told.wait()
        return "as it was"

    filling = asyncio.create_task(memory.fill(("a", "1"), reading()))
    await asyncio.sleep(0)
    memory.forget_all() if slug is None else memory.forget(slug)
    told.set()
    assert await filling == "as it was"
    assert memory.find(("a", "1")) is None


async def test_a_tenant_that_changes_while_it_is_read_is_read_anew(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, slug = platform.registry, world.tenant.slug
    registry.forget(slug)
    read = registry._read

    async def outdated(slug: str) -> object:
        found = await read(slug)
        registry.forget(slug)  # another process has changed it meanwhile
        return replace(found, name="as it was")

    with monkeypatch.context() as patch:
        patch.setattr(registry, "_read", outdated)
        assert (await registry.by_slug(slug)).name == "as it was"
    assert (await registry.by_slug(slug)).name == world.tenant.name
