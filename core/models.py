"""Every table of core, so that the metadata is whole wherever it is read."""

from core import turns
from core.access import models as access
from core.apps import models as apps
from core.audit import models as audit
from core.callbacks import models as callbacks
from core.carts import models as carts
from core.catalog import models as catalog
from core.consents import models as consents
from core.database.base import Base
from core.deliveries import models as deliveries
from core.events import models as events
from core.fulfilment import models as fulfilment
from core.idempotency import models as idempotency
from core.identity import models as identity
from core.inventory import models as inventory
from core.ledger import models as ledger
from core.members import models as members
from core.notices import models as notices
from core.orders import models as orders
from core.payments import models as payments
from core.points import models as points
from core.returns import models as returns
from core.rulebook import models as rulebook
from core.stores import models as stores
from core.supply import models as supply
from core.supply.replenishing import models as replenishing
from core.tills import models as tills
from core.transfers import models as transfers
from core.verification import models as verification

DOMAINS = (
    stores,
    catalog,
    members,
    identity,
    access,
    audit,
    callbacks,
    apps,
    orders,
    carts,
    inventory,
    ledger,
    tills,
    transfers,
    consents,
    notices,
    fulfilment,
    payments,
    deliveries,
    returns,
    points,
    verification,
    idempotency,
    events,
    rulebook,
    supply,
    replenishing,
    turns,
)
metadata = Base.metadata
