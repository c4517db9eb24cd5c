"""What the environment may say, and what is refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from hexmart.settings import Settings, asyncpg_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_every_spelling_of_postgresql_goes_to_asyncpg(scheme: str) -> None:
    assert asyncpg_url(f"{scheme}://me:p%40ss@db:5432/shop?sslmode=require") == (
        "postgresql+asyncpg://me:p%40ss@db:5432/shop?ssl=require"
    )


def test_another_database_is_refused_without_showing_its_password() -> None:
    with pytest.raises(ValidationError, match="must be PostgreSQL, not mysql") as refusal:
        Settings(database_url="mysql://me:hidden@db/shop")
    assert "hidden" not in str(refusal.value)


def test_variables_are_read_and_empty_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEXMART_PORT", "9000")
    monkeypatch.setenv("HEXMART_DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "redis://cache")
    settings = Settings()
    assert (settings.port, settings.database_url, settings.redis_url) == (9000, None, "redis://cache")


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    assert settings.secret_bytes() == Settings(home=tmp_path / "home").secret_bytes()
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "home").iterdir()] == [0o600]


def test_production_is_told_its_secret() -> None:
    with pytest.raises(ValidationError, match="HEXMART_SECRET"):
        Settings(production=True)


def test_providers_are_told_an_address_of_ours_and_in_production_a_private_one() -> None:
    assert Settings(port=9000).told_url() == "http://127.0.0.1:9000"
    told = Settings(production=True, secret="s" * 40, public_url="https://api.example.com/")
    assert told.told_url() == "https://api.example.com"
    assert Settings(production=True, secret="s" * 40).told_url() == ""
    with pytest.raises(ValidationError, match="begins with https"):
        Settings(production=True, secret="s" * 40, public_url="http://api.example.com")
    with pytest.raises(ValidationError, match="looks like"):
        Settings(public_url="api.example.com?x=1")
