"""What a Content-Security-Policy says of a page of ours."""

from __future__ import annotations

from binascii import b2a_base64
from hashlib import sha256

# Nothing but the page itself, in no frame. What the page has of its own, a style say, is added in front.
CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def hashed(content: str) -> str:
    """The source expression that allows a style or a script of the page itself (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{b2a_base64(sha256(content.encode()).digest(), newline=False).decode()}'"
