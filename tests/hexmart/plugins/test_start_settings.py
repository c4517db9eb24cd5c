"""Settings that are not as they have to be stop the start, and names that would take core's tables."""

from pathlib import Path

import pytest

from hexmart.plugins import PluginsBroken, discover, manager_of
from tests.hexmart.plugins.making import entry, packages, plugin

SETTINGS = """
from core.extensions import Settings
from pydantic import BaseModel, Field, SecretStr

class Inner(BaseModel):
    code: SecretStr = Field(description="One.")

@hookimpl
def register_settings(): return Mine

class Mine(Settings):
    {0}
"""
BROKEN = {
    "limit: int = 5": "Mine.limit has no description",
    "key: SecretStr = Field(SecretStr('x'), description='One.')": "Mine.key is secret and has a default",
    "inner: list[Inner] = Field([], description='Some.')": "Mine.inner: a secret is a SecretStr, and stands at the top",
    "limit: int = Field(5, description='One.', alias='most')": "Mine.limit has an alias",
}


def start(folder: Path, text: str) -> None:
    with packages(folder, {"a.plugin": text}):
        manager_of(discover([entry("a")]))


@pytest.mark.parametrize("field", BROKEN)
def test_a_setting_that_nobody_could_set_stops_the_start(tmp_path: Path, field: str) -> None:
    with pytest.raises(PluginsBroken) as broken:
        start(tmp_path, plugin("a", SETTINGS.format(field)))
    [fault] = broken.value.faults
    assert fault.startswith(f"a: {BROKEN[field]}")


def test_settings_that_are_none_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(PluginsBroken, match="a: register_settings returns no Settings"):
        start(tmp_path, plugin("a", "@hookimpl\ndef register_settings(): return dict"))


def test_settings_as_they_should_be_do_not(tmp_path: Path) -> None:
    start(tmp_path, plugin("a", SETTINGS.format("key: SecretStr | None = Field(None, description='One.')")))


@pytest.mark.parametrize(("name", "table"), [("order", "order_event"), ("cart", "cart_line")])
def test_a_name_that_begins_tables_of_core_stops_the_start(tmp_path: Path, name: str, table: str) -> None:
    files = {"a.plugin": plugin(name)}
    with packages(tmp_path, files), pytest.raises(PluginsBroken, match=f"{name}: its name begins .*{table}"):
        manager_of(discover([entry(name, "a.plugin")]))
