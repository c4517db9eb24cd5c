"""Files of tills' sales, a JSON object a line, in the words of `posSalesRecord`."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import orjson

from core.tills import Told, ToldLine

_SALE = {"externalReference", "soldAt", "lines", "paid", "memberPhone"}
_LINE = {"barcode", "quantity", "unitPrice"}


class TillFileWrong(Exception):
    """What of a file is no sale."""


def read_sales(path: Path) -> list[Told]:
    """Every sale of a file; TillFileWrong says what is wrong, and where."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            sales = [_sale(number, row) for number, row in _rows(file)]
    except (OSError, UnicodeDecodeError) as error:
        raise TillFileWrong(f"{path.name} cannot be read: {error}.") from error
    if not sales:
        raise TillFileWrong(f"{path.name} has no lines.")
    return sales


def written(told: Told) -> str:
    """A sale as a line of such a file; its buyer's number stays here."""
    return orjson.dumps(told.kept).decode()


def _rows(file: Iterable[str]) -> Iterator[tuple[int, Any]]:
    for number, text in enumerate(file, start=1):
        if text.strip():
            try:
                yield number, orjson.loads(text)
            except orjson.JSONDecodeError:
                raise TillFileWrong(f"Line {number} is no JSON.") from None


def _sale(number: int, row: Any) -> Told:
    sale = _known(number, row, _SALE)
    lines = sale.get("lines")
    if not isinstance(lines, list):
        raise TillFileWrong(f"Line {number} has no lines that were sold.")
    phone = sale.get("memberPhone")
    return Told(
        reference=_text(number, sale, "externalReference"),
        sold_at=_moment(number, sale),
        lines=[_line(number, _known(number, line, _LINE)) for line in lines],
        paid=_amount(number, sale, "paid"),
        member_phone=str(phone) if phone is not None else None,
        path=(f"line {number}",),
    )


def _line(number: int, line: Mapping[str, Any]) -> ToldLine:
    quantity = line.get("quantity")
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        raise TillFileWrong(f"Line {number} has no whole number as quantity.")
    return ToldLine(_text(number, line, "barcode"), quantity, _amount(number, line, "unitPrice"))


def _known(number: int, row: Any, names: set[str]) -> Mapping[str, Any]:
    """An object that has no other names: one that is misspelt would be lost."""
    if not isinstance(row, dict):
        raise TillFileWrong(f"Line {number} is no object of JSON.")
    if unknown := sorted(row.keys() - names):
        raise TillFileWrong(
            f"Line {number} has {unknown[0]}, which nobody knows; there is: {', '.join(sorted(names))}."
        )
    return row


def _text(number: int, row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise TillFileWrong(f"Line {number} has no text as {name}.")
    return value


def _amount(number: int, row: Mapping[str, Any], name: str) -> Decimal:
    try:
        amount = Decimal(_text(number, row, name))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise TillFileWrong(f'Line {number} has no amount like "15.90" as {name}.')
    return amount


def _moment(number: int, row: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(number, row, "soldAt"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise TillFileWrong(f"Line {number} has no moment with its offset as soldAt.")
    return moment
