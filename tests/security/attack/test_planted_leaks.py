"""An attack that finds nothing proves nothing: leaks that are there on purpose have to be found."""

from collections.abc import Sequence

import pytest

from hexmart.app import Application
from tests.security.attack import planted
from tests.security.attack.brands import OpenProvider, Theatre
from tests.security.attack.cases import Case
from tests.security.attack.planted import BETWEEN_STORES, LEAKS, Abroad, Planted
from tests.security.attack.scopes import STAFF, siege_of_stores
from tests.security.attack.siege import Siege, readings
from tests.tenants.rows import Connection

pytestmark = pytest.mark.anyio
READ = "members(after)"


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.plant.__name__)
async def test_a_planted_leak_is_found(
    theatre: Theatre, calls: Sequence[Case], monkeypatch: pytest.MonkeyPatch, leak: Planted
) -> None:
    leak.plant(monkeypatch, Abroad.of(theatre))
    report = await theatre.siege.lay([case for case in calls if case.name == leak.call])
    assert any(leak.found_by in found for found in report.leaks), report.leaks


@pytest.fixture(scope="module")
async def stores(patient: Application, past: Connection, calls: Sequence[Case], open_provider: OpenProvider) -> Siege:
    """One store's staff against another store."""
    return await siege_of_stores(patient, past, calls, await open_provider())


@pytest.mark.parametrize("leak", BETWEEN_STORES, ids=lambda leak: f"{leak.plant.__name__}-{leak.call}")
async def test_a_leak_between_stores_is_found(
    stores: Siege, calls: Sequence[Case], monkeypatch: pytest.MonkeyPatch, leak: Planted
) -> None:
    planted_in = [case for case in calls if case.name == leak.call]
    assert not (await stores.lay(planted_in, STAFF)).leaks
    leak.plant(monkeypatch)
    report = await stores.lay(planted_in, STAFF)
    assert any(leak.found_by in found for found in report.leaks), report.leaks


async def test_a_count_of_everybodys_is_found(
    theatre: Theatre, calls: Sequence[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = [case for case in calls if case.name == "members(after)"]
    planted.number(monkeypatch, Abroad.of(theatre))
    counted = await readings(theatre.siege.ours, lists)
    assert "owner" in {caller for (call, caller), answer in counted.items() if theatre.alone[call, caller] != answer}
