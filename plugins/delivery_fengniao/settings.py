"""What a brand sets for Fengniao: its app, what the merchant has granted that, and which shop is which store."""

from pydantic import Field, SecretStr

from core.extensions import Settings


class DeliveryFengniaoSettings(Settings):
    app_id: str = Field("", max_length=100, description="The app's id, from Fengniao's open platform.")
    app_secret: SecretStr | None = Field(
        None, description="The app's secret, by which requests and callbacks are signed."
    )
    merchant_id: str = Field("", max_length=100, description="The merchant who has authorised the app.")
    access_token: SecretStr | None = Field(
        None, description="What the app was given for that; it is good for a year, then it is set anew."
    )
    host: str = Field(
        "production",
        pattern=r"^(production|sandbox|http://127\.0\.0\.1:\d{1,5})$",
        description="Whom to ask: `production`, `sandbox`, or a simulator on this machine, as http://127.0.0.1:8902.",
    )
    shops: dict[str, str] = Field(
        default_factory=dict,
        description="Fengniao's number of a store, by the store's code; else Fengniao knows it by our code.",
    )
