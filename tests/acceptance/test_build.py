"""What `make build` ships: byte code that is never checked, and libraries of the deployment's architecture."""

import os
import struct
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path

import pytest

from gateway import sam_local

ROOT = Path(__file__).parents[2]
# ELF's e_machine (System V ABI; elf.h).
MACHINES = {62: "x86_64", 183: "arm64"}
# PEP 552: hash-based, and never checked against the source.
UNCHECKED_HASH = 0b01


@pytest.fixture(params=[".aws-sam/build", ".aws-sam/local"])
def artefacts(request: pytest.FixtureRequest) -> Path:
    return ROOT / request.param


def test_every_module_comes_with_byte_code_that_a_zip_does_not_spoil(artefacts: Path) -> None:
    sources = sorted(artefacts.rglob("*.py"))
    names = {source.relative_to(artefacts).as_posix() for source in sources}
    assert {"ReadingFunction/reading/app.py", "ContentApiLayer/python/content_api/aws/dynamodb.py"} <= names
    for source in sources:
        compiled = Path(cache_from_source(str(source))).read_bytes()
        assert compiled[:4] == MAGIC_NUMBER
        assert struct.unpack("<I", compiled[4:8]) == (UNCHECKED_HASH,), source


def test_byte_code_names_the_files_where_lambda_has_them(artefacts: Path) -> None:
    function = (artefacts / "ReadingFunction/reading/__pycache__/routes.cpython-313.pyc").read_bytes()
    layer = (artefacts / "ContentApiLayer/python/content_api/aws/__pycache__/dynamodb.cpython-313.pyc").read_bytes()
    assert b"/var/task/reading/routes.py" in function
    assert b"/opt/python/content_api/aws/dynamodb.py" in layer


@pytest.mark.parametrize("layer", ["LibrariesLayer", "ImagingLayer", "MirroringLayer", "SearchLayer"])
def test_compiled_libraries_are_for_the_machine_that_runs_them(artefacts: Path, layer: str) -> None:
    here = sam_local.architecture()
    expected = here if artefacts.name == "local" else os.environ.get("ARCHITECTURE", "arm64")
    libraries = sorted((artefacts / layer).rglob("*.so*"))
    assert libraries
    for library in libraries:
        (machine,) = struct.unpack("<H", library.read_bytes()[18:20])
        assert MACHINES[machine] == expected, library


@pytest.mark.parametrize(
    ("function", "package"), [("ReadingFunction", "reading"), ("SyndicationFunction", "syndication")]
)
def test_what_readers_wait_for_is_small_and_our_own(artefacts: Path, function: str, package: str) -> None:
    """A package and a layer are downloaded and unpacked at a cold start."""
    folders = {artefacts / function: {package}, artefacts / "ContentApiLayer" / "python": {"content_api"}}
    for folder, ours in folders.items():
        assert {path.name for path in folder.iterdir()} == ours
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 2_000_000


def test_the_layer_of_places_is_what_tells_a_place_by_the_address(artefacts: Path) -> None:
    shipped = {path.name.partition("-")[0] for path in (artefacts / "PlacesLayer" / "python").iterdir()}
    assert shipped - {"requirements.txt"} == {"networks", "maxminddb"}
    assert not [*(artefacts / "LibrariesLayer").rglob("*.mmdb"), *(artefacts / "ContentApiLayer").rglob("*.mmdb")]


@pytest.mark.parametrize(
    "layer",
    ["ContentApiLayer", "StoreLayer", "LibrariesLayer", "ImagingLayer", "PlacesLayer", "MirroringLayer", "SearchLayer"],
)
def test_lambda_unpacks_a_function_with_its_layers(artefacts: Path, layer: str) -> None:
    """All of them together: 250 MB (Lambda's developer guide, "Quotas")."""
    sizes = {
        folder.name: sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        for folder in artefacts.iterdir()
    }
    assert sizes[layer] > 0
    assert sum(sizes.values()) < 250_000_000


def test_nothing_of_a_developers_machine_is_shipped(artefacts: Path) -> None:
    shipped = {path.name for path in artefacts.rglob("*")}
    assert not shipped & {"moto", "pytest", ".env", "conftest.py", "pyright"}
    assert not [*artefacts.glob("*/tests"), *artefacts.glob("*/python/tests")]
