"""What is measured side by side: `reading` as built and from the checkout, its peers, and the runtime's floor."""

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from content import MORE_INFORMATION_URL, PEERS_TABLE, notices
from results import BARE, CHECKOUT, FLOOR, READING, ROOT

from content_api.law.law_file import load_law, places_told
from gateway.events import saved

BUILD = ROOT / ".aws-sam" / "local"
LAYER = BUILD / "ContentApiLayer" / "python"
LIBRARIES = BUILD / "LibrariesLayer" / "python"
HANDLERS = Path(__file__).with_name("handlers")
PEERS = ROOT / ".aws-sam" / "peers"

_SECRET = "a-secret-of-the-edge-that-is-long-enough"
_REQUIREMENTS = Path(__file__).with_name("peers")


@dataclass(frozen=True)
class Variant:
    """`folders` are its package, and stand on the path of the runtime; `sources` are those of its own files in them.

    A peer's libraries are those of `peers/<requirements>.txt`.
    """

    name: str
    handler: str
    folders: tuple[Path, ...]
    requirements: str = ""
    is_payload_1: bool = False
    modules: tuple[str, ...] = ()

    @property
    def is_peer(self) -> bool:
        return bool(self.requirements)

    @property
    def roots(self) -> Path | None:
        """The certificates that it trusts at AWS, if it asks anybody: of its package, as Lambda has no others."""
        names = ("content_api/aws/amazon_roots.pem", "botocore/cacert.pem")
        return next((path for folder in self.folders for name in names if (path := folder / name).exists()), None)

    def event(self, name: str) -> dict[str, Any]:
        event = saved(name)
        event["headers"] |= {"x-origin-secret": _SECRET, "x-viewer-jurisdiction": "ru"}
        return _payload_1(event) if self.is_payload_1 else event

    def package(self) -> tuple[int, int]:
        """Bytes unpacked, and zipped as they are uploaded."""
        content, unpacked = BytesIO(), 0
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for folder in self.folders:
                for path in sorted(folder.rglob("*")):
                    if path.is_file() and self._ships(folder, path):
                        unpacked += path.stat().st_size
                        archive.write(path, path.relative_to(folder))
        return unpacked, content.tell()

    def _ships(self, folder: Path, path: Path) -> bool:
        return folder != HANDLERS or path.stem.partition(".")[0] in self.modules


def _peer(name: str, module: str, *others: str, requirements: str = "", is_payload_1: bool = False) -> Variant:
    chosen = requirements or module
    return Variant(
        name,
        f"{module}.lambda_handler",
        (PEERS / chosen, HANDLERS),
        chosen,
        is_payload_1,
        (module, "table", *others),
    )


VARIANTS = (
    Variant(FLOOR, "constant.lambda_handler", (HANDLERS,), modules=("constant",)),
    Variant(READING, "reading.app.lambda_handler", (BUILD / "ReadingFunction", LAYER)),
    Variant(CHECKOUT, "reading.app.lambda_handler", (ROOT / "functions", ROOT / "layers" / "content_api")),
    _peer(BARE, "bare_boto3"),
    _peer("Chalice", "chalice_app", requirements="chalice", is_payload_1=True),
    _peer("Powertools resolver", "powertools_resolver", requirements="powertools"),
    _peer("Powertools, validating", "powertools_validated", "models"),
    _peer("FastAPI + Mangum", "fastapi_mangum", "models"),
)


def install_peers(uv: str, python: Path) -> None:
    """Each peer's libraries into a folder of its own, with byte code as `make build` makes it."""
    for variant in VARIANTS:
        requirements = _REQUIREMENTS / f"{variant.requirements}.txt"
        folder = PEERS / variant.requirements
        installed = folder / "requirements.txt"
        if not variant.is_peer or (installed.exists() and installed.read_bytes() == requirements.read_bytes()):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        command = [uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--link-mode", "copy"]
        subprocess.run([*command, "--python", python, "--target", folder, "-r", requirements], check=True)
        subprocess.run(
            [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", folder],
            check=True,
            stdout=sys.stderr,
        )
        shutil.copy(requirements, installed)


def environment(port: int, trusted: Path | None = None) -> dict[str, str]:
    """A function's variables, with DynamoDB at a port of this machine: over https, where certificates are trusted."""
    scheme, bundle = ("https", {"AWS_CA_BUNDLE": str(trusted)}) if trusted else ("http", {})
    return bundle | {
        "PATH": os.environ["PATH"],
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "a-secret-of-nobody",
        "AWS_SESSION_TOKEN": "x" * 400,
        "AWS_ENDPOINT_URL": f"{scheme}://127.0.0.1:{port}",
        "CONTENT_TABLE": "Content",
        "CONTENT_BUCKET": "content",
        "PEERS_TABLE": PEERS_TABLE,
        "LEGAL_NOTICES": notices(),
        "POWERTOOLS_SERVICE_NAME": "content",
        "PUBLIC_URL": "https://content.example.org",
        "MORE_INFORMATION_URL": MORE_INFORMATION_URL,
        "READER_LOCATION": "edge",
        "EDGE_JURISDICTIONS": " ".join(places_told(load_law())),
        "ORIGIN_SECRET_CURRENT": _SECRET,
        "ORIGIN_SECRET_NEXT": "unset",
    }


def _payload_1(event: dict[str, Any]) -> dict[str, Any]:
    """The event in the format that Chalice takes ("Working with AWS Lambda proxy integrations for HTTP APIs")."""
    method, _, resource = event["routeKey"].partition(" ")
    return {
        "version": "1.0",
        "resource": resource,
        "path": event["rawPath"],
        "httpMethod": method,
        "headers": event["headers"],
        "multiValueHeaders": {name: [value] for name, value in event["headers"].items()},
        "queryStringParameters": event.get("queryStringParameters"),
        "multiValueQueryStringParameters": {
            name: [value] for name, value in event.get("queryStringParameters", {}).items()
        },
        "pathParameters": event.get("pathParameters"),
        "stageVariables": None,
        "requestContext": event["requestContext"] | {"resourcePath": resource, "httpMethod": method},
        "body": None,
        "isBase64Encoded": False,
    }
