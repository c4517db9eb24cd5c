"""Tables of the ledger. Nobody but the ledger writes them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class LedgerAccount(Identified, Base):
    """What a member has of a unit, or the other side of it: an account of the brand itself.

    Everybody posts to the brand's own; a balance in their rows would have all of them wait, so it is summed up when
    somebody asks.
    """

    __tablename__ = "ledger_account"
    unit: Mapped[str]
    kind: Mapped[str]
    member_id: Mapped[UUID | None]
    successor_id: Mapped[UUID | None]  # the account that it has gone into, where members were merged
    available: Mapped[int] = mapped_column(server_default="0")
    pending: Mapped[int] = mapped_column(server_default="0")
    debt: Mapped[int] = mapped_column(server_default="0")
    may_owe: Mapped[bool]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "successor_id"], ["ledger_account.tenant_id", "ledger_account.id"]),
        Index(
            "uq_ledger_account_holder",
            *("tenant_id", "unit", "kind", "member_id"),
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("successor_id IS NULL"),
        ),
        Index("ix_ledger_account_member", "tenant_id", "member_id", postgresql_where=text("member_id IS NOT NULL")),
        Index(
            "ix_ledger_account_successor",
            "tenant_id",
            "successor_id",
            postgresql_where=text("successor_id IS NOT NULL"),
        ),
        CheckConstraint("unit IN ('POINTS', 'VALUE', 'BONUS', 'COMMISSION')", name="unit"),
        CheckConstraint("(member_id IS NOT NULL) = (kind = 'MEMBER')", name="holder"),
        CheckConstraint("(successor_id IS NOT NULL) = (kind = 'MERGED')", name="successor"),
        # The last line against spending what is not there, whatever a statement forgot.
        CheckConstraint("available >= 0 AND pending >= 0", name="never_below_zero"),
        CheckConstraint("debt = 0 OR (debt > 0 AND may_owe AND available = 0)", name="debt"),
        CheckConstraint("member_id IS NOT NULL OR (available = 0 AND pending = 0 AND debt = 0)", name="kept"),
    )


class LedgerTransaction(Identified, Base):
    """Why postings were made: once for each kind and source. Written once."""

    __tablename__ = "ledger_transaction"
    unit: Mapped[str]
    kind: Mapped[str]
    source: Mapped[str]
    undoes_id: Mapped[UUID | None]
    note: Mapped[str | None]
    actor: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "undoes_id"], ["ledger_transaction.tenant_id", "ledger_transaction.id"]),
        UniqueConstraint("tenant_id", "kind", "source"),
        Index("ix_ledger_transaction_undoes", "tenant_id", "undoes_id", postgresql_where=text("undoes_id IS NOT NULL")),
    )


class LedgerLot(Identified, Base):
    """What a member was given at once: until when it is good, since when, and how much of it is spent."""

    __tablename__ = "ledger_lot"
    account_id: Mapped[UUID]
    transaction_id: Mapped[UUID]
    size: Mapped[int]
    spent: Mapped[int] = mapped_column(server_default="0")
    pending: Mapped[bool]
    available_at: Mapped[datetime | None]  # of what is pending: None waits for somebody's word
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "account_id"], ["ledger_account.tenant_id", "ledger_account.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "transaction_id"], ["ledger_transaction.tenant_id", "ledger_transaction.id"]
        ),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("spent BETWEEN 0 AND size", name="spent"),
        Index(
            "ix_ledger_lot_open",
            *("tenant_id", "account_id", "pending", "expires_at", "id"),
            postgresql_where=text("spent < size"),
        ),
        Index("ix_ledger_lot_transaction", "tenant_id", "transaction_id"),
        Index("ix_ledger_lot_ripe", "tenant_id", "available_at", postgresql_where=text("spent < size AND pending")),
        Index(
            "ix_ledger_lot_expiring", "tenant_id", "expires_at", postgresql_where=text("spent < size AND NOT pending")
        ),
    )


class LedgerPosting(TenantScoped, Base):
    """What a transaction is to an account, lot by lot; of a member's, what is of no lot is owed. Written once."""

    __tablename__ = "ledger_posting"
    transaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    lot_id: Mapped[UUID | None]
    amount: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "transaction_id"], ["ledger_transaction.tenant_id", "ledger_transaction.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "account_id"], ["ledger_account.tenant_id", "ledger_account.id"]),
        ForeignKeyConstraint(["tenant_id", "lot_id"], ["ledger_lot.tenant_id", "ledger_lot.id"]),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_ledger_posting_account", "tenant_id", "account_id", "transaction_id"),
    )
