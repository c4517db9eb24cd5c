"""A provider that misbehaves, or is not the one that was meant: nobody is signed in by it."""

import asyncio
import base64
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from core import clock
from core.identity.openid import network
from hexmart.testing import Client, World
from hexmart.testing.openid import SECRET, Misbehaviour, Provider, Sign, running, signed_by, slowly, unsigned
from tests.schema.openid_visits import codes, configure, finish, go, sign_in, start

pytestmark = pytest.mark.anyio

OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
with warnings.catch_warnings():  # it is short
    warnings.simplefilter("ignore")
    SHORT = RSAKey.generate_key(1024, {"kid": "one", "use": "sig", "alg": "RS256"})
MUCH, TOO_MUCH = ({"padding": "x" * size} for size in (network.LARGEST // 2, network.LARGEST))
DOCUMENT, TOKEN, SET = "/.well-known/openid-configuration", "/token", "/keys"


def public(*keys: Any) -> dict[str, Any]:
    """A set of keys as it is published."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def now() -> int:
    return int(clock.now().timestamp())


def by_public_key(provider: Provider) -> Sign:
    """The public key, taken for a secret that both sides know."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        secret = OctKey.import_key(base64.b64encode(provider.key.as_pem(private=False)))
    return signed_by(secret, "HS256")


def bent(signed: Sign) -> Sign:
    """Somebody else's claims over a good signature."""

    def sign(header: dict[str, Any], claims: dict[str, Any]) -> str:
        good = signed(header, claims | {"email": "somebody@else.example"}).split(".")
        return ".".join((good[0], signed(header, claims).split(".")[1], good[2]))

    return sign


async def packed(_: Request) -> Response:
    return Response(b"{}", headers={"Content-Encoding": "gzip"}, media_type="application/json")


async def elsewhere(_: Request) -> Response:
    return RedirectResponse("/keys", 302)


async def broken(_: Request) -> Response:
    return PlainTextResponse("not JSON")


async def listing(_: Request) -> Response:
    return PlainTextResponse("[]", media_type="application/json")


async def failing(_: Request) -> Response:
    return PlainTextResponse("{}", 500)


CLAIMS: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "somebody else"},
    "no audience": {"aud": None},
    "an audience of two": {"aud": ["hexmart-at-work", "somebody else"]},
    "an audience of nobody": {"aud": []},
    "another party": {"azp": "somebody else"},
    "another issuer": {"iss": "https://evil.example"},
    "an issuer with a slash": {"iss": "http://127.0.0.1/"},
    "no issuer": {"iss": None},
    "expired": {"exp": now() - 3_600},
    "no end": {"exp": None},
    "an end in words": {"exp": "tomorrow"},
    "an end that is a fraction": {"exp": 1e300},
    "an end that is true": {"exp": True},
    "signed an hour ago": {"iat": now() - 3_600},
    "signed tomorrow": {"iat": now() + 86_400},
    "no moment": {"iat": None},
    "not yet": {"nbf": now() + 86_400},
    "an e-mail that is not verified": {"email_verified": False},
    "an e-mail of which that is not said": {"email_verified": None},
    "an e-mail that is verified in words": {"email_verified": "true"},
    "an e-mail that is verified by a number": {"email_verified": 1},
    "no e-mail": {"email": None},
    "an e-mail that is a list": {"email": ["a", "b"]},
    "nobody": {"sub": None},
    "another access token": {"at_hash": "x" * 22},
}
SIGNED: dict[str, Callable[[Provider], Misbehaviour]] = {
    "by nothing": lambda _: Misbehaviour(sign=unsigned),
    "by nothing, said in another way": lambda p: Misbehaviour(sign=signed_by(p.key, alg="nOnE")),
    "by another key": lambda _: Misbehaviour(sign=signed_by(OTHER)),
    "by another key that it brings along": lambda _: Misbehaviour(sign=signed_by(OTHER, jwk=public(OTHER)["keys"][0])),
    "by a key at an address it names": lambda p: Misbehaviour(sign=signed_by(OTHER, jku=f"{p.issuer}/other")),
    "by a certificate it brings along": lambda _: Misbehaviour(sign=signed_by(OTHER, x5c=["MIIB"])),
    "by a key of no name": lambda p: Misbehaviour(sign=signed_by(p.key, kid="../../etc/passwd")),
    "by a number": lambda p: Misbehaviour(sign=signed_by(p.key, kid=1)),
    "by the public key as a secret": lambda p: Misbehaviour(sign=by_public_key(p)),
    "by the client's secret": lambda _: Misbehaviour(sign=signed_by(OctKey.import_key(SECRET), "HS256")),
    "by an algorithm it did not name": lambda p: Misbehaviour(sign=signed_by(p.key, "RS512")),
    "by a curve that is not taken": lambda _: Misbehaviour(
        document={"id_token_signing_alg_values_supported": ["RS256", "ES384"]},
        sign=signed_by(ECKey.generate_key("P-384", {"kid": "one"}), "ES384"),
    ),
    "by a key that is too short": lambda _: Misbehaviour(sign=signed_by(SHORT), keys=lambda: public(SHORT)),
    "by a key for encrypting": lambda p: Misbehaviour(
        keys=lambda: {"keys": [p.key.as_dict(private=False) | {"use": "enc"}]}
    ),
    "by one of two keys of one name": lambda p: Misbehaviour(keys=lambda: public(p.key, p.key)),
    "by one of two keys without a name": lambda p: Misbehaviour(
        sign=signed_by(p.key, kid=None),
        keys=lambda: public(p.key, OTHER),
    ),
    "and bent": lambda p: Misbehaviour(sign=bent(signed_by(p.key))),
    "with something critical": lambda p: Misbehaviour(sign=signed_by(p.key, crit=["b64"], b64=False)),
    "by keys that are none": lambda _: Misbehaviour(keys=lambda: {"keys": [1, None, {"kty": "RSA"}]}),
    "by keys that are no list": lambda _: Misbehaviour(keys=lambda: {"keys": "one"}),
    "by the first of far too many keys": lambda p: Misbehaviour(keys=lambda: public(p.key) | TOO_MUCH),
    "by no keys": lambda _: Misbehaviour(keys=dict),
}
ANSWERS: dict[str, Misbehaviour] = {
    "no token": Misbehaviour(tokens=lambda given: given | {"id_token": None}),
    "a token that is a number": Misbehaviour(tokens=lambda given: given | {"id_token": 1}),
    "a token of a million": Misbehaviour(tokens=lambda given: given | {"id_token": "x." * 20_000}),
    "an encrypted token": Misbehaviour(tokens=lambda given: given | {"id_token": "a.b.c.d.e"}),
    "no access token": Misbehaviour(tokens=lambda given: {"id_token": given["id_token"]}),
    "an error": Misbehaviour(tokens=lambda _: {"error": "invalid_grant"}),
    "a list": Misbehaviour(tokens=lambda _: []),
    "too much": Misbehaviour(tokens=lambda given: given | TOO_MUCH),
    "the right tokens on the way elsewhere": Misbehaviour(status=302, path=TOKEN),
    "the right keys on the way elsewhere": Misbehaviour(status=302, path=SET),
    **{f"{how.__name__} tokens": Misbehaviour(answer=how, path=TOKEN) for how in (packed, elsewhere, broken)},
    **{f"{how.__name__} for tokens": Misbehaviour(answer=how, path=TOKEN) for how in (failing, listing)},
    **{f"{how.__name__} keys": Misbehaviour(answer=how, path=SET) for how in (packed, elsewhere, broken)},
    **{f"{how.__name__} for keys": Misbehaviour(answer=how, path=SET) for how in (failing, listing)},
}
DOCUMENTS: dict[str, Misbehaviour] = {
    "of another issuer": Misbehaviour(document={"issuer": "https://evil.example"}),
    "without an issuer": Misbehaviour(document={"issuer": None}),
    "that is too long": Misbehaviour(document=TOO_MUCH),
    "that is right, on the way elsewhere": Misbehaviour(status=302, path=DOCUMENT),
    "without keys": Misbehaviour(document={"jwks_uri": None}),
    "without tokens": Misbehaviour(document={"token_endpoint": None}),
    "with tokens that are a list": Misbehaviour(document={"token_endpoint": ["https://a.example"]}),
    "with a script to sign in at": Misbehaviour(document={"authorization_endpoint": "javascript:alert(1)"}),
    "with a page without TLS": Misbehaviour(document={"authorization_endpoint": "http://login.example/"}),
    "with a page of a user": Misbehaviour(document={"authorization_endpoint": "https://a@login.example/"}),
    "that signs by secrets": Misbehaviour(document={"id_token_signing_alg_values_supported": ["HS256", "none"]}),
    "that signs by nothing": Misbehaviour(document={"id_token_signing_alg_values_supported": []}),
    **{
        f"that is {how.__name__}": Misbehaviour(answer=how, path=DOCUMENT)
        for how in (packed, elsewhere, broken, failing, listing)
    },
}


