"""The long runs (`make proof`): crowds and storms several times larger than in the tests; many more documents."""

import os
import sys

import pytest

SCALE = "4"
DOCUMENTS = "50000"  #: that compiled execution and graphql-core answer alike
RUNS = (
    "tests/faults",
    "tests/tenants/test_cancellation.py",
    "tests/security/attack",
    "tests/difference/test_both_executions_agree.py",
)


def main() -> int:
    """Run them with their figures shown; those that write end with what the audit says of their brand."""
    os.environ.setdefault("HEXMART_PROOF_SCALE", SCALE)
    os.environ.setdefault("HEXMART_PROOF_DOCUMENTS", DOCUMENTS)
    return int(pytest.main(["-q", "-s", *RUNS]))


if __name__ == "__main__":
    sys.exit(main())
