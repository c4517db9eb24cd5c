"""What a mutation has answered: done, or refused."""

from collections.abc import Sequence
from typing import Any


def done(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload of a mutation that must have been carried out."""
    assert payload["userErrors"] == [], payload
    return payload


def refused(payload: dict[str, Any], code: str, *, path: Sequence[str] | None = None) -> str:
    """The sentence of the one refusal that a mutation must have ended with; `path` where it matters."""
    assert [error["code"] for error in payload["userErrors"]] == [code], payload
    error = payload["userErrors"][0]
    assert path is None or error["path"] == list(path), error
    return str(error["message"])
