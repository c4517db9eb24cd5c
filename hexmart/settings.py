"""What a process is told from outside, by environment variables."""

import os
import secrets
import tempfile
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from hexmart.live.limits import LiveLimits
from schema.engine.limits import STAFF, STOREFRONT, Limits
from tenants.batches import Bounds
from tenants.throttle import CallerLimits

SECRET_BYTES = 32


def asyncpg_url(url: str) -> str:
    """Rewrite the URL that a hosting service hands out, so that SQLAlchemy takes it to asyncpg."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError("a database URL looks like postgresql://user:password@host:5432/name") from error
    if parsed.drivername not in {"postgres", "postgresql", "postgresql+asyncpg"}:
        raise ValueError(f"the database must be PostgreSQL, not {parsed.drivername}")
    # asyncpg calls libpq's sslmode by another name
    query = {"ssl" if name == "sslmode" else name: value for name, value in parsed.query.items()}
    return parsed.set(drivername="postgresql+asyncpg", query=query).render_as_string(hide_password=False)


def networks(text: str) -> str:
    """Check a list of addresses and networks: a misspelt one would be trusted by nobody, without a word."""
    for part in text.split(","):
        try:
            ip_network(part.strip())
        except ValueError as error:
            raise ValueError("write addresses and networks with commas between them: 10.0.0.7, 10.1.0.0/16") from error
    return text


def base_url(text: str) -> str:
    """Check an address that paths are put behind."""
    parsed = urlsplit(text)
    if parsed.scheme not in {"http", "https"} or not parsed.hostname or parsed.query or parsed.fragment:
        raise ValueError("an address that others call looks like https://api.example.com")
    return text.rstrip("/")


def level(text: str) -> str:
    """Check a level; below DEBUG uvicorn would write down what it is sent, tokens and all."""
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise ValueError("a level is DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return text.upper()


DatabaseUrl = Annotated[str, AfterValidator(asyncpg_url)]


class Settings(BaseSettings):
    """Every variable begins with HEXMART_, except REDIS_URL, which hosting services set by that name."""

    model_config = SettingsConfigDict(
        env_prefix="HEXMART_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        frozen=True,
        hide_input_in_errors=True,  # URLs hold passwords
        nested_model_default_partial_update=True,  # one limit may be set by itself
        populate_by_name=True,
    )

    database_url: DatabaseUrl | None = Field(default=None, repr=False)
    app_database_url: DatabaseUrl | None = Field(default=None, repr=False)
    platform_database_url: DatabaseUrl | None = Field(default=None, repr=False)
    home: Path = Path(".hexmart")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    demo: bool = False
    movable_clock: bool = False
    secret: SecretStr | None = None
    base_domain: str = "localhost"
    public_url: Annotated[str, AfterValidator(base_url)] | None = None  #: where providers reach us
    redis_url: str | None = Field(default=None, validation_alias="REDIS_URL", repr=False)
    answer_cache_bytes: int = Field(default=64 * 1024 * 1024, ge=0)  #: for answers that are given again; 0 keeps none
    pool_size: int = Field(default=8, ge=1)
    log_level: Annotated[str, AfterValidator(level)] = "INFO"
    #: proxies whose X-Forwarded-For says where a caller is; without them it is whoever the connection is from
    forwarded_allow_ips: Annotated[str, AfterValidator(networks)] | None = None
    production: bool = False
    loopback_providers: bool = False  #: whether sign-in providers may be on this very machine, as in a test
    metrics_directory: Path | None = None  #: where processes of one server put what they count; their parent says it
    storefront_limits: Annotated[Limits, NoDecode] = STOREFRONT
    staff_limits: Annotated[Limits, NoDecode] = STAFF
    caller_limits: Annotated[CallerLimits, NoDecode] = CallerLimits()
    checkout: Annotated[Bounds, NoDecode] = Bounds()
    scan: Annotated[Bounds, NoDecode] = Bounds()
    live: Annotated[LiveLimits, NoDecode] = LiveLimits()

    @model_validator(mode="after")
    def _production_is_told_its_secret(self) -> Self:
        # two machines that each made up their own would refuse each other's tokens
        if self.production and self.secret is None:
            raise ValueError("HEXMART_PRODUCTION needs HEXMART_SECRET: a long random text, the same on every machine")
        return self

    @model_validator(mode="after")
    def _production_asks_no_services_of_its_own(self) -> Self:
        if self.production and self.loopback_providers:
            raise ValueError("HEXMART_LOOPBACK_PROVIDERS is for development: brands could ask what runs here")
        return self

    @model_validator(mode="after")
    def _production_is_called_in_private(self) -> Self:
        if self.production and self.public_url is not None and not self.public_url.startswith("https://"):
            raise ValueError("HEXMART_PUBLIC_URL begins with https:// where HEXMART_PRODUCTION is set")
        return self

    def told_url(self) -> str:
        """Where providers are told to call; development is called where it listens, production says so itself."""
        return self.public_url or ("" if self.production else f"http://{self.host}:{self.port}")

    def secret_bytes(self) -> bytes:
        """The secret that signs and encrypts: the one told, else one made for this home and kept there."""
        if self.secret is not None:
            return self.secret.get_secret_value().encode()
        path = self.home / "secret"
        with suppress(FileNotFoundError):
            return path.read_bytes()
        _keep(secrets.token_hex(SECRET_BYTES).encode(), path)
        return path.read_bytes()


def _keep(secret: bytes, path: Path) -> None:
    """Let the first of several processes win, and none see half a secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as fresh:  # readable for its owner alone
        fresh.write(secret)
        fresh.flush()
        with suppress(FileExistsError):
            os.link(fresh.name, path)
