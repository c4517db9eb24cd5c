"""`hexmart simulate delivery` starts each of those who deliver, on this machine alone; who signs nothing is refused."""

import re
import subprocess
from typing import Any

import httpx
import pytest

from tests.processes import HEXMART, free_port

CARRIERS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "dada": (
        "/api/order/status/query",
        {"app_key": "demo", "body": "", "format": "json", "source_id": "73753", "timestamp": 1, "v": "1.0"},
        {"status": "fail", "code": 2003, "msg": "the signature is wrong", "errorCode": 2003},
    ),
    "fengniao": (
        "/v3/invoke/getOrderDetail",
        {"access_token": "demo", "app_id": "demo", "business_data": "{}", "merchant_id": "88001"}
        | {"timestamp": "1", "version": "1.0"},
        {"sign": "", "code": "401", "msg": "the signature is wrong", "business_data": None},
    ),
    "sf": (
        "/open/api/external/getorderstatus",
        {"dev_id": 1001},
        {"error_code": 1001, "error_msg": "the sign is wrong", "error_data": {"desc": "the sign is wrong"}}
        | {"result": None},
    ),
}


@pytest.mark.parametrize("name", CARRIERS)
def test_it_starts_listens_and_refuses_who_has_not_signed(name: str) -> None:
    path, asked, refused = CARRIERS[name]
    port = free_port()
    command = [HEXMART, "simulate", "delivery", name, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            assert process.stdout is not None
            assert re.search(rb"listens at http://127.0.0.1:", process.stdout.readline())
            with httpx.Client(transport=httpx.HTTPTransport(retries=10), base_url=f"http://127.0.0.1:{port}") as http:
                assert http.post(path, json=asked | {"signature": "0"}).json() == refused
                assert http.post("/elsewhere", json={}).status_code == httpx.codes.NOT_FOUND
        finally:
            process.terminate()
            process.wait(10)
