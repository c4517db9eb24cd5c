"""`python -m tests.security.matrix` writes matrix.txt anew, as the engine answers now."""

import os
import subprocess
import sys
from pathlib import Path

from tests.security.matrix.table import WRITE

TEST = str(Path(__file__).with_name("test_permission_matrix.py"))
COMMAND = [sys.executable, "-m", "pytest", "-q", "-s", TEST, "-k", "test_everybody_may_call"]

sys.exit(subprocess.run(COMMAND, env=os.environ | {WRITE: "yes"}, check=False).returncode)
