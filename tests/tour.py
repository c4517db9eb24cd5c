"""Runs the README's tour, word for word, against a server: `python -m tests.tour http://127.0.0.1:8000`."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def script() -> str:
    """Every block of the tour, as one script that stops at the first refusal."""
    tour = re.search(r"<!-- tour -->(.*)<!-- end of tour -->", (ROOT / "README.md").read_text(), re.DOTALL)
    assert tour is not None, "README.md has no tour"
    blocks = re.findall(r"```bash\n(.*?)```", tour[1], re.DOTALL)
    return "\n".join(["set -euo pipefail", *blocks])


def main() -> int:
    """Run the tour and say how it ended."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    ended = subprocess.run(["bash", "-c", script()], cwd=ROOT, env={**os.environ, "HEXMART_URL": url}, check=False)  # noqa: S607
    print("tour: ok" if ended.returncode == 0 else "tour: FAILED", flush=True)  # noqa: T201 - a program's last word
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
