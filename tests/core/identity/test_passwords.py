"""Passwords: which are taken, and how many are hashed at once."""

import asyncio
import threading
import time
from typing import Any

import pytest
from argon2 import PasswordHasher, Type

from core.errors import Busy
from core.identity import PasswordWeak
from core.identity.staff import passwords

pytestmark = pytest.mark.anyio
EMAIL = "li.wei@freshmart.example"


def is_taken(password: str, *, shortest: int = 12) -> bool:
    try:
        passwords.check(password, email=EMAIL, shortest=shortest, path=())
    except PasswordWeak:
        return False
    return True


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("violet otter", True),
        ("violet otte", False),
        ("x1y2z" * 40, True),
        ("x1y2z" * 40 + "a", False),
        ("", False),
        ("hexmart-demo", True),
        ("人民大道的紫色水獭哼着歌儿", True),
        ("ﬁaﬁbﬁcﬁ紫", True),  # eight characters as it is typed, twelve as everybody else would
        ("e\u0301a\u0301i\u0301o\u0301u\u0301y\u0301", False),  # twelve that are six
        ("aaaaaaaaaaaa", False),
        ("abababababab", False),
        ("abcdabcdabcd", False),
        (EMAIL, False),
        (EMAIL.upper(), False),
        (f"my {EMAIL}!", False),
        ("freshmart.example", False),
        ("Password1234", False),
        ("1Q2W3E4R5T6Y", False),
    ],
)
def test_what_would_soon_be_guessed_is_not_taken(password: str, taken: bool) -> None:
    assert is_taken(password) is taken


def test_none_of_the_commonest_is_taken() -> None:
    assert len(passwords.COMMON) > 150
    assert not [password for password in passwords.COMMON if is_taken(password, shortest=8)]
    assert not [password for password in passwords.COMMON if len(password) < 8 or password != password.casefold()]


def test_a_password_is_kept_as_a_hash_with_todays_effort() -> None:
    kept = PasswordHasher().hash("x")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.hash_password("violet otter") != passwords.hash_password("violet otter")


def test_a_password_that_could_be_nobodys_is_wrong_and_costs_as_much() -> None:
    kept = passwords.hash_password("violet otter")
    assert passwords.verify_password(kept, "violet otter")
    for password in ("violet otter" + "x" * 300, "x" * 1_000_000, ""):
        assert not passwords.verify_password(kept, password)
    for password in ("nobody", "", "violet otter"):
        assert not passwords.verify_password(None, password)


@pytest.mark.parametrize(
    ("was", "outdated"),
    [
        ({}, False),
        ({"time_cost": 2}, True),
        ({"memory_cost": 32}, True),
        ({"hash_len": 16}, True),
        ({"salt_len": 8}, True),
        ({"type": Type.I}, True),
        ({"time_cost": 9, "memory_cost": 512, "parallelism": 8}, False),
        ({"parallelism": 1}, False),
    ],
)
def test_what_was_hashed_with_less_effort_is_outdated(
    monkeypatch: pytest.MonkeyPatch, was: dict[str, Any], outdated: bool
) -> None:
    today: dict[str, Any] = {"time_cost": 3, "memory_cost": 64, "parallelism": 4}
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(**today))
    kept = PasswordHasher(**today | was).hash("x")
    assert passwords.is_outdated(kept) is outdated


async def test_so_many_are_hashed_at_once_and_others_wait_while_the_loop_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    under_way, most, lock, gate = 0, 0, threading.Lock(), threading.Event()

    def slow(_kept: str | None, _password: str) -> bool:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        assert gate.wait(10)
        with lock:
            under_way -= 1
        return True

    monkeypatch.setattr(passwords, "verify_password", slow)
    asked = [asyncio.create_task(passwords.matches(None, "x")) for _ in range(20)]
    begun = time.monotonic()
    while under_way < passwords.AT_ONCE:
        assert time.monotonic() - begun < 10
        await asyncio.sleep(0.001)  # the loop is not held up by them
    gate.set()
    assert await asyncio.gather(*asked) == [True] * 20
    assert most == passwords.AT_ONCE


async def test_when_too_many_wait_the_next_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(passwords, "verify_password", lambda _kept, _password: gate.wait(10))
    room = passwords.AT_ONCE + passwords.WAITING
    asked = [asyncio.create_task(passwords.matches(None, "x")) for _ in range(room)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        async with asyncio.timeout(5):
            await passwords.matches(None, "x")
    gate.set()
    assert await asyncio.gather(*asked) == [True] * room
    assert await passwords.matches(None, "x")
