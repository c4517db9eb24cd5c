"""The long runs: crowds several times the size that the tests make, each ending with the audit (`make proof`)."""

import os
import sys

import pytest

SCALE = "4"
RUNS = ("tests/faults", "tests/tenants/test_cancellation.py", "tests/tenants/test_isolation_of_the_api.py")


def main() -> int:
    """Run them with their figures shown."""
    os.environ.setdefault("HEXMART_PROOF_SCALE", SCALE)
    return int(pytest.main(["-q", "-s", *RUNS]))


if __name__ == "__main__":
    sys.exit(main())
