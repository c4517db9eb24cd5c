"""The page on which a member of staff lets an app act for them; without any script."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from string import Template
from urllib.parse import urlsplit

from fastapi.responses import HTMLResponse

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 3rem auto; padding: 0 1rem; color: #222 }
label { display: block; margin: .8rem 0 }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .4rem }
button { font: inherit; padding: .5rem 1.2rem; margin: .5rem .5rem 0 0 }
.refused { color: #a00 }
"""
_FRAME = Template(
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    f"<title>$title</title><style>{STYLE}</style></head><body><h1>$title</h1>$body</body></html>"
)
_FORM = Template("""
<p><strong>$app</strong> wants to act for you at <strong>$brand</strong>.</p>
<p>If you let it, it may do this, wherever you may do it yourself:</p>
<ul>$wishes</ul>
<p>You will be sent back to <strong>$goal</strong>.</p>
<p class="refused" role="alert">$refusal</p>
<form method="post" action="/oauth/authorize">
$hidden
<label>E-mail <input name="email" type="email" autocomplete="username" value="$email" maxlength="200"></label>
<label>Password <input name="password" type="password" autocomplete="current-password" maxlength="200"></label>
<label>Code of your second factor, if you have one
<input name="totp_code" autocomplete="one-time-code" maxlength="50"></label>
<button name="decision" value="allow">Sign in and allow</button>
<button name="decision" value="deny" formnovalidate>Refuse</button>
</form>
""")
_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()


def consent(
    *,
    brand: str,
    app: str,
    wishes: Iterable[str],
    asked: Mapping[str, str],
    redirect_uri: str,
    email: str = "",
    refusal: str = "",
    status: int = 200,
) -> HTMLResponse:
    """What the app wants, in words, and the form in which the person before it says yes or no."""
    goal = urlsplit(redirect_uri)
    origin = f"{goal.scheme}://{goal.netloc}"
    hidden = (f'<input type="hidden" name="{escape(name)}" value="{escape(said)}">' for name, said in asked.items())
    body = _FORM.substitute(
        app=escape(app),
        brand=escape(brand),
        wishes="".join(f"<li>{escape(wish)}</li>" for wish in wishes) or "<li>nothing but know that it is let in</li>",
        goal=escape(origin),
        refusal=escape(refusal),
        hidden="\n".join(hidden),
        email=escape(email),
    )
    # a browser holds the redirect that answers a form against form-action too
    return _page(f"Let {app} in?", body, status, form_action=f"'self' {origin}")


def refusal(reason: str, status: int) -> HTMLResponse:
    """Why there is nothing to consent to."""
    return _page("This does not work", f'<p class="refused">{escape(reason)}</p>', status, form_action="'none'")


def _page(title: str, body: str, status: int, *, form_action: str) -> HTMLResponse:
    policy = (
        "default-src 'none'",
        f"style-src 'sha256-{_HASH}'",
        f"form-action {form_action}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    headers = {
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",  # without any, a form would be sent as if from nowhere
    }
    return HTMLResponse(_FRAME.substitute(title=escape(title), body=body), status, headers)
