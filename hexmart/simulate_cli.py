"""`hexmart simulate`: providers on this machine, for trying things out."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import httpx
import typer
import uvicorn

from hexmart.simulate_delivery import delivery_app
from hexmart.simulators.wechat_pay import Wechat, create_app, enrol, settings_of
from hexmart.simulators.wechat_pay.notifying import Teller
from hexmart.terminal import console, one_sentence

simulate_app = typer.Typer(no_args_is_help=True, help="Providers on this machine, for trying things out.")

simulate_app.add_typer(delivery_app, name="delivery")


@simulate_app.callback()
def simulate() -> None:
    """They listen on 127.0.0.1 alone, and forget everything when they end."""


@simulate_app.command("wechat-pay")
def wechat_pay(
    settings: Annotated[Path, typer.Option(help="Where to write what a brand sets for the plugin wechat_pay.")],
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")] = 9700,
    haste: Annotated[float, typer.Option(min=1, help="How many times as fast as WeChat it tells again.")] = 10,
) -> None:
    """WeChat Pay with one merchant."""
    wechat, url = Wechat(), f"http://127.0.0.1:{port}"
    with one_sentence():
        settings.touch(mode=0o600)
        settings.write_text(json.dumps(settings_of(url, [wechat.signer], enrol(wechat))), encoding="utf-8")
        console.print(
            f"WeChat Pay listens at {url}; what a brand sets stands in {settings}.", highlight=False, soft_wrap=True
        )
        asyncio.run(_serve(wechat, port, haste))


async def _serve(wechat: Wechat, port: int, haste: float) -> None:
    teller = Teller(wechat, httpx.AsyncClient, haste)
    server = uvicorn.Server(uvicorn.Config(create_app(wechat, teller), host="127.0.0.1", port=port, log_level="info"))
    try:
        await server.serve()
    finally:
        await teller.close()
