"""Which brand might be meant: every way of naming one by host and header, and what each has to lead to."""

from collections.abc import Iterator
from dataclasses import dataclass

UNKNOWN = "TENANT_UNKNOWN"
REFUSED = "BAD_REQUEST"
NOBODY = ""  #: the host is no brand's, so that the header decides
SELLS_NOTHING = "FORBIDDEN"  #: the platform's own tenant


@dataclass(frozen=True)
class Brand:
    slug: str
    domain: str  #: of its own


@dataclass(frozen=True)
class Naming:
    """How a request names its brand, and what it has to lead to: a slug, or the code of a refusal."""

    host: str | None
    header: str | None
    leads_to: str


def hosts(one: Brand, other: Brand) -> Iterator[tuple[str | None, str]]:
    """Hosts, and whose they are."""
    for name in (f"{one.slug}.localhost", one.domain):
        for host in (name, name.upper(), name.title(), f"{name}.", f"{name}:80", f"{name}.:8000", f"{name}:65535"):
            yield host, one.slug
    for nobodys in (None, "", "localhost", "localhost.", "LOCALHOST:8000", "127.0.0.1", "10.1.2.3:80", "[::1]",
                 "[::1]:8000", "[::ffff:10.0.0.1]", "balancer.example", f"{one.slug}.localhost.other.example",
                 f"{one.slug}.example", one.slug, f"x-{one.domain}", f"{one.domain}.example"):  # fmt: skip
        yield nobodys, NOBODY
    for host in (f"x.{one.slug}.localhost", f"{one.slug}.{other.slug}.localhost", f"{one.slug}.localhost.localhost",
                 f"{one.slug}-{other.slug}.localhost", "xn--fiqs8s.localhost", "nobody.localhost:80"):  # fmt: skip
        yield host, UNKNOWN
    yield from ((host, REFUSED) for host in _no_hosts(f"{one.slug}.localhost", f"{other.slug}.localhost"))


def _no_hosts(one: str, other: str) -> Iterator[str]:
    """What a proxy may read as one brand's host, and the next server as another's."""
    yield from (f"{one},{other}", f"{one}, {other}", f"{one} {other}", f"{one};{other}", f"{one}\t{other}")
    yield from (f"{one}@{other}", f"me@{one}", f"me:secret@{one}", f"http://{one}", f"//{one}", f"{one}/")
    yield from (f"{one}?{other}", f"{one}#{other}", f"{one}\\{other}", f"{one}%00{other}", f"{one}%2e{other}")
    yield from (f"{one}:", f"{one}:x", f"{one}:80:80", f"{one}:-1", f"{one}:800000", f"{one}..", f".{one}", f"*.{one}")
    yield from (
        "[::1",
        "::1]",
        f"[{one}]",
        "münchen.localhost",
        f"{one}\xad",
        f"{one}\xa0",
        f"{one}\xb7{other}",
        "[::1]x",
    )


def headers(one: Brand, other: Brand) -> Iterator[tuple[str | None, str]]:
    """Values of X-Tenant, and whom they name."""
    yield from ((None, NOBODY), ("", NOBODY), (one.slug, one.slug), (one.slug.upper(), one.slug))
    yield from ((other.slug, other.slug), ("platform", SELLS_NOTHING))
    lists = [one.slug + between + other.slug for between in (",", ", ", ";", " ", "\t", "|")]
    others = (f"{one.slug}.localhost", f"{one.slug}%00", f"../{one.slug}", "*", "%", f"'{one.slug}'", "\xad")
    yield from ((text, UNKNOWN) for text in (*lists, *others))


def namings(one: Brand, other: Brand) -> Iterator[Naming]:
    """Every host with every header."""
    for host, whose in hosts(one, other):
        for header, named in headers(one, other):
            yield Naming(host, header, _outcome(whose, named, header))


def _outcome(whose: str, named: str, header: str | None) -> str:
    if whose in {REFUSED, UNKNOWN}:
        return whose
    if whose == NOBODY:
        return named or REFUSED
    return whose if not header or named == whose else REFUSED
