"""Everything that is tried, by its name."""

from dataclasses import replace

from tests.security.oauth import thefts
from tests.security.oauth.attacks import FORM, Attack, asking, asking_twice, authenticating, sending, trading, twice
from tests.security.oauth.partner import LOOPBACK, VERIFIER, challenge_of

PKCE: dict[str, Attack] = {
    "no challenge": asking(code_challenge=None, code_challenge_method=None),
    "a method without a challenge": asking(code_challenge=None),
    "a challenge without a method, which is plain": asking(code_challenge_method=None),
    "the method plain": asking(code_challenge=VERIFIER, code_challenge_method="plain"),
    "the method s256": asking(code_challenge_method="s256"),
    "a short challenge": asking(code_challenge="short"),
    "a long challenge": asking(code_challenge="x" * 44),
    "a challenge with a line's end": asking(code_challenge=challenge_of(VERIFIER)[:-1] + "\n"),
    "no verifier": trading("invalid_request", code_verifier=None),
    "an empty verifier": trading("invalid_request", code_verifier=""),
    "a short verifier": trading("invalid_request", code_verifier=VERIFIER[:42]),
    "another verifier": trading("invalid_grant", code_verifier=VERIFIER + "x"),
    "the challenge as verifier": trading("invalid_grant", code_verifier=challenge_of(VERIFIER)),
}
CODES: dict[str, Attack] = {
    "a code twice": thefts.code_again,
    "a code by five at once": thefts.code_at_once,
    "a code after its minute": thefts.code_too_late,
    "the code of another app": thefts.code_of_another(lambda scene: (scene.rival, scene.partner)),
    "the code of an app without a secret": thefts.code_of_another(lambda scene: (scene.public, scene.partner)),
    "a code by an app without a secret": thefts.code_of_another(lambda scene: (scene.partner, scene.public)),
    "a code without the secret": thefts.code_of_another(
        lambda scene: (scene.partner, replace(scene.partner, secret=None))
    ),
    "a code at another brand": thefts.code_of_another(lambda scene: (scene.partner, scene.partner.at(scene.abroad))),
    "the code of another brand": thefts.code_of_another(lambda scene: (scene.abroad, scene.partner)),
    "a code bent": trading("invalid_grant", code="x" * 43),
    "no code": trading("invalid_request", code=None),
    "a code as a refresh token": trading("invalid_request", grant_type="refresh_token"),
    "a code for another address": trading("invalid_grant", redirect_uri=LOOPBACK),
    "a code for no address": trading("invalid_grant", redirect_uri=None),
}
SCOPES: dict[str, Attack] = {
    "more than the app may, from a person": asking(scope="orders.read staff.manage"),
    "everything, from a person": asking(scope="*"),
    "a permission that is none": asking(scope="orders.fly"),
    "more at refresh than was given": thefts.more_at_refresh("orders.read stock.read"),
    "what the app may not at refresh": thefts.more_at_refresh("staff.manage"),
    "everything at refresh": thefts.more_at_refresh("*"),
    "more than the app may, by itself": sending(
        "POST", "/oauth/token", request=lambda s: {"data": s | {"scope": "x.y"}}
    ),
    "everything, by itself": sending("POST", "/oauth/token", request=lambda s: {"data": s | {"scope": "*"}}),
}
REFRESH: dict[str, Attack] = {
    "a refresh token twice": thefts.refresh_token_again,
    "the refresh token of another app": thefts.renewing_as_another(lambda scene: (scene.rival, scene.partner)),
    "the refresh token of an app without a secret": thefts.renewing_as_another(
        lambda scene: (scene.public, scene.partner)
    ),
    "a refresh token by an app without a secret": thefts.renewing_as_another(
        lambda scene: (scene.partner, scene.public)
    ),
    "a refresh token without the secret": thefts.renewing_as_another(
        lambda scene: (scene.partner, replace(scene.partner, secret=None))
    ),
    "a refresh token at another brand": thefts.renewing_as_another(
        lambda scene: (scene.partner, scene.partner.at(scene.abroad))
    ),
    "an app's refresh token as a person's": thefts.refresh_token_in_graphql,
    "a person's refresh token as an app's": thefts.refresh_token_of_a_person,
    "an app that was shut out": thefts.shut_out,
    "an app of somebody who was let go": thefts.person_let_go,
}
REPEATED: dict[str, Attack] = {
    **{
        f"{name} twice in the address": asking_twice(name, value)
        for name, value in {
            "client_id": "other",
            "redirect_uri": "https://evil.example/",
            "response_type": "token",
            "scope": "stock.read",
            "state": "another",
            "code_challenge": challenge_of("other" * 10),
            "code_challenge_method": "plain",
        }.items()
    },
    **{
        f"{name} twice in the form": twice(name, value)
        for name, value in {
            "grant_type": "client_credentials",
            "code": "other",
            "redirect_uri": "https://evil.example/",
            "client_id": "other",
            "client_secret": "other",
            "code_verifier": "other" * 10,
        }.items()
    },
}
CLIENTS: dict[str, Attack] = {
    "a wrong secret": authenticating(form={"client_id": "{id}", "client_secret": "wrong"}),
    "no secret": authenticating(form={"client_id": "{id}"}),
    "nobody": authenticating(),
    "an unknown app": authenticating(form={"client_id": "unknown", "client_secret": "{secret}"}),
    "NUL in the name": authenticating(form={"client_id": "{id}\0", "client_secret": "{secret}"}),
    "the secret of another app": thefts.another_secret_of(lambda scene: scene.rival),
    "the secret of another brand's app": thefts.another_secret_of(lambda scene: scene.abroad),
    "Basic and a secret in the form": authenticating(basic="{id}:{secret}", form={"client_secret": "{secret}"}),
    "Basic of one and the name of another": authenticating(basic="{id}:{secret}", form={"client_id": "{rival}"}),
    "Basic with a wrong secret": authenticating(basic="{id}:wrong"),
    "Basic without a secret": authenticating(basic="{id}:"),
    "Basic without a colon": authenticating(basic="{id}"),
    "Basic that is no text": authenticating(basic="\xff\xfe:{secret}"),
    "Basic that is not base64": authenticating(authorization="Basic {id}:{secret}"),
    "a Bearer token in its place": authenticating(authorization="Bearer {secret}"),
    "an app without a secret by itself": thefts.public_by_itself,
    "a token of another app introspected": thefts.token_of_another_introspected,
    "a token of another app revoked": thefts.token_of_another_revoked,
    "introspection without a secret": thefts.introspected_without_a_secret,
    "a token at another brand": thefts.token_abroad,
    "two brands mixed up": thefts.mixed_up,
}
REQUESTS: dict[str, Attack] = {
    "a token by GET": sending("GET", "/oauth/token", request=lambda said: {"params": said}),
    "a token by PUT": sending("PUT", "/oauth/token"),
    "the secret in the address": sending("POST", "/oauth/token", request=lambda said: {"params": said}),
    "the secret in the address as well": sending("POST", "/oauth/token?client_secret=x"),
    "everything in the address and an empty form": sending(
        "POST", "/oauth/token", request=lambda said: {"params": said, "content": b"", "headers": FORM}
    ),
    "JSON": sending("POST", "/oauth/token", request=lambda said: {"json": said}),
    "a form in parts": sending("POST", "/oauth/token", request=lambda said: {"data": said, "files": {"x": b"y"}}),
    "the grant of a password": sending(
        "POST", "/oauth/token", request=lambda said: {"data": said | {"grant_type": "password"}}
    ),
    "a grant of no name": sending("POST", "/oauth/token", request=lambda said: {"data": said | {"grant_type": ""}}),
    "a grant that would break a header": sending(
        "POST", "/oauth/token", request=lambda said: {"data": said | {"grant_type": 'x"\r\nSet-Cookie: a=b ключ'}}
    ),
    "a form that is no UTF-8": sending(
        "POST", "/oauth/token", request=lambda _: {"content": b"grant_type=%ff%fe", "headers": FORM}
    ),
    "a thousand parameters": sending(
        "POST", "/oauth/token", request=lambda said: {"data": said | {f"p{n}": "x" for n in range(1_000)}}
    ),
    "an answer without a code": asking(response_type="token"),
    "an answer of both kinds": asking(response_type="code token"),
    "an answer of no kind": asking(response_type=None),
    "an answer that would break a header": asking(response_type='code"\r\nSet-Cookie: a=b'),
}
LISTS = {
    "PKCE": PKCE,
    "codes": CODES,
    "scopes": SCOPES,
    "refresh": REFRESH,
    "repeated": REPEATED,
    "clients": CLIENTS,
    "requests": REQUESTS,
}
