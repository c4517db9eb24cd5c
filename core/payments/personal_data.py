"""What payments know of members."""

from core.orders import OF_ORDER
from core.personal import KEPT_AS_IT_IS, STAYS, PersonalData

PERSONAL_DATA = [
    PersonalData(table=table, holds=holds, members=(), whose=OF_ORDER, merging=STAYS, erasing=KEPT_AS_IT_IS)
    for table, holds in (("payment", "Payments of orders"), ("refund", "What was paid back, and why"))
]
