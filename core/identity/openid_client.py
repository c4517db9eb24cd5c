"""authlib's OAuth client over httpx."""

import warnings

with warnings.catch_warnings():  # authlib would rather have httpx's successor, which nothing else here needs
    warnings.simplefilter("ignore")
    from authlib.integrations.httpx_client import AsyncOAuth2Client

__all__ = ["AsyncOAuth2Client"]
