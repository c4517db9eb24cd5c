"""The pages that are written by the code are those that the code would write now."""

from difflib import unified_diff
from pathlib import Path

import pytest
from annotated_types import Ge, Gt, Le, Lt

from core.errors import DomainError
from core.rules import Rules
from hexmart.reference import below, pages
from tests.architecture.source import name_of


@pytest.mark.parametrize(
    ("path", "written"), pages().items(), ids=lambda one: one.name if isinstance(one, Path) else ""
)
def test_a_generated_page_is_up_to_date(path: Path, written: str) -> None:
    committed = path.read_text(encoding="utf-8")
    changed = unified_diff(committed.splitlines(), written.splitlines(), name_of(path), "as it is now", lineterm="")
    assert committed == written, "\n".join(["renew it by `make docs`:", *changed])


def test_every_error_has_a_sentence() -> None:
    """The docstring is what people read; one that is inherited says the wrong thing."""
    assert not [kind.__qualname__ for kind in below(DomainError) if not (vars(kind).get("__doc__") or "").strip()]


def test_every_code_belongs_to_one_error() -> None:
    codes = [kind.code for kind in below(DomainError)]
    assert not {code for code in codes if codes.count(code) > 1}


def test_every_rule_says_what_it_means_and_how_far_it_may_go() -> None:
    found = [(f"{kind.__name__}.{name}", rule) for kind in below(Rules) for name, rule in kind.model_fields.items()]
    assert found
    assert not [name for name, rule in found if not (rule.description or "").endswith(".")]
    numbers = [(name, {type(one) for one in rule.metadata}) for name, rule in found if rule.annotation in {int, float}]
    assert not [name for name, marks in numbers if not marks & {Gt, Ge} or not marks & {Lt, Le}]
