"""What docs/subscriptions.md says is so."""

import re
from dataclasses import asdict

from graphql import parse, validate

from hexmart.live import LiveLimits, messages
from tests.architecture.source import ROOT
from tests.architecture.surface import graphql_of, served

PAGE = (ROOT / "docs" / "subscriptions.md").read_text(encoding="utf-8")


def test_the_page_has_every_limit() -> None:
    found = dict(re.findall(r"^\| `HEXMART_LIVE__(\w+)` \| ([0-9,]+) \|", PAGE, re.MULTILINE))
    assert found == {name.upper(): f"{value:,}" for name, value in asdict(LiveLimits()).items()}


def test_the_page_has_every_code_that_closes_a_connection() -> None:
    codes = {value for name, value in vars(messages).items() if isinstance(value, int) and value > 1_000}
    assert {int(code) for code in re.findall(r"^\| ([0-9]{4}) \|", PAGE, re.MULTILINE)} == codes


def test_the_documents_of_the_page_are_valid() -> None:
    found = re.findall(r'"?query"?: "(subscription[^"]+)"', PAGE)
    assert len(found) == 2
    for document in found:
        assert not validate(graphql_of(served()), parse(document))
