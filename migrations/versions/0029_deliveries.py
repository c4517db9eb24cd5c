"""Calls for couriers, what providers quote, shipments with what was said of them and what they cost."""

import sqlalchemy as sa
from alembic import op

from core.access.giving import give, take_back
from core.database import tenant_table

revision = "0029"
down_revision = "0028"

MANAGERS = ("brand_operator", "regional_manager", "store_manager", "clerk")
GIVEN = {"deliveries.manage": MANAGERS, "deliveries.read": (*MANAGERS, "finance", "support")}
STATES = """'CREATED', 'DISPATCHING', 'ACCEPTED', 'ARRIVED_STORE', 'PICKED_UP', 'RETURNING', 'DELIVERED', 'RETURNED',
    'CANCELLED', 'EXCEPTION'"""


def upgrade() -> None:
    _courier_call()
    _courier_quote()
    _shipment()
    _shipment_event()
    _shipment_charge()
    give(op, GIVEN)


def _tenant_id() -> sa.Column[int]:
    return sa.Column("tenant_id", sa.BigInteger(), server_default=sa.text("current_tenant()"), nullable=False)


def _belongs(table: str, column: str, to: str, key: str = "id") -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_tenant_id_{column}"
    return sa.ForeignKeyConstraint(["tenant_id", column], [f"{to}.tenant_id", f"{to}.{key}"], name=name)


def _courier_call() -> None:
    tenant_table(
        op,
        "courier_call",
        _tenant_id(),
        sa.Column("fulfilment_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rounds_left", sa.Integer(), nullable=False),
        sa.Column("quoted", sa.Boolean(), nullable=False),
        sa.Column("winner_id", sa.Uuid()),
        sa.Column("called_by", sa.Text(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "fulfilment_id", name="pk_courier_call"),
        sa.CheckConstraint("status IN ('CALLING', 'TAKEN', 'DONE', 'BACK', 'FAILED', 'ENDED')", name="status"),
        _belongs("courier_call", "fulfilment_id", "fulfilment"),
        _belongs("courier_call", "order_id", "sales_order"),
        _belongs("courier_call", "store_id", "store"),
    )
    op.create_index("ix_courier_call_order", "courier_call", ["tenant_id", "order_id"])
    op.create_index(
        "ix_courier_call_due",
        "courier_call",
        ["tenant_id", "due_at"],
        postgresql_where=sa.text("status = 'CALLING'"),
    )


def _courier_quote() -> None:
    tenant_table(
        op,
        "courier_quote",
        _tenant_id(),
        sa.Column("fulfilment_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer()),
        sa.Column("fee", sa.BigInteger()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer()),
        sa.Column("distance_meters", sa.Integer()),
        sa.Column("reference", sa.Text()),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("refusal", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "fulfilment_id", "round", "provider", name="pk_courier_quote"),
        sa.CheckConstraint("(position IS NULL) = (fee IS NULL)", name="position"),
        sa.CheckConstraint("fee >= 0", name="fee"),
        _belongs("courier_quote", "fulfilment_id", "courier_call", "fulfilment_id"),
    )


def _shipment() -> None:
    tenant_table(
        op,
        "shipment",
        _tenant_id(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fulfilment_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text()),
        sa.Column("tracking_number", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("courier", sa.LargeBinary()),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("positioned_at", sa.DateTime(timezone=True)),
        sa.Column("minutes", sa.Integer()),
        sa.Column("failure", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_by", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True))
            for name in ("accepted_at", "picked_up_at", "ended_at", "given_up_at", "settled_at", "look_at")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_shipment"),
        sa.UniqueConstraint(
            "tenant_id", "fulfilment_id", "round", "provider", name="uq_shipment_tenant_id_fulfilment_id_round_provider"
        ),
        sa.UniqueConstraint("tenant_id", "provider", "reference", name="uq_shipment_tenant_id_provider_reference"),
        sa.CheckConstraint(f"state IN ({STATES})", name="state"),
        sa.CheckConstraint("fee >= 0", name="fee"),
        _belongs("shipment", "fulfilment_id", "courier_call", "fulfilment_id"),
        _belongs("shipment", "order_id", "sales_order"),
        _belongs("shipment", "store_id", "store"),
    )
    op.create_index("ix_shipment_order", "shipment", ["tenant_id", "order_id"])
    op.create_index(
        "ix_shipment_look", "shipment", ["tenant_id", "look_at"], postgresql_where=sa.text("look_at IS NOT NULL")
    )


def _shipment_event() -> None:
    tenant_table(
        op,
        "shipment_event",
        _tenant_id(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text()),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("ignored_because", sa.Text()),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_shipment_event"),
        sa.UniqueConstraint("tenant_id", "shipment_id", "key", name="uq_shipment_event_tenant_id_shipment_id_key"),
        _belongs("shipment_event", "shipment_id", "shipment"),
    )


def _shipment_charge() -> None:
    tenant_table(
        op,
        "shipment_charge",
        _tenant_id(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_shipment_charge"),
        sa.UniqueConstraint("tenant_id", "shipment_id", "key", name="uq_shipment_charge_tenant_id_shipment_id_key"),
        sa.CheckConstraint("kind IN ('DELIVERY', 'TIP', 'CANCEL', 'REFUND')", name="kind"),
        sa.CheckConstraint("status IN ('ASKED', 'BOOKED', 'REFUSED')", name="status"),
        sa.CheckConstraint("(kind = 'REFUND') = (amount < 0)", name="amount"),
        _belongs("shipment_charge", "shipment_id", "shipment"),
    )


def downgrade() -> None:
    take_back(op, GIVEN)
    for table in ("shipment_charge", "shipment_event", "shipment", "courier_quote", "courier_call"):
        op.drop_table(table)
