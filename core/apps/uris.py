"""Where a browser may be sent back to: addresses that were registered, compared character by character."""

import re
from collections.abc import Sequence

from core.errors import Invalid

MOST = 10
LONGEST = 500  #: characters

_HOST = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_PORT = r"(?::[0-9]{1,5})?"
_REST = r"(?:[/?][A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]*)?"  # of RFC 3986, without a fragment
_SECURE = re.compile(f"https://{_HOST}{_PORT}{_REST}", re.ASCII)
#: programs on a person's own machine listen at whatever port they get (RFC 8252, section 7.3)
_LOOPBACK = re.compile(rf"(http://(?:127\.0\.0\.1|localhost)){_PORT}({_REST})", re.ASCII)


def check(uris: Sequence[str], *, path: tuple[str, ...]) -> list[str]:
    """Addresses that may be registered, each once, or Invalid."""
    if len(uris) > MOST:
        raise Invalid(reason=f"At most {MOST} redirect URIs can be registered.", path=path)
    for uri in uris:
        if len(uri) > LONGEST or not (_SECURE.fullmatch(uri) or _LOOPBACK.fullmatch(uri)):
            raise Invalid(
                reason="A redirect URI is https://host/path, or http://127.0.0.1/path or http://localhost/path: "
                f"in lower case up to the path, without user name and fragment, at most {LONGEST} characters.",
                path=path,
            )
    return list(dict.fromkeys(uris))


def is_registered(uri: str, registered: Sequence[str]) -> bool:
    """Whether an address is one of these; the port of a person's own machine may be another."""
    if uri in registered:
        return True
    asked = _LOOPBACK.fullmatch(uri)
    known = (_LOOPBACK.fullmatch(one) for one in registered)
    return asked is not None and any(one is not None and one.groups() == asked.groups() for one in known)
