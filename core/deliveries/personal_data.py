"""What deliveries know of members."""

from core.orders import OF_ORDER
from core.personal import STAYS, PersonalData, blanked

PERSONAL_DATA = [
    PersonalData(
        table="shipment",
        holds="How orders were brought, and where the courier was",
        members=(),
        whose=OF_ORDER,
        merging=STAYS,
        erasing=blanked(
            "shipment", "courier", "latitude", "longitude", where=OF_ORDER, keeps="Who carried it and what it cost"
        ),
        withheld=("courier",),
    ),
]
