"""What a brand sets for SF Tongcheng: its key, and which of SF's shops is which store."""

from pydantic import Field, SecretStr

from core.extensions import Settings


class DeliverySfSettings(Settings):
    dev_id: int = Field(0, ge=0, description="The developer's id, from SF Tongcheng's open platform.")
    dev_key: SecretStr | None = Field(
        None, description="The developer's key, by which requests and callbacks are signed."
    )
    host: str = Field(
        "production",
        pattern=r"^(production|http://127\.0\.0\.1:\d{1,5})$",
        description="Whom to ask: `production`, or a simulator on this machine, as http://127.0.0.1:8903.",
    )
    shops: dict[str, str] = Field(
        default_factory=dict, description="SF's number of a store, by the store's code; else SF knows it by our code."
    )
    product_type: int = Field(6, ge=1, le=99, description="What is sent, in SF's list; 6 is fresh food.")
