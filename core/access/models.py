"""Tables of roles: data of each tenant, from which the policy is built."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, Identified, TenantScoped


class Role(TenantScoped, Base):
    """A named set of permissions."""

    __tablename__ = "role"
    name: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]


class RolePermission(TenantScoped, Base):
    """What a role may do."""

    __tablename__ = "role_permission"
    role: Mapped[str] = mapped_column(primary_key=True)
    permission: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "role"], ["role.tenant_id", "role.name"], ondelete="CASCADE"),)


class RoleAssignment(Identified, Base):
    """Who has a role, and for what: a store, the stores of a region, or all of them."""

    __tablename__ = "role_assignment"
    staff_id: Mapped[UUID]
    role: Mapped[str]
    store_id: Mapped[UUID | None]
    region_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "role"], ["role.tenant_id", "role.name"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "staff_id"], ["staff.tenant_id", "staff.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["tenant_id", "region_id"], ["region.tenant_id", "region.id"], ondelete="CASCADE"),
        CheckConstraint("store_id IS NULL OR region_id IS NULL", name="one_scope"),
        Index(
            "uq_role_assignment",
            "tenant_id",
            "staff_id",
            "role",
            text("coalesce(store_id, region_id, '00000000-0000-0000-0000-000000000000')"),
            unique=True,
        ),
    )
