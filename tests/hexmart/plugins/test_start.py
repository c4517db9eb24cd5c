"""A broken plugin stops the start with one sentence that names it; and what makes one broken."""

import textwrap
from pathlib import Path

import pytest

from hexmart.plugins import PluginsBroken, discover, in_order, manager_of, surface
from schema.snapshot import printed_of
from tests.hexmart.plugins.making import entry, packages, plugin

SCHEMA = """
from core.catalog import ProductRow
from core.extensions import Plugin
from schema.catalog import Product
from schema.context import Info
from schema.fields import PUBLIC, batched, field, query, row_type
from strawberry import ID
from dataclasses import dataclass


@dataclass(slots=True)
class Row:
    size: int
"""

BRINGS = "from {0} import schema\n@hookimpl\ndef register_graphql(): return [schema]"

DECLARES = """
from core.personal import PersonalData, deleted, moved
@hookimpl
def register_personal_data():
    return [PersonalData(table="cart", holds="Carts", merging=moved("cart"), erasing=deleted("cart"))]
"""


def declaring(part: str) -> dict[str, str]:
    """A plugin whose part of the schema is this."""
    return {"parcel.plugin": plugin("parcel", BRINGS.format("parcel")), "parcel.schema": SCHEMA + textwrap.dedent(part)}


#: what is wrong: the plugin's modules, and what is said of it
BROKEN: dict[str, tuple[dict[str, str], str]] = {
    "it cannot be imported": (
        {"a.plugin": "import nothing_of_the_kind"},
        "a: a.plugin cannot be imported: ModuleNotFoundError",
    ),
    "it does not say what it is": ({"a.plugin": "x = 1"}, "a: a.plugin declares no PLUGIN"),
    "another name": ({"a.plugin": plugin("b")}, "a: the entry point and PLUGIN.name, b, have to be the same"),
    "no version": ({"a.plugin": plugin("a").replace("1.0.0", "new")}, "a: its version 'new' is none"),
    "no range": ({"a.plugin": plugin("a").replace(">=1.0,<2", "latest")}, "a: its plugin_api 'latest' is no range"),
    "another API": (
        {"a.plugin": plugin("a").replace(">=1.0,<2", ">=2,<3")},
        "a: it was written for the plugin API >=2,<3, and this is 1.0",
    ),
    "no summary": ({"a.plugin": plugin("a").replace("A plugin of a test.", " ")}, "a: it has no summary"),
    "a need nobody meets": (
        {"a.plugin": plugin("a", more="requires=('b',)")},
        "a: it requires b, which is not installed",
    ),
    "what it declares of members is another's": (
        {"a.plugin": plugin("a", DECLARES)},
        "a: what it declares of cart writes cart: a plugin speaks of its own tables",
    ),
    "an unknown hook": (
        {"a.plugin": plugin("a", "@hookimpl\nasync def adjust_price(work, baskets): ...")},
        "a: there is no hook adjust_price; did you mean adjust_prices?",
    ),
    "an unknown argument": (
        {"a.plugin": plugin("a", "@hookimpl\nasync def claim(work, orders): ...")},
        "a: claim has no argument orders; it has work, checkouts",
    ),
    "not async": (
        {"a.plugin": plugin("a", "@hookimpl\ndef claim(work, checkouts): ...")},
        "a: claim has to be async",
    ),
    "a registration that fails": (
        {"a.plugin": plugin("a", "@hookimpl\ndef register_jobs(): return [1 / 0]")},
        "a: register_jobs fails: ZeroDivisionError",
    ),
    "somebody else's permission": (
        {
            "a.plugin": plugin(
                "a",
                """
                from core.permission import Permission
                @hookimpl
                def register_permissions(): return [Permission("orders.read", "Read orders")]
                """,
            )
        },
        "a: register_permissions: orders.read has to begin with a.",
    ),
    "a permission twice": (
        {
            "a.plugin": plugin(
                "a",
                """
                from core.permission import Permission
                @hookimpl
                def register_permissions(): return [Permission("a.read", "One"), Permission("a.read", "Two")]
                """,
            )
        },
        "register_permissions: a.read is registered twice",
    ),
    "somebody else's rule": (
        {
            "a.plugin": plugin(
                "a",
                """
                from core.rules import Rules
                class Own(Rules):
                    size: int = 1
                    domain = "orders"
                @hookimpl
                def register_rules(): return [Own]
                """,
            )
        },
        "a: register_rules: orders.size has to begin with a.",
    ),
    "a job without its name": (
        {
            "a.plugin": plugin(
                "a",
                """
                from datetime import timedelta
                from core.jobs import Job
                async def sweep(work): return 0
                @hookimpl
                def register_jobs(): return [Job("sweep", timedelta(minutes=1), sweep)]
                """,
            )
        },
        "a: register_jobs: sweep has to begin with a.",
    ),
    "a refusal without its name": (
        {
            "crate.plugin": plugin("crate", "from crate import errors"),
            "crate.errors": 'from core.errors import DomainError\nclass TooHeavy(DomainError):\n    """Too heavy."""',
        },
        "crate: the refusal TooHeavy has to begin with Crate",
    ),
    "a root field without its name": (
        declaring(
            """
            @query(int, access=PUBLIC)
            async def weight(info: Info) -> int:
                "Heavy."
                return 1
            """
        ),
        "parcel: Query.weight has to begin with parcel",
    ),
    "a root field that begins with half its name": (
        declaring(
            """
            @query(int, access=PUBLIC)
            async def parcels(info: Info) -> int:
                "Heavy."
                return 1
            """
        ),
        "parcel: Query.parcels has to begin with parcel",
    ),
    "a field of a core type that cannot be null": (
        declaring(
            """
            @batched(Product, int)
            async def parcel_weight(products, info: Info) -> list[int]:
                "Heavy."
                return []
            """
        ),
        "parcel: Product.parcelWeight has to be nullable",
    ),
    "a type without its name": (
        declaring(
            """
            @row_type(Row)
            class Box:
                "A box."
                size: int = field("How big.")

            @query(Box, access=PUBLIC)
            async def parcel_box(info: Info) -> Row:
                "A box."
                return Row(1)
            """
        ),
        "parcel: the type Box has to begin with Parcel",
    ),
    "no description": (
        declaring("@query(int, access=PUBLIC)\nasync def parcel_weight(info: Info) -> int: ..."),
        "parcel: Query.parcelWeight has no description",
    ),
    "a list without a cost": (
        declaring(
            """
            @row_type(Row)
            class ParcelBox:
                "A box."
                size: int = field("How big.")

            @query(list[ParcelBox], access=PUBLIC, cost=0)
            async def parcel_boxes(info: Info) -> list[Row]:
                "Boxes."
                return []
            """
        ),
        "parcel: Query.parcelBoxes is a list of objects and has no cost",
    ),
    "no access": (
        declaring("@query(int)\nasync def parcel_weight(info: Info) -> int: ..."),
        "parcel: parcel.plugin cannot be imported: TypeError: query() missing",
    ),
    "a field that is there": (
        declaring(
            """
            @query(int, access=PUBLIC)
            async def products(info: Info) -> int:
                "Heavy."
                return 1
            """
        ),
        "the schema cannot be put together: two modules declare the query products",
    ),
}


