"""Who delivers goods: the brand's suppliers, whatever the store."""

from dataclasses import dataclass
from uuid import UUID

from core import audit, contacts
from core.contacts import Contact
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.supply.permissions import PURCHASING_MANAGE
from core.supply.purchasing.rows import SupplierRow
from core.supply.reaching import everywhere
from core.work import Work

LONGEST_LEAD = 365  #: days
_NAME = ("input", "name")

TAKEN = "SELECT 1 FROM supplier WHERE tenant_id = $1 AND name = $2 AND id <> $3"
PUT = """
INSERT INTO supplier (tenant_id, id, name, contact, lead_days, active) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, contact = excluded.contact,
    lead_days = excluded.lead_days, active = excluded.active
"""
FOR_CHANGE = "SELECT id, name, contact, lead_days, active FROM supplier WHERE tenant_id = $1 AND id = $2 FOR UPDATE"


@dataclass(frozen=True, slots=True)
class SupplierDraft:
    """What is said of a supplier; None leaves what there is."""

    name: str | None = None
    contact: Contact | None = None
    lead_days: int | None = None
    active: bool | None = None


async def add_supplier(work: Work, draft: SupplierDraft) -> UUID:
    """A new supplier."""
    everywhere(work, PURCHASING_MANAGE)
    return await _put(work, SupplierRow(new_id(), "", None, 0, active=True), draft, "supplier.created")


async def change_supplier(work: Work, supplier_id: UUID | None, draft: SupplierDraft) -> UUID:
    """Change what is known of a supplier; one that is not active takes no new orders."""
    everywhere(work, PURCHASING_MANAGE)
    there = await work.row(SupplierRow, FOR_CHANGE, supplier_id) if supplier_id is not None else None
    if there is None:
        raise NotFound(what="supplier", path=("input", "supplierId"))
    return await _put(work, there, draft, "supplier.changed")


async def _put(work: Work, there: SupplierRow, draft: SupplierDraft, action: str) -> UUID:
    name = there.name if draft.name is None else contacts.text(draft.name, path=_NAME)
    lead = there.lead_days if draft.lead_days is None else draft.lead_days
    if not 0 <= lead <= LONGEST_LEAD:
        raise Invalid(reason=f"A supplier takes 0 to {LONGEST_LEAD} days.", path=("input", "leadDays"))
    if await work.value(TAKEN, name, there.id) is not None:
        raise Invalid(reason="There is a supplier of this name.", path=_NAME)
    sealed = contacts.seal(work.vault, draft.contact, "supplier", "contact", there.id) or there.sealed_contact
    active = there.active if draft.active is None else draft.active
    await work.execute(PUT, there.id, name, sealed, lead, active)
    facts = {"name": name, "lead_days": lead, "active": active}
    await audit.record(work, action, "Supplier", there.id, after=facts)
    return there.id
