"""The page about the engine names every limit, as it is."""

import re
from dataclasses import asdict
from pathlib import Path

from schema.engine.limits import STAFF, STOREFRONT

PAGE = Path(__file__).parents[3] / "docs" / "engine.md"
ROW = re.compile(r"^\| `(\w+)` \| ([\d,]+) \| ([\d,]+) \|", re.MULTILINE)


def test_the_page_has_every_limit_of_both_audiences() -> None:
    rows = {
        name: (int(few.replace(",", "")), int(more.replace(",", "")))
        for name, few, more in ROW.findall(PAGE.read_text())
    }
    assert rows == {name: (few, asdict(STAFF)[name]) for name, few in asdict(STOREFRONT).items()}
