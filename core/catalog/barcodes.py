"""Labels of scales: an EAN-13 that says what is in a bag and how much of it, or what it costs."""

import re
from dataclasses import dataclass

from core.catalog.rules import CatalogRules

# two digits say which label it is, five which goods, five how much; the last one checks the others
_LABEL = re.compile(r"([0-9]{7})([0-9]{5})[0-9]", re.ASCII)
_NO_AMOUNT = "00000"


@dataclass(frozen=True, slots=True)
class ScaleLabel:
    """What a label says."""

    barcode: str  #: that its goods are filed under: the label's own, saying nothing of an amount
    amount: int  #: grams, or minor units where it is priced
    priced: bool


def scale_label(barcode: str, rules: CatalogRules) -> ScaleLabel | None:
    """A barcode as the label of a scale; None where it is none, or was misread."""
    read, prefix = _LABEL.fullmatch(barcode), barcode[:2]
    priced = prefix in rules.price_prefixes.split()
    known = priced or prefix in rules.weight_prefixes.split()
    if read is None or not known or barcode[-1] != check_digit(barcode[:-1]):
        return None
    goods, amount = read.groups()
    filed = goods + _NO_AMOUNT
    return ScaleLabel(filed + check_digit(filed), int(amount), priced)


def check_digit(digits: str) -> str:
    """The last digit of an EAN-13 that begins with these twelve."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)
