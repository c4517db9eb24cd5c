"""The long runs (`make proof`): crowds several times larger than in the tests, each audited; many more documents."""

import os
import sys

import pytest

SCALE = "4"
DOCUMENTS = "50000"  #: that compiled execution and graphql-core answer alike
RUNS = (
    "tests/faults",
    "tests/tenants/test_cancellation.py",
    "tests/tenants/test_isolation_of_the_api.py",
    "tests/difference/test_both_executions_agree.py",
)


def main() -> int:
    """Run them with their figures shown."""
    os.environ.setdefault("HEXMART_PROOF_SCALE", SCALE)
    os.environ.setdefault("HEXMART_PROOF_DOCUMENTS", DOCUMENTS)
    return int(pytest.main(["-q", "-s", *RUNS]))


if __name__ == "__main__":
    sys.exit(main())
