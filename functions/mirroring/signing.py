"""Signs manifests with Ed25519 (RFC 8032), and checks signatures. A signed document is JSON of three members: `signed`
is the text, `signature` and `key` are in hexadecimal. The text is a text within JSON, so that what was signed is known
to the byte.
"""

import json
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_MEMBERS = ("signed", "signature", "key")


class NotSigned(Exception):
    """The document is no signed one, somebody altered it, or another key signed it. The message says which."""


class Signer:
    def __init__(self, secret: str) -> None:
        """The key is made of a secret of any form, which must have the strength of one: template.yaml has Secrets
        Manager draw 64 characters.
        """
        self._key = Ed25519PrivateKey.from_private_bytes(sha256(secret.encode()).digest())
        self.public_key = self._key.public_key().public_bytes_raw().hex()

    def signed(self, text: str) -> bytes:
        document = {"signed": text, "signature": self._key.sign(text.encode()).hex(), "key": self.public_key}
        return json.dumps(document, ensure_ascii=False).encode()


def opened(document: bytes, key: str = "") -> tuple[str, str]:
    """The text of a signed document, and the key that signed it. `key` is the publisher's; without it, any will do.
    Raises NotSigned.
    """
    try:
        stated = json.loads(document)
        text, signature, own = (str(stated[name]) for name in _MEMBERS)
        if key and own.lower() != key.lower():
            raise NotSigned(f"The manifest is signed with another key: {own}.")
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(own)).verify(bytes.fromhex(signature), text.encode())
    except InvalidSignature:
        raise NotSigned("The manifest was altered: its signature is another text's.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise NotSigned("This is no signed manifest.") from error
    return text, own
