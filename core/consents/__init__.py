"""What members have agreed to: asked by purpose, in words that have a version, written down and never changed."""

from core.consents.errors import ConsentMissing
from core.consents.events import ConsentGiven, ConsentWithdrawn
from core.consents.locating import locate, locations
from core.consents.permissions import MANAGE
from core.consents.purpose import LOCATION, MARKETING, PERSONALISATION, ConsentPurpose
from core.consents.queries import allows, states
from core.consents.rows import ConsentRow, ConsentTextRow, LocationRow
from core.consents.service import give, withdraw
from core.consents.texts import publish, texts

__all__ = [
    "LOCATION",
    "MANAGE",
    "MARKETING",
    "PERSONALISATION",
    "ConsentGiven",
    "ConsentMissing",
    "ConsentPurpose",
    "ConsentRow",
    "ConsentTextRow",
    "ConsentWithdrawn",
    "LocationRow",
    "allows",
    "give",
    "locate",
    "locations",
    "publish",
    "states",
    "texts",
    "withdraw",
]
