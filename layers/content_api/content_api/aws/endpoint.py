"""The endpoints of DynamoDB and S3, from the environment variables that botocore reads ("Service-specific endpoints"
and "Settings reference" in the AWS SDKs and tools guide). An endpoint is None if anything about it is unusual: boto3,
which knows all the rules, is used then.

The reading functions import this at their start. ssl is imported only if the endpoint is https.
"""

from __future__ import annotations

import os.path
import re

from content_api.aws.connection import Unusual

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    type Wrap = Callable[[socket.socket], socket.socket]

# Any of these changes where, how or as whom boto3 asks.
_EXTRAORDINARY = (
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_CONFIG_FILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
)
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
# The regions whose endpoints end in amazonaws.com: not China, the isolated or the sovereign partitions.
_REGION = re.compile(r"(?!cn-)[a-z]{2}(-gov)?-[a-z]+-\d")
_URL = re.compile(r"(https?)://([a-zA-Z0-9.-]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?/?")
_USUAL_PORT = {"http": 80, "https": 443}
_AMAZON_ROOTS = os.path.join(os.path.dirname(__file__), "amazon_roots.pem")  # noqa: PTH118, PTH120 - pathlib costs start-up


class Endpoint:
    """`host` and `port` are what to connect to, `authority` is the Host header, and `wrap` puts TLS on a socket (None
    for plain http). `is_own`: the endpoint is not AWS's but a configured one.
    """

    __slots__ = ("authority", "host", "is_own", "port", "region", "wrap")

    def __init__(
        self, scheme: str, host: str, port: int, region: str, roots: str | None, *, is_own: bool = False
    ) -> None:
        self.is_own = is_own
        self.host = host.strip("[]")
        self.port = port
        self.authority = host if port == _USUAL_PORT[scheme] else f"{host}:{port}"
        self.region = region
        self.wrap = _tls(self.host, roots) if scheme == "https" else None


def dynamodb_endpoint(environment: Mapping[str, str]) -> Endpoint | None:
    """The endpoint of DynamoDB. None if anything about it is unusual."""
    return _endpoint(environment, "dynamodb", "dynamodb")


def s3_endpoint(environment: Mapping[str, str], bucket: str) -> Endpoint | None:
    """As `dynamodb_endpoint`, of a bucket. At AWS it is a host of its own ("Virtual hosting of buckets" in S3's user
    guide), for which a name with dots would not fit the certificate; elsewhere it is a path.
    """
    return None if "." in bucket else _endpoint(environment, "s3", f"{bucket}.s3")


def _endpoint(environment: Mapping[str, str], service: str, name: str) -> Endpoint | None:
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or ""
    if not _REGION.fullmatch(region) or any(environment.get(name) for name in _EXTRAORDINARY + _PROXIES):
        return None
    own_roots = environment.get("AWS_CA_BUNDLE")
    url = environment.get(f"AWS_ENDPOINT_URL_{service.upper()}") or environment.get("AWS_ENDPOINT_URL")
    if not url:
        return Endpoint("https", f"{name}.{region}.amazonaws.com", 443, region, own_roots or _AMAZON_ROOTS)
    match = _URL.fullmatch(url)
    if match is None:
        return None
    scheme, host, port = match.groups()
    return Endpoint(scheme, host, int(port or _USUAL_PORT[scheme]), region, own_roots, is_own=True)


def _tls(host: str, roots: str | None) -> Wrap:
    """TLS that checks the certificate against Amazon's own roots (2 ms to load) or the system's (25 ms). A certificate
    that these roots did not sign raises Unusual, and boto3 is asked, which brings more roots: Amazon's may change.
    """
    import ssl  # noqa: PLC0415 - 35 ms that plain http does without

    context = ssl.create_default_context(cafile=roots)
    context.minimum_version = ssl.TLSVersion.TLSv1_2

    def wrap(plain: socket.socket) -> socket.socket:
        try:
            return context.wrap_socket(plain, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            raise Unusual("certificate") from error

    return wrap
