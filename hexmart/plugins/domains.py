"""Core's domains that answer hooks: plugins that cannot be switched off."""

from core.access import plugin as access
from core.apps import plugin as apps
from core.audit import plugin as audit
from core.books import plugin as books
from core.callbacks import plugin as callbacks
from core.carts import plugin as carts
from core.catalog import plugin as catalog
from core.consents import plugin as consents
from core.dead_letters import plugin as dead_letters
from core.deliveries import plugin as deliveries
from core.fulfilment import plugin as fulfilment
from core.idempotency import plugin as idempotency
from core.identity import plugin as identity
from core.inventory import plugin as inventory
from core.ledger import plugin as ledger
from core.members import plugin as members
from core.notices import plugin as notices
from core.orders import plugin as orders
from core.payments import plugin as payments
from core.points import plugin as points
from core.pricing import plugin as pricing
from core.returns import plugin as returns
from core.rulebook import plugin as rulebook
from core.stores import plugin as stores
from core.supply import plugin as supply
from core.tills import plugin as tills
from core.transfers import plugin as transfers
from tenants import plugin as registry

CORE = {
    "core.access": access,
    "core.audit": audit,
    "core.books": books,
    "core.callbacks": callbacks,
    "core.dead_letters": dead_letters,
    "core.apps": apps,
    "core.idempotency": idempotency,
    "core.identity": identity,
    "core.inventory": inventory,
    "core.transfers": transfers,
    "core.consents": consents,
    "core.members": members,
    "core.ledger": ledger,
    "core.notices": notices,
    "core.stores": stores,
    "core.rulebook": rulebook,
    "core.catalog": catalog,
    "core.pricing": pricing,
    "core.carts": carts,
    "core.orders": orders,
    "core.supply": supply,
    "core.fulfilment": fulfilment,
    "core.payments": payments,
    "core.deliveries": deliveries,
    "core.returns": returns,
    "core.points": points,
    "core.tills": tills,
    "core.tenants": registry,
}
