"""The ledger: accounts, transactions with their postings, and lots."""

import sqlalchemy as sa
from alembic import op

from core.database import tenant_table
from core.database.tables import APPEND_ONLY

revision = "0033"
down_revision = "0032"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _account()
    _transaction()
    _lot()
    _posting()


def _tenant_id() -> sa.Column[int]:
    return sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False)


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_tenant_id_{column}"
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{to}.tenant_id", f"{to}.id"], name=name)


def _account() -> None:
    table = "ledger_account"
    tenant_table(
        op,
        table,
        _tenant_id(),
        _id(),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "kind")],
        _id("member_id", nullable=True),
        _id("successor_id", nullable=True),
        *[_number(name, "0") for name in ("available", "pending", "debt")],
        sa.Column("may_owe", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"),
        sa.CheckConstraint("unit IN ('POINTS', 'VALUE', 'COMMISSION')", name="unit"),
        sa.CheckConstraint("(member_id IS NOT NULL) = (kind = 'MEMBER')", name="holder"),
        sa.CheckConstraint("(successor_id IS NOT NULL) = (kind = 'MERGED')", name="successor"),
        sa.CheckConstraint("available >= 0 AND pending >= 0", name="never_below_zero"),
        sa.CheckConstraint("debt = 0 OR (debt > 0 AND may_owe AND available = 0)", name="debt"),
        sa.CheckConstraint("member_id IS NOT NULL OR (available = 0 AND pending = 0 AND debt = 0)", name="kept"),
        _belongs(table, "member_id", "member"),
        _belongs(table, "successor_id", table),
    )
    op.create_index(
        "uq_ledger_account_holder",
        table,
        ["tenant_id", "unit", "kind", "member_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("successor_id IS NULL"),
    )
    for column in ("member", "successor"):
        some = sa.text(f"{column}_id IS NOT NULL")
        op.create_index(f"ix_ledger_account_{column}", table, ["tenant_id", f"{column}_id"], postgresql_where=some)


def _transaction() -> None:
    table = "ledger_transaction"
    tenant_table(
        op,
        table,
        _tenant_id(),
        _id(),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "kind", "source")],
        _id("undoes_id", nullable=True),
        sa.Column("note", sa.Text()),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"),
        sa.UniqueConstraint("tenant_id", "kind", "source", name=f"uq_{table}_tenant_id_kind_source"),
        _belongs(table, "undoes_id", table),
        rights=APPEND_ONLY,
    )
    undoing = sa.text("undoes_id IS NOT NULL")
    op.create_index("ix_ledger_transaction_undoes", table, ["tenant_id", "undoes_id"], postgresql_where=undoing)


def _lot() -> None:
    table = "ledger_lot"
    tenant_table(
        op,
        table,
        _tenant_id(),
        *[_id(name) for name in ("id", "account_id", "transaction_id")],
        _number("size"),
        _number("spent", "0"),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("available_at", MOMENT),
        sa.Column("expires_at", MOMENT),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=f"pk_{table}"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.CheckConstraint("spent BETWEEN 0 AND size", name="spent"),
        _belongs(table, "account_id", "ledger_account"),
        _belongs(table, "transaction_id", "ledger_transaction"),
    )
    for name, columns, where in (
        ("open", ["account_id", "pending", "expires_at", "id"], "spent < size"),
        ("transaction", ["transaction_id"], None),
        ("ripe", ["available_at"], "spent < size AND pending"),
        ("expiring", ["expires_at"], "spent < size AND NOT pending"),
    ):
        some = sa.text(where) if where else None
        op.create_index(f"ix_ledger_lot_{name}", table, ["tenant_id", *columns], postgresql_where=some)


def _posting() -> None:
    table = "ledger_posting"
    tenant_table(
        op,
        table,
        _tenant_id(),
        _id("transaction_id"),
        _number("position"),
        _id("account_id"),
        _id("lot_id", nullable=True),
        _number("amount"),
        sa.PrimaryKeyConstraint("tenant_id", "transaction_id", "position", name=f"pk_{table}"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        _belongs(table, "transaction_id", "ledger_transaction"),
        _belongs(table, "account_id", "ledger_account"),
        _belongs(table, "lot_id", "ledger_lot"),
        rights=APPEND_ONLY,
    )
    op.create_index("ix_ledger_posting_account", table, ["tenant_id", "account_id", "transaction_id"])


def downgrade() -> None:
    for table in ("ledger_posting", "ledger_lot", "ledger_transaction", "ledger_account"):
        op.drop_table(table)
