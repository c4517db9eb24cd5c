"""Files with another system's stock: CSV with a line of names, or JSON line by line."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from core.supply.reconciling import SnapshotLine

ENDINGS = (".csv", ".jsonl")


class SnapshotWrong(Exception):
    """What of a file is no stock."""


def read_snapshot(path: Path) -> list[SnapshotLine]:
    """Every line of a file, by `sku` or by `barcode`, with `on_hand`; SnapshotWrong says what is wrong, and where."""
    if path.suffix not in ENDINGS:
        raise SnapshotWrong(f"{path.name} ends neither in .csv nor in .jsonl.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _csv(file) if path.suffix == ".csv" else _jsonl(file)
            found = [_line(number, row) for number, row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SnapshotWrong(f"{path.name} cannot be read: {error}.") from error
    if not found:
        raise SnapshotWrong(f"{path.name} has no lines.")
    twice = [code for code, times in Counter((line.sku, line.barcode) for line in found).items() if times > 1]
    if twice:
        raise SnapshotWrong(f"{twice[0][0] or twice[0][1]} stands in {path.name} more than once.")
    return found


def _csv(file: Iterable[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    reader = csv.DictReader(file)
    for row in reader:
        yield reader.line_num, row


def _jsonl(file: Iterable[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, text in enumerate(file, start=1):
        if not text.strip():
            continue
        try:
            row = orjson.loads(text)
        except orjson.JSONDecodeError:
            row = None
        if not isinstance(row, dict):
            raise SnapshotWrong(f"Line {number} is no object of JSON.")
        yield number, row


def _line(number: int, row: Mapping[str, Any]) -> SnapshotLine:
    sku, barcode = (str(row.get(name) or "").strip() or None for name in ("sku", "barcode"))
    if sku is None and barcode is None:
        raise SnapshotWrong(f"Line {number} has neither sku nor barcode.")
    try:
        on_hand = int(str(row.get("on_hand")).strip())
    except ValueError:
        raise SnapshotWrong(f"Line {number} has no whole number as on_hand.") from None
    return SnapshotLine(on_hand, sku, None if sku else barcode)
