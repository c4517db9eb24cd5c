"""A change of the public schema is seen by whoever reviews it."""

import random
import subprocess
import sys
from difflib import unified_diff

from hexmart.plugins import discover, manager_of, surface
from hexmart.snapshots import snapshots
from tests.architecture.source import ROOT

#: in a process of its own: what tests declare is no part of it
RENEWED = """
import sys, hexmart.snapshots as made
changed = [str(place) for place, text in made.snapshots().items() if place.read_text(encoding="utf-8") != text]
sys.stdout.write("\\n".join(changed))
"""


def test_the_committed_schemas_are_the_ones_that_are_served() -> None:
    told = subprocess.run([sys.executable, "-c", RENEWED], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    if told:
        place = next(place for place in snapshots() if str(place) in told)
        committed, served = place.read_text(encoding="utf-8"), snapshots()[place]
        changed = unified_diff(committed.splitlines(), served.splitlines(), place.name, "as it is now", lineterm="")
        raise AssertionError("\n".join(["renew it by `make schema` if this is meant:", told, *changed]))


def test_the_schema_is_the_same_in_whatever_order_plugins_are_found() -> None:
    found = discover()
    first = surface(manager_of(found)).as_str()
    for seed in range(5):
        shuffled = random.Random(seed).sample(found, len(found))
        assert surface(manager_of(shuffled)).as_str() == first
