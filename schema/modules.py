"""The modules that core's part of the schema is declared in."""

from schema import (
    carts,
    catalog,
    checkout,
    common,
    errors,
    identity,
    inventory,
    members,
    node,
    ordering,
    orders,
    pages,
    payments,
    stores,
    tenants,
)

MODULES = (
    node,
    pages,
    errors,
    common,
    stores,
    catalog,
    checkout,
    carts,
    orders,
    ordering,
    payments,
    inventory,
    members,
    identity,
    tenants,
)
