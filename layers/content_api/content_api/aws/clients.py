"""Builds boto3's clients. No other module does."""

import os
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_s3.client import S3Client

# For readers' requests that content_api.aws.service cannot send. Two attempts of at most 0.8 s and a pause of
# less than 1 s: the reader has an answer long before the function's 10 s are over.
WHILE_A_READER_WAITS = Config(
    connect_timeout=0.3, read_timeout=0.5, retries={"mode": "standard", "total_max_attempts": 2}
)
_IN_PEACE = Config(retries={"mode": "standard", "total_max_attempts": 5})


_making = Lock()


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session()


def client(service: str, config: Config = _IN_PEACE) -> Any:  # noqa: ANN401 - each service has a class of its own
    # A session is not safe for threads and costs 60 ms (measured), so all share one.
    with _making:
        return _session().client(service, config=config)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUnknownMemberType, reportUnknownVariableType]


def dynamodb(*, a_reader_waits: bool = False) -> "DynamoDBClient":
    return client("dynamodb", WHILE_A_READER_WAITS if a_reader_waits else _IN_PEACE)


def s3(*, a_reader_waits: bool = False) -> "S3Client":
    return client("s3", WHILE_A_READER_WAITS if a_reader_waits else _IN_PEACE)


def s3_signing_headers() -> "S3Client":
    """For addresses that others may use: with an older signature, boto3's own for these, no header would be signed."""
    return client("s3", _IN_PEACE.merge(Config(signature_version="s3v4")))


def as_environment() -> dict[str, str]:
    """The environment of this process, with the region and the credentials that boto3 finds, as Lambda states them. For
    commands that read as functions do (`aws.dynamodb`, `aws.objects`).
    """
    with _making:
        credentials = _session().get_credentials()
        region = _session().region_name or ""
    if credentials is None:
        raise NoCredentialsError
    found = credentials.get_frozen_credentials()
    stated = {"AWS_ACCESS_KEY_ID": found.access_key or "", "AWS_SECRET_ACCESS_KEY": found.secret_key or ""}
    stated |= {"AWS_SESSION_TOKEN": found.token} if found.token else {}
    return {**os.environ, "AWS_REGION": region, **stated}


def error_code(error: ClientError) -> str:
    """What the service calls the error, such as `NoSuchKey`."""
    return error.response.get("Error", {}).get("Code", "")
