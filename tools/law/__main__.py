"""`make law`: writes the files that are made from the law's file.

These are the tables of the edge functions; the copies of the functions in template.yaml, with the jurisdictions that
their tables can tell; the contract, which lists the restricted actions; the days until which the databases of networks
may be used, for the canary; and the zone database. The database is built again only if it was built for other places,
since that takes minutes. The functions, and the canary for the places that it asks about, read the law's file itself.
`make build` fails if one of the files is made from another law.
"""

import argparse
import datetime as dt
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import contract.__main__
from content_api.law.law_file import load_law, places_told
from content_api.law.places import Rules
from content_api.law.zone import MAXIMUM_AGE
from content_api.names.quotas import EDGE_FUNCTION_BYTES
from contract.languages import TAGS
from zone import build, measure
from zone.hiding import MANIFEST as HIDING_MANIFEST

if TYPE_CHECKING:
    from content_api.law.law_file import Law

ROOT = Path(__file__).parents[2]
EDGE, EDGE_RESPONSE = "functions/edge/viewer_request.js", "functions/edge/viewer_response.js"
TEMPLATE = "template.yaml"
BELIEVED_UNTIL = "functions/canary/believed_until.json"
_TABLES = re.compile(r"(?<=// Made by `make law`, from law\.json\.\n).*?(?=const PREFIXES_4)", re.DOTALL)
# From this on, both functions of the edge are the same.
_SHARED = re.compile(r"(?s)\n(?=// Made by `make law`, from law\.json\.\n).*")
_FUNCTION = r"(?m)(^  {name}:\n(?:(?:    .*)?\n)*?      FunctionCode: \|\n)(?:(?: {{8}}.*)?\n)+"
_TOLD = re.compile(r"(?m)^(\s+EDGE_JURISDICTIONS: ).*$")


def files(law: "Law") -> dict[str, str]:
    """The text files, by their place in the project. Raises ValueError."""
    request = edge_function(law)
    response = response_function(request)
    functions = {"ViewerRequestFunction": request, "ViewerResponseFunction": response}
    return {
        EDGE: request,
        EDGE_RESPONSE: response,
        TEMPLATE: _template(functions, law),
        BELIEVED_UNTIL: _believed_until(),
    }


def edge_function(law: "Law") -> str:
    """The code of the edge function, with the tables of a law. Raises ValueError."""
    code = _TABLES.sub(lambda _: tables(law), (ROOT / EDGE).read_text(encoding="utf-8"), count=1)
    return _fitting(code, EDGE)


def response_function(request: str) -> str:
    """The code of the function that sees answers: its own beginning, and what says where a viewer is, from the function
    that sees requests. Raises ValueError.
    """
    own = _SHARED.sub("", (ROOT / EDGE_RESPONSE).read_text(encoding="utf-8"), count=1)
    shared = _SHARED.search(request)
    if shared is None:
        raise ValueError(f"{EDGE} lacks the comment that make law looks for")
    return _fitting(own + shared[0], EDGE_RESPONSE)


def _fitting(code: str, name: str) -> str:
    if (size := len(code.encode())) > EDGE_FUNCTION_BYTES:
        raise ValueError(
            f"With the regions of law.json the edge function has {size:,} bytes, and CloudFront takes "
            f"{EDGE_FUNCTION_BYTES:,}. Shorten the comments of {name}, or the regions that law.json lists elsewhere: a "
            "region that it does not list leaves the place unknown."
        )
    return code


def tables(law: "Law") -> str:
    """The tables in JavaScript: the countries that exist, the jurisdictions of whole countries, and those of regions.
    Raises ValueError.
    """
    rules = Rules(law)
    lines = ["const COUNTRIES =", f"  {_text(law['countries']['assigned'])};"]
    whole = [
        f"{country}: {_text(name)}"
        for name, places in law["jurisdictions"].items()
        for country in places.get("countries", ())
    ]
    lines.append(f"const BY_COUNTRY = {{ {', '.join(whole)} }};")
    lines.append("const REGIONS = {")
    for country, names in rules.inside.items():
        lines += [f"  {country}: {{", "    inside: {"]
        for name in names:
            codes = law["jurisdictions"][name].get("regions", {})[country]
            lines.append(f"      {_text(name)}: {_text(' '.join(codes))},")
        lines += ["    },", f"    elsewhere: {_text(' '.join(law['regions_elsewhere'].get(country, ())))},", "  },"]
    return "\n".join([*lines, "};", ""])


