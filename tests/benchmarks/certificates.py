"""A certificate of the bench's own, and what trusts it, so that a start over TLS does what it does at AWS."""

import ssl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme

_KEYS = trustme.KeyType.RSA  # of 2,048 bits, as AWS's endpoints have


class Chain:
    """A root, an authority between, and a certificate of this machine: three, as DynamoDB's endpoint sends them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = trustme.CA(key_type=_KEYS)
        self._certificate = self._root.create_child_ca(key_type=_KEYS).issue_cert("127.0.0.1", key_type=_KEYS)

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificate.configure_cert(context)  # pyright: ignore[reportUnknownMemberType] - pyOpenSSL, which is not here
        return context

    def bundle(self, roots: Path) -> Path:
        """A file with these roots and the bench's own. What a client reads of roots at AWS, it reads here, too: 5 of
        Amazon's, or some 130 of the world's.
        """
        made = self._folder / f"{len(list(self._folder.iterdir()))}.pem"
        made.write_bytes(roots.read_bytes() + b"\n" + self._root.cert_pem.bytes())
        return made


@contextmanager
def chain() -> Generator[Chain]:
    with TemporaryDirectory() as folder:
        yield Chain(Path(folder))
