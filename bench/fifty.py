"""Fifty plugins made of text: each has a price hook, a subscriber, a field on products and a table."""

from pathlib import Path
from textwrap import dedent

COUNT = 50
NAMES = tuple(f"sample_{number:02}" for number in range(COUNT))

_PLUGIN = '''
"""A plugin that a benchmark has made."""

from core.events import Within
from core.extensions import Plugin
from core.hooks import hookimpl
from core.orders import OrderPlaced

from {name} import models, schema

PLUGIN = Plugin(name="{name}", version="1.0.0", plugin_api=">=1.0,<2", summary="One of fifty.")


@hookimpl
def register_graphql():
    return [schema]


@hookimpl
def register_subscribers():
    return [Within(OrderPlaced, models.write_down)]


@hookimpl
async def adjust_prices(baskets):
    return [[] for _ in baskets]
'''
_MODELS = '''
"""Its table, and what is written there."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, TenantScoped

NOTE = """
INSERT INTO {name}_note (tenant_id, subject_id, note) VALUES ($1, $2, 'placed')
ON CONFLICT (tenant_id, subject_id) DO NOTHING
"""


class Note(TenantScoped, Base):
    __tablename__ = "{name}_note"
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    note: Mapped[str]


async def write_down(work, event):
    await work.execute(NOTE, event.order_id)
'''
_SCHEMA = '''
"""Its field on products."""

from schema.catalog import Product
from schema.context import Info
from schema.fields import batched

NOTES = "SELECT subject_id, note FROM {name}_note WHERE tenant_id = $1 AND subject_id = any($2::uuid[])"


@batched(Product, str | None)
async def {name}_note(products, info: Info) -> list[str | None]:
    """What this plugin has written down of a product."""
    rows = await info.work.fetch(NOTES, [product.id for product in products])
    found = {{row["subject_id"]: row["note"] for row in rows}}
    return [found.get(product.id) for product in products]
'''
_MIGRATION = '''
"""Its table."""

import sqlalchemy as sa
from alembic import op

from core.database.tables import tenant_table

revision = "{name}_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    tenant_table(
        op,
        "{name}_note",
        sa.Column("tenant_id", sa.BigInteger, server_default=sa.func.current_tenant(), nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "subject_id", name="pk_{name}_note"),
    )


def downgrade() -> None:
    op.drop_table("{name}_note")
'''
_FILES = {
    "__init__.py": '"""One of fifty."""\n',
    "plugin.py": _PLUGIN,
    "models.py": _MODELS,
    "schema.py": _SCHEMA,
    "migrations/0001_note.py": _MIGRATION,
}


def install(folder: Path) -> None:
    """Lay them out as an installer would: whoever has the folder on its path finds them by their entry points."""
    for name in NAMES:
        for place, text in _FILES.items():
            file = folder / name / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text).lstrip().format(name=name), encoding="utf-8")
    about = folder / "fifty_samples-1.0.0.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: fifty-samples\nVersion: 1.0.0\n", encoding="utf-8")
    entries = "\n".join(f"{name} = {name}.plugin" for name in NAMES)
    (about / "entry_points.txt").write_text(f"[hexmart.plugins]\n{entries}\n", encoding="utf-8")
