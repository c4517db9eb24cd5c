"""Who follows the guide has a plugin in the end that does what the guide says; what it begins with is whole, too."""

import re
from pathlib import Path

import pytest
from graphql import parse, validate

from hexmart.plugins import plugin_manager, surface
from tests.kit import guide
from tests.kit.environments import Environment

pytestmark = pytest.mark.anyio


async def typed(environment: Environment, text: str, cwd: Path) -> Path:
    """Type a block into a shell that stops at the first mistake; returns the folder in which one stands then."""
    where = environment.home / "where"
    await environment.run("bash", "-euo", "pipefail", "-c", f"{text}\npwd >{where}", cwd=cwd)
    return Path(where.read_text().strip())


async def test_the_guide_leads_to_a_plugin_that_works(environment: Environment) -> None:
    folder = environment.home
    for step in guide.steps():
        if isinstance(step, guide.Written):
            step.into(folder)
            continue
        folder = await typed(environment, step.text, folder)
        if not (folder / "fragile" / "pricing.py").exists() and "pytest" in step.text:
            await environment.run("mypy", cwd=folder)  # as it was made


def test_what_the_guide_would_have_a_brand_ask_is_in_the_schema() -> None:
    asked = re.findall(r"```graphql\n(.*?)```", guide.PAGE.read_text(encoding="utf-8"), re.DOTALL)
    whole = surface(plugin_manager()).graphql
    assert asked
    assert [validate(whole, parse(one)) for one in asked] == [[] for _ in asked]


def test_the_guide_has_steps_of_each_kind() -> None:
    found = list(guide.steps())
    hows = {step.how.split(" `")[0] for step in found if isinstance(step, guide.Written)}
    assert hows == {"a new file", "at the end", "in place of"}
    assert "hexmart plugin new fragile" in next(step.text for step in found if isinstance(step, guide.Typed))
