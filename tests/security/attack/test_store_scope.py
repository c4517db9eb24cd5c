"""Within one brand: what belongs to a store out of reach, or to another member, is as if it were not there."""

from collections.abc import Sequence

import pytest

from hexmart.app import Application
from tests.security.attack.brands import OpenProvider
from tests.security.attack.cases import Case
from tests.security.attack.scopes import STAFF, siege_of_shoppers, siege_of_stores
from tests.security.attack.sides import SHOPPERS
from tests.tenants.rows import Connection

pytestmark = pytest.mark.anyio


async def test_staff_reach_nothing_of_another_store(
    patient: Application, past: Connection, calls: Sequence[Case], open_provider: OpenProvider
) -> None:
    siege = await siege_of_stores(patient, past, calls, await open_provider())
    report = await siege.lay(calls, STAFF)
    print(f"stores: {report}")  # noqa: T201 - the figure is wanted
    assert not report.leaks, "\n".join(report.leaks)


async def test_shoppers_reach_nothing_of_another_member(
    patient: Application, past: Connection, calls: Sequence[Case], open_provider: OpenProvider
) -> None:
    siege = await siege_of_shoppers(patient, past, calls, await open_provider())
    report = await siege.lay(calls, SHOPPERS)
    print(f"shoppers: {report}")  # noqa: T201 - the figure is wanted
    assert not report.leaks, "\n".join(report.leaks)
