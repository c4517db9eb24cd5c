"""Declarative base and the mixin of every table that belongs to a tenant."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, MetaData, Text, Uuid, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        int: BigInteger,  # money in minor units and grams both outgrow 32 bits
        str: Text,
        UUID: Uuid,
    }


class TenantScoped:
    """A row of one tenant: the tenant leads the primary key and PostgreSQL fills it in."""

    tenant_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default=func.current_tenant(), sort_order=-2
    )


class Identified(TenantScoped):
    """A tenant's row with an id of its own (UUIDv7, made in the application)."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)
