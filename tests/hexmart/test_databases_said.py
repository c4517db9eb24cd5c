"""What commands say of a database that is not there, or that nobody has prepared."""

import asyncio

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from hexmart.cli import app

pytestmark = pytest.mark.anyio


async def _said(url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setenv("HEXMART_DATABASE_URL", url)
    told = await asyncio.to_thread(CliRunner().invoke, app, ["plugin", "list"])
    return told.exit_code, told.stderr


def _of_the_same_server(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


async def test_one_that_answers_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = await _said("postgresql://owner@127.0.0.1:1/hexmart", monkeypatch)
    assert code == 1
    assert said.startswith("The database cannot be reached: ")
    assert said.count("\n") == 1


async def test_one_that_does_not_exist(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = await _said(_of_the_same_server(database_url, "nobody_made_this"), monkeypatch)
    assert told == (1, "There is no database of this name: see HEXMART_DATABASE_URL.\n")


async def test_one_that_nobody_has_prepared(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = await _said(_of_the_same_server(database_url, "postgres"), monkeypatch)
    assert told == (1, "The database has not been prepared: run `hexmart migrate` first.\n")
