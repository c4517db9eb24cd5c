"""The page about running says every limit as it is."""

import re
from dataclasses import asdict

import pytest
from pydantic import ValidationError

from hexmart.settings import Settings
from tenants.plans import PLANS, Plan
from tenants.throttle import (
    CART_CODE,
    COUNTER_CODE,
    MEMBER_SIGN_IN,
    ONE_TIME_CODE,
    STAFF_SIGN_IN,
    TOKEN_REFRESH,
    CallerLimits,
    Guard,
)
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
GUARDS = (STAFF_SIGN_IN, MEMBER_SIGN_IN, TOKEN_REFRESH, ONE_TIME_CODE, CART_CODE, COUNTER_CODE)


def rows(*names: str) -> list[list[str]]:
    """The rows of tables that begin with one of these names."""
    lines = re.findall(r"^\| `(\w+)` \|(.*)\|$", PAGE, re.MULTILINE)
    return [[name, *(cell.strip() for cell in cells.split("|"))] for name, cells in lines if name in names]


def written(number: int | None) -> str:
    return "any" if number is None else f"{number:,}"


def _plan(plan: Plan) -> list[str]:
    quotas = plan.quotas
    allowed = (quotas.stores, quotas.staff, quotas.orders_per_day)
    asked = (plan.requests_per_second, plan.cost_per_minute, plan.otp_per_hour)
    return [plan.name, *map(written, (*allowed, *asked)), "yes" if plan.callers_limited else "no"]


def _guard(guard: Guard) -> list[str]:
    return [guard.name, *("" if item is None else repr(item) for item in (guard.pair, guard.subject, guard.address))]


def test_the_page_has_every_plan() -> None:
    assert rows(*PLANS) == [_plan(plan) for plan in PLANS.values()]


def test_the_page_has_every_limit_of_a_caller() -> None:
    settings = {f"HEXMART_CALLER_LIMITS__{name.upper()}": value for name, value in asdict(CallerLimits()).items()}
    assert {name: default for name, default, _ in rows(*settings)} == {n: written(v) for n, v in settings.items()}


def test_the_environment_may_say_one_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEXMART_CALLER_LIMITS__REQUESTS_PER_SECOND", "7")
    assert Settings().caller_limits == CallerLimits(requests_per_second=7)
    monkeypatch.setenv("HEXMART_CALLER_LIMITS__REQUESTS_PER_SECOND", "0")
    with pytest.raises(ValidationError):
        Settings()


def test_the_page_has_everything_that_is_guarded() -> None:
    assert rows(*(guard.name for guard in GUARDS)) == [_guard(guard) for guard in GUARDS]
