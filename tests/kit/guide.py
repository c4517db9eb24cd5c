"""The guide's steps, as whoever reads it takes them: what is typed, and what is written into which file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "first-plugin.md"
STEPS = re.compile(r"<!-- steps -->(.*)<!-- end of steps -->", re.DOTALL)
#: `fragile/rules.py`, at the end: and a block; or a block that is typed
STEP = re.compile(
    r"(?:`(?P<file>[\w/.]+)`, (?P<how>a new file|at the end|in place of `(?P<old>[^`]+)`):\n\n)?"
    r"```(?P<language>\w+)\n(?P<text>.*?)```",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """Something for the shell."""

    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """Something for a file: in place of something, at its end, or all of it."""

    file: str
    how: str
    text: str
    old: str | None

    def into(self, folder: Path) -> None:
        """Write it."""
        path = folder / self.file
        if self.how == "a new file":
            assert not path.exists(), f"{self.file} is there already"
            path.write_text(self.text)
            return
        before = path.read_text()
        if self.old is not None:
            assert before.count(f"{self.old}\n") == 1, f"{self.file} has to have this once: {self.old}"
            path.write_text(before.replace(f"{self.old}\n", self.text))
            return
        apart = "" if self.text.startswith(" ") else "\n\n"  # a line of a class stands under its last one
        path.write_text(f"{before}{apart}{self.text}")


def steps() -> Iterator[Typed | Written]:
    """Every step of the page, in its order."""
    found = STEPS.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None, f"{PAGE.name} has no steps"
    for step in STEP.finditer(found[1]):
        if step["language"] == "bash":
            yield Typed(step["text"])
        else:
            assert step["file"], f"it is not said into which file this goes:\n{step['text']}"
            yield Written(step["file"], step["how"], step["text"], step["old"])
