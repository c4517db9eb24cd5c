"""`hexmart simulate wechat-pay` listens on this machine alone, and writes down what a brand sets."""

import json
import re
import subprocess
from pathlib import Path

import httpx

from plugins.wechat_pay.merchants import WechatPaySettings
from tests.processes import HEXMART, free_port


def test_it_listens_and_says_what_a_brand_sets(tmp_path: Path) -> None:
    port, told = free_port(), tmp_path / "wechat.json"
    command = [HEXMART, "simulate", "wechat-pay", "--settings", str(told), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            assert process.stdout is not None
            assert re.search(rb"listens at http://127.0.0.1:", process.stdout.readline())
            settings = WechatPaySettings.model_validate(json.loads(told.read_text(encoding="utf-8")))
            assert told.stat().st_mode & 0o777 == 0o600
            assert settings.simulator == f"http://127.0.0.1:{port}"
            transport = httpx.HTTPTransport(retries=10)
            with httpx.Client(transport=transport, base_url=settings.simulator) as http:
                assert http.get("/shopper/trades").json() == []
                assert http.post("/v3/pay/transactions/jsapi", json={}).json()["code"] == "SIGN_ERROR"
        finally:
            process.terminate()
            process.wait(10)
