"""The long runs (`make proof`): crowds over HTTP; faults, storms, ids and documents many times as many as in tests."""

import os
import subprocess
import sys

import pytest

SCALE = "4"
DOCUMENTS = "50000"  #: that compiled execution and graphql-core answer alike
CROWDS = (sys.executable, "-m", "bench.rush")  #: first, while nothing else has the machine
RUNS = (
    "tests/core/access/test_parity.py",
    "tests/faults",
    "tests/tenants/test_cancellation.py",
    "tests/security/attack",
    "tests/difference/test_both_executions_agree.py",
    "plugins/wechat_pay/tests/test_forged.py",
    "plugins/wechat_pay/tests/test_model.py",
    "tests/core/deliveries",
    "plugins/delivery_dada",
    "plugins/delivery_fengniao",
    "plugins/delivery_sf",
)


def main() -> int:
    """Run them with their figures shown; those that write end with what the audit says of their brand."""
    os.environ.setdefault("HEXMART_PROOF_SCALE", SCALE)
    os.environ.setdefault("HEXMART_PROOF_DOCUMENTS", DOCUMENTS)
    crowds = subprocess.run(CROWDS, check=False).returncode
    return int(pytest.main(["-q", "-s", *RUNS])) or crowds


if __name__ == "__main__":
    sys.exit(main())
