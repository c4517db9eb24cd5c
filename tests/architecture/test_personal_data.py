"""Whatever is kept about a member is declared: what merging, exporting and erasing do to it."""

import re
from collections.abc import Iterable, Sequence

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Integer, LargeBinary, MetaData, Table
from sqlalchemy.dialects.postgresql import ARRAY

from core.database.base import Base
from core.hookset import HookSet
from core.personal import Outcome, PersonalData, faults, moved
from hexmart.migrating.comparing import draw
from hexmart.plugins import discover, plugin_manager

#: sealed, and nobody's who buys: of staff, suppliers and the brand itself
OF_OTHERS = {
    "identity_provider.client_secret",
    "openid_attempt.secrets",
    "staff.email",
    "staff.name",
    "staff.recovery_hashes",
    "staff.totp_secret",
    "supplier.contact",
}
_HASHED = re.compile(r"(^|_)(index|hash|fingerprint)$")  #: kept to find something again, and opened by nobody


def declared() -> Sequence[PersonalData]:
    return HookSet(plugin_manager(), frozenset()).personal_data


def tables() -> MetaData:
    draw(discover())
    return Base.metadata


def undeclared(metadata: MetaData, known: Iterable[PersonalData]) -> list[str]:
    """Columns that hold something of a member and stand in no declaration."""
    named = {f"{one.table}.{column}" for one in known for column in one.members}
    sealed = {one.table for one in known}
    return sorted(
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if (_names_member(table, column) and f"{table.name}.{column.name}" not in named)
        or (_is_sealed(table, column) and table.name not in sealed)
    )


def _names_member(table: Table, column: Column[object]) -> bool:
    keys = [key for key in table.constraints if isinstance(key, ForeignKeyConstraint)]
    refers = any(key.referred_table.name == "member" and column.name in key.column_keys for key in keys)
    return column.name != "tenant_id" and (refers or column.name == "member_id")


def _is_sealed(table: Table, column: Column[object]) -> bool:
    kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    of_nobody = _HASHED.search(column.name) or f"{table.name}.{column.name}" in OF_OTHERS
    return isinstance(kind, LargeBinary) and not of_nobody


def test_every_table_that_holds_something_of_a_member_is_declared() -> None:
    found = undeclared(tables(), declared())
    assert not found, (
        f"{', '.join(found)}: declare each table by register_personal_data in the plugin.py of its domain or plugin"
        " (docs/hooks.md): whose its rows are, and what becomes of them when members are merged, exported and erased."
        " What is sealed and not a member's stands in OF_OTHERS here, or is named *_index, *_hash or *_fingerprint."
    )


def test_what_is_declared_is_there() -> None:
    known = tables().tables
    for one in declared():
        columns = set(known[one.table].columns.keys())
        assert {*one.members, *one.sealed, *one.withheld} <= columns, one.table
        assert not set(one.sealed) & set(one.withheld), one.table


def test_a_member_is_taken_apart_last() -> None:
    assert declared()[-1].table == "member"


def test_hashes_are_exported_to_nobody() -> None:
    known = tables().tables
    for one in declared():
        hashes = {column.name for column in known[one.table].columns if _HASHED.search(column.name)}
        assert hashes <= set(one.withheld), f"{one.table}: {hashes - set(one.withheld)} would be exported"


@pytest.mark.parametrize(
    "column",
    [Column("member_id", Integer), Column("face", LargeBinary), Column("faces", ARRAY(LargeBinary))],
    ids=lambda column: str(column.name),
)
def test_a_table_that_nobody_declared_would_be_found(column: Column[object]) -> None:
    metadata = MetaData()
    Table("gift_wrap_wish", metadata, column)
    assert undeclared(metadata, []) == [f"gift_wrap_wish.{column.name}"]


def test_a_declaration_that_says_too_little_would_be_found() -> None:
    one = PersonalData(
        table="gift_wrap_wish",
        holds="Wishes",
        members=(),
        merging=Outcome("Gone.", ["DELETE FROM gift_wrap_wish WHERE member_id = $2"]),
        erasing=moved("gift_wrap_wish"),
        hindrance="DELETE FROM gift_wrap_wish WHERE tenant_id = $1 AND $2 = $3",
    )
    assert faults([one, one])[0] == "gift_wrap_wish is declared twice"
    assert [fault.split(":")[0] for fault in faults([one])] == [
        "gift_wrap_wish says neither which columns name a member nor whose its rows are",
        "what is done to gift_wrap_wish names no tenant",
        "what finds that members with gift_wrap_wish cannot be merged writes",
    ]
