"""Keeps the bundles in S3, beside the mirror: for each language and span a zip file, and JSON that says how large it
is.
"""

import datetime as dt
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from content_api.aws.clients import error_code
from content_api.aws.failures import Tellable
from content_api.names.instants import printed
from content_api.names.mirror_paths import bundle_path, mirror_key
from content_store.article_copies import MISSING, OVERTAKEN
from mirroring.bundles import SPANS, TRUSTED_FOR, bundle
from mirroring.making import Maker
from mirroring.signing import Signer
from mirroring.splitting import compact
from mirroring.tree import digest

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_ATTEMPTS = 5
_KEPT_NOWHERE = "private, no-store"


class BundleContended(Tellable):
    """Other writers were first at every attempt. The messages come again."""


class Bundles:
    def __init__(self, s3: "S3Client", *, bucket: str, signer: Signer, maker: Maker) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._signer = signer
        self._maker = maker

    def keep(self, language: str, withdrawn: list[str], *, at: dt.datetime) -> None:
        """Makes the bundles of a language anew. `withdrawn` are the paths of its articles that were withdrawn. Raises
        BundleContended, StoreUnavailable, and what S3 raises.
        """
        for span in SPANS:
            self._keep(language, span, withdrawn, at)

    def _keep(self, language: str, span: str, withdrawn: list[str], at: dt.datetime) -> None:
        path = bundle_path(language, span, "zip")
        for _ in range(_ATTEMPTS):
            # First what is there, and then the table, so that a later bundle never has less of the table's changes.
            condition = self._condition(path)
            articles = self._maker.articles_since(language, at - SPANS[span])
            content, count, left_out = bundle(language, articles, withdrawn, at=at, signer=self._signer)
            try:
                self._put(path, content, "application/zip", condition)
            except ClientError as error:
                if error_code(error) not in OVERTAKEN | MISSING:
                    raise
                continue
            made_at = at.replace(microsecond=0)
            said = {
                "bytes": len(content),
                "sha256": digest(content),
                "articles": count,
                "left_out": left_out,
                "made_at": printed(made_at),
                "valid_until": printed(made_at + TRUSTED_FOR),
            }
            self._put(bundle_path(language, span, "json"), compact(said).encode(), "application/json", {})
            return
        raise BundleContended(f"{language} {span}")

    def _condition(self, path: str) -> dict[str, str]:
        try:
            return {"IfMatch": self._s3.head_object(Bucket=self._bucket, Key=mirror_key(path))["ETag"]}
        except ClientError as error:
            if error_code(error) not in MISSING:
                raise
            return {"IfNoneMatch": "*"}

    def _put(self, path: str, content: bytes, media_type: str, condition: dict[str, str]) -> None:
        stated: dict[str, str] = {"ContentType": media_type, "CacheControl": _KEPT_NOWHERE, **condition}
        self._s3.put_object(Bucket=self._bucket, Key=mirror_key(path), Body=content, **stated)  # pyright: ignore[reportArgumentType] - names are literals there
