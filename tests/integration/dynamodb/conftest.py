"""DynamoDB on a bare socket: it agrees with boto3 where it answers, sends again what may succeed later, and leaves to
boto3 what it does not understand.
"""

import ssl
from collections.abc import Iterator

import pytest
import trustme

from simulated_faults.scripted import Boto3, Server


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def boto3() -> Boto3:
    return Boto3()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)  # pyright: ignore[reportUnknownMemberType] - takes pyOpenSSL's too
    made = Server(context)
    yield made
    made.close()
