"""Hashing passwords holds up nobody."""

import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from core.actors import system
from core.identity.staff import passwords
from hexmart.testing import Client, World
from hexmart.testing.statements import listening
from tenants import NewTenant, Platform, create
from tests.schema.shop import done
from tests.schema.staffing import GOOD, PASSWORD, Staffing

pytestmark = pytest.mark.anyio


def _noting(hashing: Any, statements: Sequence[str], open_meanwhile: list[int]) -> Any:
    """The same, noting how many transactions are open when it is called."""

    def hash_or_verify(*given: object) -> object:
        assert threading.current_thread() is not threading.main_thread()
        begun = [one for one in statements if one.startswith("BEGIN")]
        ended = [one for one in statements if one in {"COMMIT", "ROLLBACK"}]
        open_meanwhile.append(len(begun) - len(ended))
        return hashing(*given)

    return hash_or_verify


async def test_nothing_is_hashed_inside_a_transaction(
    client: Client,
    world: World,
    clerk: Client,
    owner: Client,
    platform: Platform,
    run_worker: Callable[[], Awaitable[None]],
    staffing: Staffing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever hashes holds no connection meanwhile, and is no thread of the event loop."""
    await owner.do("staffInvite", {"email": "new@brand.example", "name": "New"})
    invitation, email = await staffing.token("identity.staff_invited", "new@brand.example"), world.email("courier")
    await client.do("staffPasswordResetRequest", {"email": email}, "expiresIn")
    await run_worker()
    token = await staffing.token("identity.password_reset", email)
    open_meanwhile: list[int] = []

    with listening() as statements:
        for name in ("hash_password", "verify_password"):
            monkeypatch.setattr(passwords, name, _noting(getattr(passwords, name), statements, open_meanwhile))
        for password in (PASSWORD, "wrong"):
            await client.do("staffSignIn", {"email": email, "password": password}, "accessToken")
        changed = {"currentPassword": PASSWORD, "newPassword": f"{GOOD}!"}
        done(await clerk.do("staffPasswordChange", changed, "changed"), "changed")
        done(await client.do("staffPasswordReset", {"token": token, "password": GOOD}, "changed"), "changed")
        accepted = {"token": invitation, "password": GOOD}
        done(await client.do("staffInvitationAccept", accepted, "accessToken"), "accessToken")
        await owner.do("staffInvite", {"email": "newer@brand.example", "name": "New"})
        await create(platform, NewTenant(f"new-{client.slug}", "New", "owner@brand.example"), system("test"))
    assert open_meanwhile == [0] * 8
