import ssl
from pathlib import Path

import botocore
import pytest

import content_api.aws.endpoint
from content_api.aws.endpoint import dynamodb_endpoint, s3_endpoint

LAMBDA = {"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1", "AWS_LAMBDA_FUNCTION_NAME": "reading"}
ROOTS = Path(content_api.aws.endpoint.__file__).with_name("amazon_roots.pem")


def asked(**variables: str) -> tuple[str, int, str, bool] | None:
    endpoint = dynamodb_endpoint(LAMBDA | variables)
    return (endpoint.host, endpoint.port, endpoint.authority, endpoint.wrap is not None) if endpoint else None


def test_on_lambda_it_is_the_regions_own() -> None:
    host = "dynamodb.eu-central-1.amazonaws.com"
    assert asked() == (host, 443, host, True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:5000", ("127.0.0.1", 5000, "127.0.0.1:5000", False)),
        ("http://moto/", ("moto", 80, "moto", False)),
        ("http://moto:80", ("moto", 80, "moto", False)),
        ("https://moto:443", ("moto", 443, "moto", True)),
        ("https://moto:80", ("moto", 80, "moto:80", True)),
        ("http://[::1]:5000", ("::1", 5000, "[::1]:5000", False)),
    ],
)
def test_an_endpoint_may_be_configured(url: str, expected: tuple[str, int, str, bool]) -> None:
    assert asked(AWS_ENDPOINT_URL=url) == expected
    assert asked(AWS_ENDPOINT_URL_DYNAMODB=url, AWS_ENDPOINT_URL="http://other:1") == expected


def test_on_lambda_a_bucket_is_a_host_and_elsewhere_it_is_none() -> None:
    ours, own = (
        s3_endpoint(LAMBDA, "content"),
        s3_endpoint(LAMBDA | {"AWS_ENDPOINT_URL_S3": "http://moto:1"}, "content"),
    )
    assert ours
    assert own
    assert (ours.host, ours.port, ours.is_own) == ("content.s3.eu-central-1.amazonaws.com", 443, False)
    assert (own.authority, own.is_own) == ("moto:1", True)


def test_a_bucket_whose_name_no_certificate_fits_is_left_to_boto3() -> None:
    assert s3_endpoint(LAMBDA, "content.example.org") is None


@pytest.mark.parametrize(
    "url", ["http://moto/path", "http://user@moto", "ftp://moto", "moto:5000", "http://", "https://a?b"]
)
def test_an_unusual_address_is_left_to_boto3(url: str) -> None:
    assert asked(AWS_ENDPOINT_URL=url) is None


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_REGION": "cn-north-1"},
        {"AWS_REGION": "us-iso-east-1"},
        {"AWS_REGION": "eusc-de-east-1"},
        {"AWS_REGION": "eu-central-1.evil.example/"},
        {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""},
        {"AWS_USE_FIPS_ENDPOINT": "true"},
        {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
        {"AWS_PROFILE": "editor"},
        {"AWS_CONFIG_FILE": "/etc/aws"},
        {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "required"},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
        {"https_proxy": "http://127.0.0.1:1"},
    ],
)
def test_what_botocore_alone_knows_is_left_to_boto3(variables: dict[str, str]) -> None:
    assert asked(**variables) is None


def test_the_roots_we_ship_are_amazons_and_in_botocores_own_bundle() -> None:
    ours = ssl.create_default_context(cafile=str(ROOTS))
    bundle = ssl.create_default_context(cafile=str(Path(botocore.__file__).with_name("cacert.pem")))
    shipped = ours.get_ca_certs(binary_form=True)
    assert len(shipped) >= 4
    assert set(shipped) <= set(bundle.get_ca_certs(binary_form=True))
    subjects = {dict(part[0] for part in each["subject"])["commonName"] for each in ours.get_ca_certs()}  # pyright: ignore[reportArgumentType, reportCallIssue, reportUnknownVariableType, reportIndexIssue] - typeshed's union
    assert {f"Amazon Root CA {number}" for number in (1, 2, 3, 4)} <= subjects