def check_recognition(law: "Law") -> None:
    """Raises ValueError for what is no regular expression. The function that imports would fail at its first text."""
    for notice in law["notices"]:
        known = notice.get("recognition", {})
        for group in (known.get(name, []) for name in ("subject", "openings", "links")):
            _check_patterns(notice["id"], group)
        for group in known.get("threats", []):
            _check_patterns(notice["id"], group)


def _check_patterns(notice_id: str, patterns: list[str]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.PatternError as error:
            raise ValueError(
                f"The notice {notice_id} is recognised by {pattern!r}, which is no regular expression: {error}"
            ) from error


def _text(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9 -]*", text):
        raise ValueError(
            f"law.json names {text!r}. Jurisdictions and codes of places are of letters, digits and hyphens."
        )
    return f"'{text}'"


def _template(functions: dict[str, str], law: "Law") -> str:
    text = (ROOT / TEMPLATE).read_text(encoding="utf-8")
    for name, code in functions.items():
        indented = "".join(f"        {line}\n" if line else "\n" for line in code.rstrip("\n").split("\n"))
        copied = re.compile(_FUNCTION.format(name=name))
        text = copied.sub(lambda found, indented=indented: f"{found[1]}{indented}\n", text, count=1)
    return _TOLD.sub(lambda found: found[1] + " ".join(places_told(law)), text)


def _believed_until() -> str:
    """The last day on which each database of networks may be used, as JSON, for the canary."""
    zone, hiding = (
        json.loads(manifest.read_text(encoding="utf-8"))["database"] for manifest in (build.MANIFEST, HIDING_MANIFEST)
    )
    last_day = dt.date.fromisoformat(zone["built"]) + MAXIMUM_AGE
    dates = {zone["file"]: last_day.isoformat(), hiding["file"]: hiding["believed_until"]}
    return json.dumps(dates, indent=2) + "\n"


def lacking(law: "Law") -> list[str]:
    """A sentence for each notice without words in some of the publisher's languages, whose readers get English ones,
    and for each whose words nobody has confirmed.
    """
    found: list[str] = []
    for notice in law["notices"]:
        texts = notice["texts"]
        if tags := [tag for tag in TAGS if tag not in texts and tag.partition("-")[0] not in texts]:
            found.append(f"The notice {notice['id']} has no words yet in {', '.join(tags)}: it is in English there.")
        if unconfirmed := [tag for tag, wording in texts.items() if not wording["reviewed"]]:
            found.append(f"Lawyers have not confirmed the words of {notice['id']} in {', '.join(unconfirmed)}.")
    return found


def outdated(law: "Law") -> list[str]:
    """The files that `make law` would change: text files by their place in the project, and the zone database by its
    name. Raises ValueError.
    """
    texts = files(law) | contract.__main__.files()
    held = {name: (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).exists() else "" for name in texts}
    found = [name for name, text in texts.items() if held[name] != text]
    return found if _is_zone_of(law) else [*found, build.DATABASE.name]


def _is_zone_of(law: "Law") -> bool:
    about = json.loads(build.MANIFEST.read_text(encoding="utf-8"))["database"]
    return about.get("jurisdictions") == places_told(law)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m law", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, and fail if something would be written")
    check = parser.parse_args().check
    try:
        law = load_law()
        check_recognition(law)
        Rules(law)
        response_function(edge_function(law))
    except ValueError as error:
        sys.exit(str(error))
    if check:
        if names := outdated(law):
            sys.exit(f"{', '.join(names)}: made from another law.json. Make them anew: make law")
        return
    if not _is_zone_of(law):
        build.main([])
        measure.main([])
    for name, text in (files(law) | contract.__main__.files()).items():
        (ROOT / name).write_text(text, encoding="utf-8")
    print("\n".join(lacking(law)))
    print(
        "If places have changed, load the edge's store before the deployment (after it, if it is the first): "
        ".venv/bin/python -m zone.keyvalues --store ARN (NoticeZoneStoreArn among the stack's outputs)"
    )


if __name__ == "__main__":
    main()