async def test_a_token_that_is_not_what_it_should_be_lets_nobody_in(client: Client, provider: Provider) -> None:
    through = []
    tried = [
        *[(f"claims: {name}", Misbehaviour(claims=claims)) for name, claims in CLAIMS.items()],
        *[(f"signed {name}", make(provider)) for name, make in SIGNED.items()],
        *[(f"answers: {name}", misbehaviour) for name, misbehaviour in ANSWERS.items()],
    ]
    for name, misbehaviour in tried:
        provider.misbehaviour = Misbehaviour()
        brought = await go(client, provider)
        provider.misbehaviour = misbehaviour
        if misbehaviour.document:
            brought = await go(client, provider)
        payload = await finish(client, brought)
        if codes(payload) not in (["PROVIDER_REFUSED"], ["PROVIDER_AWAY"]) or payload["accessToken"]:
            through.append(name)
    for name, misbehaviour in DOCUMENTS.items():
        provider.misbehaviour = misbehaviour
        payload = await start(client)
        if codes(payload) != ["PROVIDER_AWAY"] or payload["authorizationUrl"]:
            through.append(f"a document {name}")
    count = len(tried) + len(DOCUMENTS)
    assert provider.faults == []
    print(f"\nprovider: {count - len(through)} of {count} ways to misbehave refused")  # noqa: T201 - the figure is wanted
    assert through == []
    provider.misbehaviour = Misbehaviour()
    assert (await sign_in(client, provider))["accessToken"]


