"""Ids that are none, or not of what is asked for."""

import base64
from collections.abc import Iterable, Iterator

from core.ids import new_id
from schema.relay import global_id, parse


def faulty_ids(own: str, others: Iterable[str]) -> Iterator[str]:
    """Whatever somebody may send instead of an id; `others` are ids of other things."""
    found = parse(own)
    assert found is not None, f"{own} is no id"
    name, key = found
    yield from ("", "0", "garbage", "牛奶", "' OR true --", "x" * 2_000, str(key))
    yield from (_encoded(raw) for raw in _malformed(name.encode(), key.bytes))
    yield from (own + "!", own[:-3])
    yield from (global_id(kind, key) for kind in ("Nothing", "", name.lower()))
    yield global_id(name, new_id())
    yield from others


def _malformed(name: bytes, key: bytes) -> Iterator[bytes]:
    """Parts of ids, and more than ids."""
    yield from (name + b":", b":" + key, name + b":" + key[:-1], name + b":" + key + b"0", b"\xff\xfe:" + key, key)


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
