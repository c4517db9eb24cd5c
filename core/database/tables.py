"""The one way a migration makes a tenant's table: policy, grants and, where there is one, distribution."""

from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa

APP_ROLE = "hexmart_app"
PLATFORM_ROLE = "hexmart_platform"
ALL_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
APPEND_ONLY = ("SELECT", "INSERT")


class Operations(Protocol):
    """The part of Alembic's op that is needed here."""

    def create_table(self, name: str, /, *columns: Any) -> Any: ...
    def execute(self, sqltext: str, /) -> Any: ...
    def get_bind(self) -> sa.Connection: ...
    def create_foreign_key(
        self,
        name: str,
        source: str,
        referent: str,
        local: list[str],
        remote: list[str],
        /,
        *,
        ondelete: str | None,
        deferrable: bool | None,
        initially: str | None,
    ) -> None: ...


def tenant_table(op: Operations, name: str, *items: Any, rights: Sequence[str] = ALL_RIGHTS) -> None:
    """Create a table that shows each tenant its own rows and no others, even to the table's owner.

    Foreign keys are added last: Citus accepts them between distributed tables only. One that is deferrable and
    initially DEFERRED is looked at when the transaction commits.
    """
    keys = [item for item in items if isinstance(item, sa.ForeignKeyConstraint)]
    op.create_table(name, *[item for item in items if not isinstance(item, sa.ForeignKeyConstraint)])
    op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {name} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())"
    )
    op.execute(f"GRANT {', '.join(rights)} ON {name} TO {APP_ROLE}, {PLATFORM_ROLE}")
    if has_citus(op):
        op.execute(f"SELECT create_distributed_table('{name}', 'tenant_id')")
    for key in keys:
        _add_foreign_key(op, name, key)


def has_citus(op: Operations) -> bool:
    """Whether the database is a Citus cluster."""
    return bool(op.get_bind().scalar(sa.text("SELECT count(*) FROM pg_extension WHERE extname = 'citus'")))


def _add_foreign_key(op: Operations, table: str, key: sa.ForeignKeyConstraint) -> None:
    referents = [element.target_fullname.split(".") for element in key.elements]
    op.create_foreign_key(
        str(key.name),
        table,
        referents[0][0],
        list(key.column_keys),
        [r[1] for r in referents],
        ondelete=key.ondelete,
        deferrable=key.deferrable,
        initially=key.initially,
    )
