"""What carriers send, read as what anybody could have sent: what is not as it should be is nothing."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from core import clock
from core.deliveries.mars import from_chinese_map
from core.deliveries.provider import Courier
from core.stores import GeoPoint

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  #: from which carriers count


def object_of(raw: bytes | str) -> dict[str, Any] | None:
    """What is told, where it is an object."""
    with suppress(orjson.JSONDecodeError):
        told = orjson.loads(raw)
        return told if isinstance(told, dict) else None
    return None


def key_of(value: object) -> UUID | None:
    """The shipment that is meant."""
    with suppress(ValueError):
        return UUID(str(value))
    return None


def number_of(value: object) -> int | None:
    """A number, or one as a text."""
    with suppress(ValueError):
        return int(str(value))
    return None


def courier_named(name: object, phone: object) -> Courier | None:
    """Who carries it, where either is said: empty texts stand for nobody yet."""
    said = str(name or "")[:100] or None, str(phone or "")[:30] or None
    return Courier(*said) if any(said) else None


def place_of(latitude: object, longitude: object) -> GeoPoint | None:
    """A place on Chinese maps, where it really is; texts, numbers or nothing, as carriers have it."""
    with suppress(TypeError, ValueError):
        found = GeoPoint(float(latitude), float(longitude))  # type: ignore[arg-type]  # which is tried
        if 0 < abs(found.latitude) <= 90 and 0 < abs(found.longitude) <= 180:
            return from_chinese_map(found)
    return None


def moment_of(value: object, *, per_second: int = 1) -> datetime:
    """When it was, by the carrier's clock; now, where that is not said."""
    with suppress(ValueError, OverflowError):
        return _EPOCH + timedelta(seconds=int(str(value)) / per_second)
    return clock.now()
