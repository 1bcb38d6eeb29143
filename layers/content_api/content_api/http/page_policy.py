"""Parts of the Content-Security-Policy of our own pages."""

from __future__ import annotations

from binascii import b2a_base64
from hashlib import sha256

# The page loads nothing, and no other page may frame it. What a page needs, such as its style, is added in front.
CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def hashed(content: str) -> str:
    """The source expression that allows a style or a script of the page itself (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{b2a_base64(sha256(content.encode()).digest(), newline=False).decode()}'"
