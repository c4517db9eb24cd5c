"""The ledger: points, stored value and commission of members, in double entry. Whoever gives or takes some posts it."""

from core.ledger.errors import InsufficientPoints
from core.ledger.posting import post
from core.ledger.queries import balances, count, expiries, statement, total
from core.ledger.rows import BalanceRow, EntryRow, ExpiryRow
from core.ledger.settling import Ripening, ripen
from core.ledger.transfer import Answer, Key, Own, Party, Posted, Short, Transfer, Unit

__all__ = [
    "Answer",
    "BalanceRow",
    "EntryRow",
    "ExpiryRow",
    "InsufficientPoints",
    "Key",
    "Own",
    "Party",
    "Posted",
    "Ripening",
    "Short",
    "Transfer",
    "Unit",
    "balances",
    "count",
    "expiries",
    "post",
    "ripen",
    "statement",
    "total",
]