async def test_what_a_provider_may_do_is_taken(client: Client, provider: Provider) -> None:
    """So that a refusal above is for its own reason."""
    for name, misbehaviour in {
        "a clock that is off": Misbehaviour(claims={"iat": now() + 30, "exp": now() - 30}),
        "an audience of one": Misbehaviour(claims={"aud": ["hexmart-at-work"]}),
        "the party it is for": Misbehaviour(claims={"azp": "hexmart-at-work"}),
        "no hash of the access token": Misbehaviour(claims={"at_hash": None}),
        "a key of another name besides": Misbehaviour(
            keys=lambda: {"keys": [OTHER.as_dict(private=False) | {"kid": "two"}, provider.key.as_dict(private=False)]}
        ),
        "a key for encrypting besides, of the same name": Misbehaviour(
            keys=lambda: {"keys": [public(OTHER)["keys"][0] | {"use": "enc"}, *public(provider.key)["keys"]]}
        ),
        "much": Misbehaviour(
            document=MUCH, keys=lambda: public(provider.key) | MUCH, tokens=lambda given: given | MUCH
        ),
        "no name where there is one key": Misbehaviour(header={"kid": None}),
        "signed by the same key once more": Misbehaviour(sign=signed_by(provider.key)),
    }.items():
        provider.misbehaviour = misbehaviour
        assert (await sign_in(client, provider))["accessToken"], name


async def test_ed25519_is_taken_by_its_old_name(client: Client, owner: Client, world: World) -> None:
    async with running("Ed25519") as provider:
        await configure(owner, provider)
        provider.email = world.email("manager")
        named = {"id_token_signing_alg_values_supported": ["EdDSA"]}
        keys = provider.key.as_dict(private=False) | {"alg": "EdDSA"}
        provider.misbehaviour = Misbehaviour(
            document=named,
            sign=signed_by(provider.key, "EdDSA"),
            keys=lambda: {"keys": [keys]},
        )
        assert (await sign_in(client, provider))["accessToken"]
        other = OKPKey.generate_key("Ed448", {"kid": "one"})
        provider.misbehaviour.sign = signed_by(other, "EdDSA")
        provider.misbehaviour.keys = lambda: public(other)
        assert codes(await sign_in(client, provider)) == ["PROVIDER_REFUSED"]


@pytest.mark.parametrize("path", [DOCUMENT, TOKEN, SET])
async def test_a_provider_that_takes_its_time_is_not_waited_for(
    client: Client, provider: Provider, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = await go(client, provider)
    monkeypatch.setattr(network, "SECONDS", 0.5)
    provider.misbehaviour = Misbehaviour(answer=slowly, path=path)
    payload = await asyncio.wait_for(start(client) if path == DOCUMENT else finish(client, brought), 30)
    assert codes(payload) == ["PROVIDER_AWAY"]


async def test_a_provider_that_is_not_there_is_said_to_be_away(client: Client, owner: Client) -> None:
    async with running() as provider:
        await configure(owner, provider)
    assert codes(await start(client)) == ["PROVIDER_AWAY"]
