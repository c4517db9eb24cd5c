"""What a brand sets for Dada: its keys, and which of Dada's shops is which store."""

from pydantic import Field, SecretStr

from core.extensions import Settings


class DeliveryDadaSettings(Settings):
    app_key: str = Field("", max_length=100, description="The app's key, from Dada's open platform.")
    app_secret: SecretStr | None = Field(None, description="The app's secret, by which requests are signed.")
    source_id: str = Field("", max_length=100, description="The merchant's number at Dada.")
    host: str = Field(
        "production",
        pattern=r"^(production|qa|http://127\.0\.0\.1:\d{1,5})$",
        description="Whom to ask: `production`, `qa`, or a simulator on this machine, as http://127.0.0.1:8901.",
    )
    shop_no: str | None = Field(
        None, max_length=100, description="Dada's shop, for every store that has none of its own."
    )
    shops: dict[str, str] = Field(default_factory=dict, description="Dada's shop of a store, by the store's code.")
    cargo_type: int = Field(13, ge=1, le=99, description="What is sent, in Dada's list; 13 is fresh food.")
    lets_couriers_go: bool = Field(
        True, description="Whether to agree when a courier who has accepted asks to be let go."
    )

    @property
    def complete(self) -> bool:
        """Whether Dada can be asked."""
        return bool(self.app_key and self.source_id and self.app_secret)
