"""What a brand sets for a plugin: checked, kept, read without asking, and never a way to bring the brand down."""

from types import ModuleType
from typing import Any

import pytest
from pydantic import Field, SecretStr, field_validator

from core.actors import system
from core.errors import Invalid
from core.extensions import Plugin, Settings
from core.hooks import hookimpl
from hexmart.testing import World
from hexmart.testing.plugins import with_plugins
from tenants import Platform
from tenants.choices import Chosen, choices
from tenants.installed import installed
from tenants.plugins import disable, enable

pytestmark = pytest.mark.anyio
ACTOR = system("test")
STORED = "SELECT settings::text FROM tenant_plugin WHERE tenant_id = $1 AND name = 'parcel'"
REPLACE = "UPDATE tenant_plugin SET settings = $2::text::jsonb WHERE tenant_id = $1 AND name = 'parcel'"
LOGGED = """
SELECT concat(action, before, after) AS said FROM audit_entry
WHERE tenant_id = $1 AND subject_type = 'Plugin' ORDER BY id
"""
KEY = "sk-very-secret"


class ParcelSettings(Settings):
    limit: int = Field(5, ge=1, description="How many.")
    key: SecretStr | None = Field(None, min_length=3, description="For the carrier.")

    @field_validator("key")
    @classmethod
    def _well_formed(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not key.get_secret_value().startswith("sk-"):
            raise ValueError(f"{key.get_secret_value()} is no key")
        return key


def plugin(name: str, kind: type[Settings] | None = None, **more: Any) -> Any:
    """A plugin that does nothing but say what it is."""
    made: Any = ModuleType(name)
    made.PLUGIN = Plugin(name=name, version="1.0", plugin_api=">=1.0", summary="For a test.", **more)
    if kind is not None:
        made.register_settings = hookimpl(lambda: kind)
    return made


@pytest.fixture
def parcel() -> dict[str, Any]:
    return {"parcel": plugin("parcel", ParcelSettings)}


async def stored(platform: Platform, world: World) -> str:
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        return str(await work.value(STORED))


async def settings(platform: Platform, world: World) -> ParcelSettings:
    tenant = await platform.registry.by_slug(world.tenant.slug)
    async with platform.open_work(tenant, ACTOR, read_only=True) as work:
        found = work.settings(ParcelSettings)
        assert not work.read_tables, "it is part of what is known of the tenant"
    return found


def key_of(found: ParcelSettings) -> str | None:
    return found.key.get_secret_value() if found.key is not None else None


async def test_a_plugin_reads_what_the_brand_has_set_and_defaults(
    platform: Platform, world: World, parcel: dict[str, Any]
) -> None:
    async with with_plugins(platform, world.tenant, parcel) as tenant:
        assert await settings(platform, world) == ParcelSettings()
        await enable(platform, tenant, ACTOR, "parcel", {"limit": 7})
        assert (await settings(platform, world)).limit == 7
        await disable(platform, tenant, ACTOR, "parcel")
        with pytest.raises(LookupError, match=f"ParcelSettings belongs to no plugin that {tenant.slug} has on"):
            await settings(platform, world)
        await enable(platform, tenant, ACTOR, "parcel")
        assert (await settings(platform, world)).limit == 7, "what was set stays"


async def test_a_secret_is_sealed_kept_unless_given_and_unset_by_null(
    platform: Platform, world: World, parcel: dict[str, Any]
) -> None:
    async with with_plugins(platform, world.tenant, parcel) as tenant:
        for given, expected in (
            ({"key": KEY}, KEY),
            ({"limit": 2}, KEY),
            ({"key": {"set": True}}, KEY),
            (None, KEY),
            ({"key": "sk-another"}, "sk-another"),
            ({"key": None}, None),
            ({"key": {"set": False}}, None),
        ):
            await enable(platform, tenant, ACTOR, "parcel", given)
            assert key_of(await settings(platform, world)) == expected
            assert "sk-" not in await stored(platform, world)
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        log = [row["said"] for row in await work.fetch(LOGGED)]
    assert len(log) == 8
    assert not [said for said in log if "sk-" in said or "sealed" in said]
    assert '"changed": ["key"]' in log[-3], "that it was changed is told"


async def test_a_sealed_secret_opens_in_its_own_place_alone(
    platform: Platform, world: World, other_world: World, parcel: dict[str, Any]
) -> None:
    """Neither another brand's row nor another field can be given it."""
    async with with_plugins(platform, world.tenant, parcel) as tenant:
        await enable(platform, tenant, ACTOR, "parcel", {"key": KEY})
        taken = await stored(platform, world)
        await enable(platform, other_world.tenant, ACTOR, "parcel")
        async with platform.open_work(other_world.tenant, ACTOR) as work:
            await work.execute(REPLACE, taken)
        await platform.tell_changed(other_world.tenant.slug)
        other = await platform.registry.by_slug(other_world.tenant.slug)
        assert "parcel" not in other.plugins


@pytest.mark.parametrize(
    ("given", "path", "reason"),
    [
        ({"limit": 0}, ("limit",), "greater than or equal to 1"),
        ({"limit": "many"}, ("limit",), "valid integer"),
        ({"no": 1}, ("no",), "not permitted"),
        ({"key": "sk"}, ("key",), "at least 3"),
        ({"key": 5}, ("key",), "valid string"),
        ({"limit": 10**30}, (), "too large"),
        ({"limit": "\x00"}, (), "NUL"),
        ({"limit": "x" * 40_000}, (), "at most"),
        ([], (), "an object"),
        ("x", (), "an object"),
    ],
)
async def test_what_does_not_fit_is_refused_at_its_field(
    platform: Platform, world: World, parcel: dict[str, Any], given: object, path: tuple[str, ...], reason: str
) -> None:
    async with with_plugins(platform, world.tenant, parcel) as tenant:
        before = await stored(platform, world)
        with pytest.raises(Invalid, match=reason) as refused:
            await enable(platform, tenant, ACTOR, "parcel", given)
        assert refused.value.path == ("input", "settings", *path)
        assert await stored(platform, world) == before


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ('{"limit": 0}', "limit: Input should be greater than or equal to 1"),
        ('{"gone": 1}', "gone: Extra inputs are not permitted"),
        ('{"key": "sk-in-the-open"}', "the secret key cannot be opened: set it again"),
        ('{"key": {"sealed": "AAAA"}}', "the secret key cannot be opened: set it again"),
    ],
)
async def test_settings_that_fit_no_more_switch_the_plugin_off_and_nothing_else(
    platform: Platform, world: World, parcel: dict[str, Any], now: str, reason: str
) -> None:
    second = plugin("postage", requires=("parcel",))
    async with with_plugins(platform, world.tenant, parcel | {"postage": second}) as tenant:
        async with platform.open_work(tenant, ACTOR) as work:
            await work.execute(REPLACE, now)
        await platform.tell_changed(tenant.slug)
        after = await platform.registry.by_slug(tenant.slug)
        assert after.plugins == world.tenant.plugins
        rows = [Chosen("parcel", True, now), Chosen("postage", True, "{}")]
        judged = choices(installed(platform.plugins), platform.vault(tenant.id), rows)
        assert judged.off["parcel"].endswith(reason)
        assert judged.off["postage"] == "it requires parcel, which is off"
        await enable(platform, tenant, ACTOR, "parcel", {"key": None})
        assert (await platform.registry.by_slug(tenant.slug)).plugins == tenant.plugins
