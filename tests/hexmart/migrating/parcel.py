"""A plugin with two tables, made of text, as somebody might install it."""

import textwrap

from tests.hexmart.plugins.making import plugin

BODY = """
from core.extensions import Settings
from core.permission import Permission
from pydantic import Field, SecretStr
import parcel.models

class ParcelSettings(Settings):
    limit: int = Field(5, ge=1, description="How many.")
    key: SecretStr | None = Field(None, description="For the carrier.")

@hookimpl
def register_settings(): return ParcelSettings

@hookimpl
def register_permissions(): return [Permission("parcel.look", "Look into parcels")]
"""
MODELS = """
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified

class Label(Identified, Base):
    __tablename__ = "parcel_label"
    text: Mapped[str]

class Stamp(Identified, Base):
    __tablename__ = "parcel_stamp"
    label_id: Mapped[UUID]
    worth: Mapped[int | None]
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "label_id"], ["parcel_label.tenant_id", "parcel_label.id"]),
    )
"""
SCRIPT = """
import sqlalchemy as sa
from alembic import op
from core.database import tenant_table

revision = "{0}"
down_revision = {1!r}

TENANT = dict(server_default=sa.text("current_tenant()"), nullable=False)

def upgrade():
{2}

def downgrade():
{3}
"""
LABEL = """
tenant_table(
    op,
    "parcel_label",
    sa.Column("tenant_id", sa.BigInteger(), **TENANT),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_parcel_label"),
)
"""
STAMP = """
tenant_table(
    op,
    "parcel_stamp",
    sa.Column("tenant_id", sa.BigInteger(), **TENANT),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.Column("label_id", sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_parcel_stamp"),
    sa.ForeignKeyConstraint(
        ["tenant_id", "label_id"], ["parcel_label.tenant_id", "parcel_label.id"], name="fk_parcel_stamp_tenant_id"
    ),
)
"""
WORTH = 'op.add_column("parcel_stamp", sa.Column("worth", sa.BigInteger()))'
FIRST, SECOND = "parcel.migrations.0001_labels", "parcel.migrations.0002_worth"


def script(revision: str, after: str | None, up: str, down: str = "pass") -> str:
    """A migration."""
    return SCRIPT.format(revision, after, *(textwrap.indent(part.strip(), "    ") for part in (up, down)))


def parcel(*, upto: int = 2, version: str = "1.0.0", more: str = "", body: str = BODY) -> dict[str, str]:
    """The plugin's modules by name, with as many of its migrations."""
    down = 'op.drop_table("parcel_stamp")\nop.drop_table("parcel_label")'
    scripts = {
        FIRST: script("0001", None, LABEL + STAMP, down),
        SECOND: script("0002", "0001", WORTH, 'op.drop_column("parcel_stamp", "worth")'),
    }
    kept = dict(list(scripts.items())[:upto])
    about = plugin("parcel", body, more=more).replace('version="1.0.0"', f'version="{version}"')
    return {"parcel.plugin": about, "parcel.models": MODELS, **kept}
