"""The ledger counts what members are given on top of what they pay in."""

from alembic import op

revision = "0037"
down_revision = "0036"

UNITS = {"upgrade": "'POINTS', 'VALUE', 'BONUS', 'COMMISSION'", "downgrade": "'POINTS', 'VALUE', 'COMMISSION'"}


def upgrade() -> None:
    _allow(UNITS["upgrade"])


def downgrade() -> None:
    _allow(UNITS["downgrade"])


def _allow(units: str) -> None:
    op.drop_constraint("unit", "ledger_account", type_="check")
    op.create_check_constraint("unit", "ledger_account", f"unit IN ({units})")
