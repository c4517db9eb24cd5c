"""Runs what the README has one paste, word for word, against a demo: `python -m tests.tour http://127.0.0.1:8000`."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


SECTIONS = ("tour", "travel")


def script(*names: str) -> str:
    """Every block of these sections, as one script that stops at the first refusal."""
    readme = (ROOT / "README.md").read_text()
    blocks = [block for name in names for block in re.findall(r"```bash\n(.*?)```", _section(readme, name), re.DOTALL)]
    return "\n".join(["set -euo pipefail", *blocks])


def _section(readme: str, name: str) -> str:
    found = re.search(rf"<!-- {name} -->(.*)<!-- end of {name} -->", readme, re.DOTALL)
    assert found is not None, f"README.md has no {name}"
    return found[1]


def main() -> int:
    """Run the tour and say how it ended."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    told = {**os.environ, "HEXMART_URL": url}
    ended = subprocess.run(["bash", "-c", script(*SECTIONS)], cwd=ROOT, env=told, check=False)  # noqa: S607
    print("tour: ok" if ended.returncode == 0 else "tour: FAILED", flush=True)  # noqa: T201 - a program's last word
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
