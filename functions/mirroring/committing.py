"""Writes changes of the mirror to S3. Whoever reads it meanwhile finds every file as the manifest says.

1. The manifest is read, and after it the table: so a later manifest always has the later state of the table.
2. The manifest is written, if nobody wrote it meanwhile. It names the hashes that files will have, and those that they
   may still have.
3. The files are written, each only if it is still as it was before step 2. Who comes too late begins again.
4. The manifest is written once more, and names the new hashes alone. If this fails, it is done with the next change.
"""

import datetime as dt
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from content_api.aws.clients import error_code
from content_api.aws.failures import Tellable
from content_api.names.instants import printed
from content_api.names.mirror_paths import MANIFEST, mirror_key
from content_store.article_copies import MISSING, OVERTAKEN
from mirroring.signing import Signer, opened
from mirroring.tree import ABSENT, Part, Reference, Tree, digest, part_of

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_ATTEMPTS = 8
_PAUSE = 0.2  # seconds, times the attempt
_AT_ONCE = 16  # requests to S3
_MEDIA_TYPES = {"html": "text/html; charset=utf-8", "json": "application/json", "webp": "image/webp"}
# A copy on a device is evidence against its reader.
_KEPT_NOWHERE = "private, no-store"

_NOT_THERE: dict[str, Any] = {"IfNoneMatch": "*"}

type Json = dict[str, Any]


class MirrorContended(Tellable):
    """Other writers were first at every attempt. The messages come again."""


class _Overtaken(Exception):
    """Another writer was first."""


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What is there: its text, and the condition (of S3's PutObject) that it is still the same."""

    said: Json
    root: Part
    condition: dict[str, Any]


class MirrorWriter:
    def __init__(self, s3: "S3Client", *, bucket: str, signer: Signer) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._signer = signer

    def commit(self, change: Callable[[Tree], None]) -> None:
        """`change` puts what is to change into the tree. It may be called again, with a newer tree, and must then read
        what it needs anew. Raises MirrorContended, and what S3 raises.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._commit(change, is_first=attempt == 1)
            except _Overtaken:
                time.sleep(_PAUSE * attempt)
            else:
                return
        raise MirrorContended("the mirror")

    def _commit(self, change: Callable[[Tree], None], *, is_first: bool) -> None:
        manifest = self._manifest()
        tree = self._tree(manifest)
        change(tree)
        if not tree.is_changed:
            return
        # What is new is not asked for, except by whoever was overtaken.
        asked = {path: None for path in tree.changed if not (is_first and tree.is_new(path))}
        before = dict.fromkeys(tree.changed, _NOT_THERE) | self._each(asked, lambda path, _: self._condition(path))
        condition = self._save(tree, manifest.condition)
        self._each(tree.changed, lambda path, content: self._write(path, content, before[path]))
        hashes = {path: ABSENT if content is None else digest(content) for path, content in tree.changed.items()}
        for path, there in hashes.items():
            tree.confirm(path, there)
        try:
            self._save(tree, condition)
        except _Overtaken:
            self._confirm(hashes)

    def _confirm(self, hashes: dict[str, str]) -> None:
        """Step 4, where another writer has written the manifest meanwhile."""
        for attempt in range(1, _ATTEMPTS + 1):
            manifest = self._manifest()
            tree = self._tree(manifest)
            for path, there in hashes.items():
                tree.confirm(path, there)
            if not tree.is_changed:
                return
            try:
                self._save(tree, manifest.condition)
            except _Overtaken:
                time.sleep(_PAUSE * attempt)
            else:
                return
        raise MirrorContended("the manifest")

    def _manifest(self) -> _Manifest:
        """Raises NotSigned if somebody altered it: then what it says must not be signed again."""
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=mirror_key(MANIFEST))
        except ClientError as error:
            if error_code(error) not in MISSING:
                raise
            return _Manifest({}, Part(), _NOT_THERE)
        text, _ = opened(found["Body"].read(), self._signer.public_key)
        said: Json = json.loads(text)
        root = part_of(said)
        for name in ("format", "files", "parts", "withdrawn"):
            said.pop(name, None)
        return _Manifest(said, root, {"IfMatch": found["ETag"]})

    def _tree(self, manifest: _Manifest) -> Tree:
        return Tree(manifest.said, manifest.root, self._part)

    def _part(self, reference: Reference) -> Part:
        found = self._s3.get_object(Bucket=self._bucket, Key=mirror_key(reference.path))
        return part_of(json.loads(found["Body"].read()))

    def _save(self, tree: Tree, condition: dict[str, Any]) -> dict[str, Any]:
        """Writes the parts and then the manifest. Returns the condition that it is still the same."""
        now = time.time()
        tree.said["made_at"] = printed(dt.datetime.fromtimestamp(now, dt.UTC).replace(microsecond=0))
        made, over, text = tree.saved(at=now, nonce=token_hex(4))
        self._each(dict[str, bytes | None](made), lambda path, content: self._put(path, content or b"", {}))
        etag = self._put(MANIFEST, self._signer.signed(text), condition)
        self._each(dict.fromkeys(over), lambda path, _: self._delete(path, {}))
        return {"IfMatch": etag}

    def _condition(self, path: str) -> dict[str, Any]:
        """The condition that the file is still as it is now."""
        try:
            return {"IfMatch": self._s3.head_object(Bucket=self._bucket, Key=mirror_key(path))["ETag"]}
        except ClientError as error:
            if error_code(error) not in MISSING:
                raise
            return _NOT_THERE

    def _write(self, path: str, content: bytes | None, condition: dict[str, Any]) -> None:
        if content is not None:
            self._put(path, content, condition)
        elif "IfMatch" in condition:
            self._delete(path, condition)

    def _put(self, path: str, content: bytes, condition: dict[str, Any]) -> str:
        try:
            return self._s3.put_object(
                Bucket=self._bucket,
                Key=mirror_key(path),
                Body=content,
                ContentType=_MEDIA_TYPES[path.rpartition(".")[2]],
                CacheControl=_KEPT_NOWHERE,
                **condition,
            )["ETag"]
        except ClientError as error:
            raise _overtaken(error) from error

    def _delete(self, path: str, condition: dict[str, Any]) -> None:
        try:
            self._s3.delete_object(Bucket=self._bucket, Key=mirror_key(path), **condition)
        except ClientError as error:
            raise _overtaken(error) from error

    def _each[Result](
        self, paths: Mapping[str, bytes | None], work: Callable[[str, bytes | None], Result]
    ) -> dict[str, Result]:
        """The results by path. All are tried before the first error is raised."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = {path: pool.submit(work, path, content) for path, content in paths.items()}
        return {path: each.result() for path, each in found.items()}


def _overtaken(error: ClientError) -> Exception:
    """A file that is gone fails a condition, too (S3's API reference, PutObject)."""
    return _Overtaken() if error_code(error) in OVERTAKEN | MISSING else error
