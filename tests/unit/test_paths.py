"""A path that readers may ask for stands in ROUTES; wherever else it has to stand, this says where it is missing."""

import fnmatch
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.integration import test_age_of_answers, test_every_place

from contract.openapi import ROUTES as DOCUMENTED
from contract.openapi import document
from contract.operations import OPERATIONS
from gateway import template
from gateway.events import names_of_saved, saved
from imaging.serving.routes import ROUTES as MEDIA
from reading.routes import ROUTES as READING
from reading.routes import SURFACE
from searching.routes import ROUTES as SEARCHING
from simulated_edge.cdn import behaviours
from simulated_edge.requests import ROUTE_KEYS
from syndication.routes import ROUTES as SYNDICATION

ROOT = Path(__file__).parents[2]
_NAME = re.compile(r"\{(\w+)\}")
TEMPLATE: dict[str, Any] = template.load()
ALL = (*READING, *SYNDICATION, *SEARCHING, *MEDIA)
PATHS = {route.path for route in ALL}
FUNCTIONS = {
    "ReadingFunction": READING,
    "SyndicationFunction": SYNDICATION,
    "SearchingFunction": SEARCHING,
    "MediaFunction": MEDIA,
}
FUNCTION_OF = {
    f"{method} {route.path}": name
    for name, routes in FUNCTIONS.items()
    for route in routes
    for method in ("GET", "HEAD")
}
KEYS = FUNCTION_OF.keys()


def both(keys_of_get: Iterable[str]) -> set[str]:
    """With the HEAD to each GET."""
    return {f"{method} {key.partition(' ')[2]}" for key in keys_of_get for method in ("GET", "HEAD")}


def test_each_path_stands_wherever_a_path_has_to_stand() -> None:
    deployed = {each.key: each.function for each in template.routes(TEMPLATE) if each.api == "HttpApi"}
    contract = document()["paths"]
    served: dict[str, Any] = json.loads((ROOT / "functions" / "reading" / "openapi.json").read_text(encoding="utf-8"))
    stands = {
        "template.yaml: a path of HttpApi, with the function that answers it": {
            key
            for key, function in deployed.items()
            if function in FUNCTIONS and function == FUNCTION_OF.get(key, function)
        }
        - {"$default"},
        "functions/reading/routes.py: what $default tells from no path": both(
            f"GET {path}" for path in (*(route.path for route in READING), *SURFACE.others)
        ),
        "tools/contract/operations.py: what it is for, in words": both(f"GET {path}" for path in OPERATIONS),
        # It says once, for all paths, that each answers HEAD.
        "tools/contract/openapi.py: the contract": both(
            f"{method.upper()} {path}" for path, methods in contract.items() for method in methods
        ),
        "functions/reading/openapi.json: run make contract": both(
            f"{method.upper()} {path}" for path, methods in served["paths"].items() for method in methods
        ),
        "tools/simulated_edge/requests.py: what tests ask": set(ROUTE_KEYS),
        "tests/integration/test_every_place.py: PATHS, NO_CONTENT, PICTURES, FOR_PARTNERS or EMBED": both(
            (
                *test_every_place.PATHS,
                *test_every_place.NO_CONTENT,
                *test_every_place.PICTURES,
                *test_every_place.FOR_PARTNERS,
                "GET /embed/articles/{id}",
            )
        ),
        "docs/api.md: a row under How old an answer may be; or, if it shows no articles, SHOWING_NONE of "
        "tests/integration/test_age_of_answers.py": both(
            f"GET {path}" for path in (*test_age_of_answers.stated_paths(), *test_age_of_answers.SHOWING_NONE)
        ),
        "events/: an event": both(
            key for name in names_of_saved() if (key := str(saved(name)["routeKey"])) != "$default"
        ),
    }
    missing = {where: sorted(KEYS - keys) for where, keys in stands.items() if KEYS - keys}
    assert not missing
    too_many = {where: sorted(keys - KEYS) for where, keys in stands.items() if keys - KEYS}
    assert not too_many


def test_each_name_in_a_path_is_described_wherever_it_has_to_be() -> None:
    contract = document()["paths"]
    deployed = TEMPLATE["Resources"]["HttpApi"]["Properties"]["DefinitionBody"]["paths"]
    for path in PATHS:
        names = set(_NAME.findall(path))
        described = {each["name"] for each in contract[path]["get"].get("parameters", ()) if each["in"] == "path"}
        assert described == names, f"tools/contract/openapi.py: _PATH_PARAMETERS of {path}"
        declared = {each["name"] for each in deployed[path]["get"].get("parameters", ())}
        assert declared == names, f"template.yaml: parameters of {path}"


def test_every_path_has_a_behaviour_of_the_edge_that_says_where_its_reader_is() -> None:
    found = behaviours(TEMPLATE)
    for path in PATHS:
        behaviour = next(each for each in found if fnmatch.fnmatchcase(path, each.pattern))
        if path.startswith("/media/"):
            # One copy for all places. What a device may keep is said on the way to it.
            assert behaviour.has_response_function, path
            continue
        assert behaviour.has_function, path
        assert "x-viewer-jurisdiction" in behaviour.key_headers, path


def test_no_path_stands_twice_and_each_handler_is_there() -> None:
    assert len(PATHS) == len(ALL) == len(DOCUMENTED)
    for route in ALL:
        folder, module = ROOT / "functions", route.handler.rpartition(".")[0]
        assert folder.joinpath(*module.split(".")).with_suffix(".py").exists(), route.handler
