"""What the books prove of the database, and which tables are written once."""

from hexmart.plugins.domains import CORE

#: what happened stays as it was written
APPEND_ONLY = (
    "audit_entry",
    "consent",
    "consent_text",
    "ledger_posting",
    "ledger_transaction",
    "order_adjustment",
    "order_event",
    "receipt",
    "receipt_line",
    "rule_version",
    "sales_order_line_part",
    "stock_difference",
    "stock_movement",
    "stock_reconciliation",
)
#: the statements that find what breaks an invariant, by its key
PROVEN = {
    one.key: one.broken
    for domain in CORE.values()
    if hasattr(domain, "register_invariants")
    for one in domain.register_invariants()
}
