"""What a brand sets when it switches gift wrapping on."""

from pydantic import Field, SecretStr

from core.extensions import Settings


class GiftWrapSettings(Settings):
    printer_url: str = Field("", max_length=500, description="Where cards of paid orders are sent; empty: nowhere.")
    printer_key: SecretStr | None = Field(None, description="What the printer knows the brand by.")
