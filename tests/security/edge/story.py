"""What people do who have something to hide, over HTTP, each secret noted as it comes up."""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx
import orjson
import pyotp

from core.actors import system
from core.notices import NoticeRequested
from hexmart.testing import World
from schema.relay import key_of
from tenants import Platform
from tests.security.edge.canaries import Canaries
from tests.security.edge.serving import PATIENCE

PHONE, ANOTHER = "13912347701", "13912347702"
NOTICES = "SELECT payload::text FROM outbox WHERE tenant_id = $1 AND name = $2 ORDER BY id"
ERRORS = "userErrors { code }"


@dataclass(frozen=True)
class Caller:
    """Somebody who calls a brand at a server."""

    http: httpx.AsyncClient
    slug: str
    token: str | None = None

    async def send(self, query: str, **variables: Any) -> dict[str, Any]:
        headers = {"X-Tenant": self.slug} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        answer = await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        response: dict[str, Any] = answer.json()
        return response

    async def do(self, mutation: str, fields: str, **wanted: Any) -> dict[str, Any]:
        """The payload of a mutation that may be refused."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input!"
        asked = f"mutation($input: {kind}) {{ {mutation}(input: $input) {{ {fields} {ERRORS} }} }}"
        response = await self.send(asked, input=wanted)
        assert response["data"], response
        payload: dict[str, Any] = response["data"][mutation]
        return payload

    def with_token(self, token: str) -> "Caller":
        return replace(self, token=token)


class Story:
    """One brand's people at one server."""

    def __init__(self, http: httpx.AsyncClient, platform: Platform, world: World, canaries: Canaries) -> None:
        self._guest = Caller(http, world.tenant.slug)
        self._platform = platform
        self._world = world
        self._note = canaries.add

    async def staff(self) -> Caller:
        """Somebody is invited, chooses a password, forgets it, and gets a second factor; others guess."""
        owner = await self._signed_in("the owner", self._world.email("owner"), "hexmart-demo")
        email, name = self._note("e-mail", "q.canary@hidden.example"), self._note("staff name", "Quirin Kanarienvogel")
        await owner.do("staffInvite", "staff { id }", email=email, name=name)
        ticket = self._note("invitation", await self._noticed("identity.staff_invited", "token"))
        first, second = self._note("password", "Zs9-gelber-Vogel"), self._note("second password", "Zs9-roter-Vogel&é")
        accepted = await self._guest.do("staffInvitationAccept", "accessToken", token=ticket, password=first)
        self._note("token of an invitation", accepted["accessToken"])
        wrong = self._note("wrong password", "Zs9-toter-Vogel")
        assert (await self._guest.do("staffSignIn", "accessToken", email=email, password=wrong))["userErrors"]
        await self._guest.do("staffPasswordResetRequest", "expiresIn", email=email)
        reset = self._note("reset", await self._noticed("identity.password_reset", "token"))
        assert (await self._guest.do("staffPasswordReset", "changed", token=reset, password=second))["changed"]
        person = await self._signed_in("a member of staff", email, second)
        await self._second_factor(person, email, second)
        return owner

    async def _second_factor(self, person: Caller, email: str, password: str) -> None:
        enrolled = (await person.send(f"mutation {{ staffTotpEnrol {{ secret uri {ERRORS} }} }}"))["data"][
            "staffTotpEnrol"
        ]
        totp = pyotp.TOTP(self._note("TOTP secret", enrolled["secret"]))
        confirmed = await person.do("staffTotpConfirm", "recoveryCodes", code=self._note("TOTP code", totp.now()))
        for number, code in enumerate(confirmed["recoveryCodes"]):
            self._note(f"recovery code {number}", code)
        wanted = {"email": email, "password": password, "totpCode": confirmed["recoveryCodes"][0]}
        assert (await self._guest.do("staffSignIn", "accessToken", **wanted))["accessToken"]

    async def _signed_in(self, who: str, email: str, password: str) -> Caller:
        payload = await self._guest.do("staffSignIn", "accessToken refreshToken", email=email, password=password)
        return self._with_tokens(who, payload)

    def _with_tokens(self, who: str, payload: Mapping[str, Any]) -> Caller:
        self._note(f"refresh token of {who}", payload["refreshToken"])
        return self._guest.with_token(self._note(f"access token of {who}", payload["accessToken"]))

    async def member(self) -> Caller:
        """A member signs in by a code, after a guess, and renews the session; an old token is tried again."""
        phone = self._note("phone", PHONE)
        await self._guest.do("memberOtpRequest", "retryAfter", phone=phone)
        code = self._note("one-time code", await self._noticed("identity.one_time_code", "code"))
        wrong = self._note("wrong code", f"{(int(code) + 7) % 10**6:06}")
        assert (await self._guest.do("memberSignIn", "accessToken", phone=phone, code=wrong))["userErrors"]
        payload = await self._guest.do("memberSignIn", "accessToken refreshToken", phone=phone, code=code)
        member = self._with_tokens("a member", payload)
        renewed = await member.do("tokenRefresh", "accessToken refreshToken", refreshToken=payload["refreshToken"])
        self._with_tokens("a member later", renewed)
        await self._guest.send(
            "mutation($t: String!) { tokenRefresh(input: {refreshToken: $t}) { accessToken } }",
            t=payload["refreshToken"],
        )
        return member

    async def order(self) -> str:
        """A guest has something delivered; whoever knows the cart's or the order's id may see it."""
        lines = [{"variantId": self._world.variants["MILK-1L"], "quantity": 2}]
        made = await self._guest.do("cartCreate", "cart { id }", storeId=self._world.stores["S1"], lines=lines)
        cart = self._note("cart", made["cart"]["id"])
        self._note("cart's key", str(key_of("Cart", cart)))
        address = {
            "recipient": self._note("recipient", "Walburga Kanarienvogel"),
            "phone": self._note("recipient's phone", ANOTHER),
            "line": self._note("address", "黄鸟路77号金丝雀楼5层"),
            "city": "上海",
            "location": {"latitude": 31.2304, "longitude": 121.4737},
        }
        chosen = await self._guest.do(
            "cartFulfilmentSet", "cart { id }", cartId=cart, fulfilment="DELIVERY", address=address
        )
        assert chosen["cart"], chosen
        contact = {"name": self._note("buyer", "金丝雀先生本人"), "phone": PHONE}
        wanted = {
            "cartId": cart,
            "idempotencyKey": self._note("idempotency key", "key-of-a-canary"),
            "contact": contact,
        }
        placed = await self._guest.do("orderPlace", "order { id number }", **wanted)
        order = self._note("order", placed["order"]["id"])
        self._note("order's key", str(key_of("Order", order)))
        await self._guest.send("query($id: ID!) { order(id: $id) { number status } }", id=order)
        return order

    async def app(self, owner: Caller) -> None:
        """A partner's app gets a token; another guesses its secret."""
        registration = {"name": "Canary", "scopes": ["stock.read"], "confidential": True}
        made = await owner.do("appCreate", "app { clientId } secret", **registration)
        secret, client_id = self._note("app secret", made["secret"]), made["app"]["clientId"]
        wrong = self._note("wrong app secret", "a-secret-that-no-app-has")
        for tried in (wrong, secret):
            form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": tried}
            answer = await self._guest.http.post("/oauth/token", data=form, headers={"X-Tenant": self._guest.slug})
            await self._guest.http.post(
                "/oauth/token",
                data={"grant_type": "client_credentials"},
                auth=(client_id, tried),
                headers={"X-Tenant": self._guest.slug},
            )
        self._note("access token of an app", answer.json()["access_token"])

    async def _noticed(self, template: str, name: str) -> str:
        """What the latest notice of a kind told somebody; the worker may have to write it yet."""
        async with asyncio.timeout(PATIENCE):
            while True:
                told = [one["values"][name] for one in await self._notices() if one["template"] == template]
                if told:
                    return str(told[-1])
                await asyncio.sleep(0.1)

    async def _notices(self) -> list[Any]:
        async with self._platform.open_work(self._world.tenant, system("test"), read_only=True) as work:
            rows = await work.fetch(NOTICES, NoticeRequested.name)
            sealed = [orjson.loads(row["payload"])["sealed"] for row in rows]
            return [work.vault.open(base64.b64decode(one), "outbox.notice") for one in sealed]