@pytest.mark.parametrize(("files", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_stops_the_start_with_a_sentence(tmp_path: Path, files: dict[str, str], said: str) -> None:
    name = next(iter(files)).split(".")[0]
    with packages(tmp_path, files), pytest.raises(PluginsBroken) as stopped:
        surface(manager_of(discover([entry(name)])))
    assert any(fault.startswith(said) for fault in stopped.value.faults), stopped.value.faults
    assert len(stopped.value.faults) == 1, stopped.value.faults


def test_two_plugins_of_one_name_stop_the_start(tmp_path: Path) -> None:
    files = {"a.plugin": plugin("a"), "b.plugin": plugin("a")}
    with packages(tmp_path, files), pytest.raises(PluginsBroken, match="a: two distributions bring a plugin"):
        discover([entry("a"), entry("a", "b.plugin")])


def test_plugins_that_require_each_other_stop_the_start(tmp_path: Path) -> None:
    files = {
        "a.plugin": plugin("a", more="requires=('b',)"),
        "b.plugin": plugin("b", more="requires=('c',)"),
        "c.plugin": plugin("c", more="requires=('a',)"),
    }
    with packages(tmp_path, files):
        found = discover([entry(name) for name in "abc"])
        with pytest.raises(PluginsBroken, match="in a circle: a requires b requires c requires a"):
            in_order(found)


def test_whoever_is_required_comes_first_and_names_decide_the_rest(tmp_path: Path) -> None:
    files = {
        "a.plugin": plugin("a", more="requires=('z',)"),
        "m.plugin": plugin("m"),
        "z.plugin": plugin("z"),
    }
    with packages(tmp_path, files):
        found = discover([entry(name) for name in "zma"])
        assert [one.name for one in in_order(found)] == ["m", "z", "a"]
        assert [one.name for one in in_order(reversed(found))] == ["m", "z", "a"]


def test_two_plugins_may_not_declare_the_same_field(tmp_path: Path) -> None:
    field = "@batched(Product, int | None, name='parcel_size')\nasync def size(products, info: Info): ..."
    files = {"other.plugin": plugin("other", BRINGS.format("other")), "other.schema": SCHEMA + field}
    with packages(tmp_path, declaring(field) | files):
        manager = manager_of(discover([entry("parcel"), entry("other")]))
        with pytest.raises(PluginsBroken, match=r"Product\.parcel_size is declared twice"):
            surface(manager)


def test_what_a_plugin_brings_is_marked_as_its_own(tmp_path: Path) -> None:
    part = """
        @row_type(Row)
        class ParcelBox:
            "A box."
            size: int = field("How big.")

        @batched(Product, ParcelBox | None)
        async def parcel_box(products, info: Info) -> list[Row]:
            "Its box."
            return []
        """
    with packages(tmp_path, declaring(part)):
        whole = surface(manager_of(discover([entry("parcel")])))
    brought = printed_of(whole, "parcel")
    assert 'type ParcelBox @plugin(name: "parcel")' in brought
    assert 'extend type Product {\n  """Its box."""\n  parcelBox: ParcelBox @plugin(name: "parcel")\n}' in brought
