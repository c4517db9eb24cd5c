"""How partners' apps might be attacked: each way answers whether it was refused, beside a control that was not."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from hexmart.testing import Client
from tests.security.oauth.partner import CALLBACK, VERIFIER, WHO, Partner, http_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Scene:
    """Apps: of one brand, the same brand, and another."""

    partner: Partner
    public: Partner
    rival: Partner
    abroad: Partner
    owner: Client


Attack = Callable[[Scene], Awaitable[bool]]


def refused(answer: httpx.Response, *errors: str) -> bool:
    """Whether an endpoint for apps said no, for one of these reasons."""
    said = answer.json()
    return 400 <= answer.status_code < 429 and "access_token" not in said and said.get("error") in errors


def refused_to_browser(answer: httpx.Response, *errors: str) -> bool:
    """Whether a browser was sent back without a code, to where it was to be sent."""
    location = answer.headers.get("location", "")
    params = httpx.URL(location).params
    return location.startswith(CALLBACK) and "code" not in params and params.get("error") in errors


def stopped(answer: httpx.Response) -> bool:
    """Whether a browser was sent nowhere at all."""
    return answer.status_code == 400 and "location" not in answer.headers and "<form" not in answer.text


async def called(partner: Partner, token: str) -> bool:
    """Whether a token is let in."""
    return "errors" not in await partner.calling(token).send(WHO)


def asking(**changes: str | None) -> Attack:
    """Ask for consent in another way; what came after is as it should be."""

    async def attack(scene: Scene) -> bool:
        reasons = ("invalid_request", "invalid_scope", "unsupported_response_type")
        page, sent = await scene.partner.page(**changes), await scene.partner.consent(**changes)
        return refused_to_browser(page, *reasons) and refused_to_browser(sent, *reasons)

    return attack


def trading(*errors: str, **changes: str | None) -> Attack:
    """Trade a good code in another way; then it is good for nothing else."""

    async def attack(scene: Scene) -> bool:
        code = await scene.partner.code()
        answer = await scene.partner.trade(code, **changes)
        control = await scene.partner.trade(code)
        return refused(answer, *errors) and control.status_code == 200

    return attack


def twice(name: str, value: str) -> Attack:
    """Say something twice in the request for a token."""

    async def attack(scene: Scene) -> bool:
        code = await scene.partner.code()
        said = scene.partner.credentials | {"grant_type": "authorization_code", "code": code}
        said |= {"redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        body = str(httpx.QueryParams([*said.items(), (name, value)]))
        async with http_of(scene.partner.client) as http:
            answer = await http.post("/oauth/token", content=body, headers=FORM)
        return refused(answer, "invalid_request") and (await scene.partner.trade(code)).status_code == 200

    return attack


def asking_twice(name: str, value: str) -> Attack:
    """Say something twice in the request for consent."""

    async def attack(scene: Scene) -> bool:
        params = httpx.QueryParams([*scene.partner.asked().items(), (name, value)])
        async with http_of(scene.partner.client) as http:
            answer = await http.get("/oauth/authorize", params=params)
        if name in {"client_id", "redirect_uri"}:
            return stopped(answer)
        return refused_to_browser(answer, "invalid_request")

    return attack


def authenticating(**how: Any) -> Attack:
    """Say in another way who one is."""

    async def attack(scene: Scene) -> bool:
        form = {"grant_type": "client_credentials"} | how.get("form", {})
        values = {"id": scene.partner.client_id, "secret": scene.partner.secret, "rival": scene.rival.client_id}
        form = {name: value.format(**values) for name, value in form.items()}
        headers = {}
        if "basic" in how:
            credentials = how["basic"].format(**values)
            headers["Authorization"] = "Basic " + base64.b64encode(credentials.encode("latin-1")).decode()
        if "authorization" in how:
            headers["Authorization"] = how["authorization"].format(**values)
        async with http_of(scene.partner.client) as http:
            answer = await http.post("/oauth/token", data=form, headers=headers)
        control = await scene.partner.own_token()
        return refused(answer, "invalid_client", "invalid_request") and control.status_code == 200

    return attack


def sending(method: str, path: str, **how: Any) -> Attack:
    """Ask for a token by a request that is none."""

    async def attack(scene: Scene) -> bool:
        said = {"grant_type": "client_credentials", **scene.partner.credentials}
        async with http_of(scene.partner.client) as http:
            request = how["request"](said) if "request" in how else {"data": said}
            answer = await http.request(method, path, **request)
        return 400 <= answer.status_code < 429 and "access_token" not in answer.text

    return attack
