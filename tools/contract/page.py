"""Makes a page of the contract for people. It has no script, image or font, and nothing from another host."""

import json
from html import escape
from typing import Any

from content_api.http.problems import PROBLEMS
from reading.routes import ROUTES

_STYLE = (
    "body{font:1.0625rem/1.6 system-ui,sans-serif;max-width:52rem;margin:0 auto;padding:1.5rem;color:#1a1a1a;"
    "background:#fff}h1,h2,h3{line-height:1.25}h2{margin-top:2.5rem;border-top:2px solid #767676;padding-top:1rem}"
    "code,pre{font:.9375rem/1.5 ui-monospace,monospace}pre{overflow-x:auto;padding:.75rem;border:1px solid #767676}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.375rem .75rem .375rem 0;"
    "border-bottom:1px solid #767676}a{color:#0b57d0}:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}"
    "@media(prefers-color-scheme:dark){body{color:#f2f2f2;background:#121212}a{color:#a8c7fa}"
    ":focus-visible{outline-color:#a8c7fa}}"
)


def rendered(openapi: dict[str, Any]) -> str:
    gateway = "What the gateway itself refuses (a request of more than 10 MB, too many at once) comes without one."
    also = '<li><a href="#deprecations">Deprecations</a></li>'
    return _page(openapi, "/v1/openapi.json", [*PROBLEMS], gateway, also, _deprecations())


def rendered_editorial(openapi: dict[str, Any]) -> str:
    """The page of the editorial API. It names only the problems that editors get."""
    gateway = (
        "What API Gateway itself refuses comes without one: 403 with <code>message</code> alone where the signature is "
        "missing or wrong, or IAM does not allow the request."
    )
    return _page(openapi, "/v1/editorial/openapi.json", [*openapi["components"]["responses"]], gateway)


def _page(openapi: dict[str, Any], address: str, codes: list[str], gateway: str, also: str = "", end: str = "") -> str:
    operations = [
        (method.upper(), path, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    ]
    shapes: dict[str, Any] = openapi["components"]["schemas"]
    paths = "".join(_operation(*each, shapes) for each in operations)
    several = any(method != "GET" for method, _, _ in operations)
    contents = "".join(
        f'<li><a href="#{operation["operationId"]}"><code>{f"{method} " if several else ""}{escape(path)}</code></a> '
        f"{escape(operation['summary'])}</li>"
        for method, path, operation in operations
    )
    problems = "".join(
        f'<section aria-labelledby="{code}"><h3 id="{code}"><code>{code}</code> ({status})</h3>'
        f"<p>{escape(title)}. {_code(advice)}</p></section>"
        for code in codes
        for status, title, advice in [PROBLEMS[code]]
    )
    title = escape(openapi["info"]["title"])
    return (
        '<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><header><h1>{title}</h1>"
        f"<p>{_code(openapi['info']['description'])} For programs: "
        f'<a href="{address}">OpenAPI 3.1</a>.</p></header>'
        f'<nav aria-label="Paths"><ul>{contents}<li><a href="#problems">Problems</a></li>{also}</ul></nav>'
        f'<main>{paths}<h2 id="problems">Problems</h2><p>Every error is a problem document (RFC 9457): programs read '
        f"<code>code</code>, people <code>detail</code>. {gateway}</p>{problems}{end}</main></body></html>\n"
    )


def _operation(method: str, path: str, operation: dict[str, Any], shapes: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code>{' (required)' if each.get('required') else ''}</td>"
        f"<td>{_code(each.get('description', 'In the path.'))}</td></tr>"
        for each in operation["parameters"]
    )
    parameters = (
        '<table><thead><tr><th scope="col">Parameter</th><th scope="col">What it means</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    content = operation["responses"].get("200", {}).get("content", {})
    example = next((each["example"] for each in content.values() if "example" in each), None)
    text = escape(json.dumps(example, ensure_ascii=False, indent=2))
    # Long lines scroll. tabindex makes that possible with the keyboard.
    shown = f'<p>An answer:</p><pre tabindex="0">{text}</pre>' if example else ""
    return (
        f'<section aria-labelledby="{operation["operationId"]}"><h2 id="{operation["operationId"]}">'
        f"{method} <code>{escape(path)}</code></h2><p>{_code(operation['description'])}</p>"
        f"{parameters}{shown}{_body(operation, shapes)}{_answers(operation) if method != 'GET' else ''}</section>"
    )


def _body(operation: dict[str, Any], shapes: dict[str, Any]) -> str:
    """The members of the body that the operation takes. Nothing if it takes none."""
    if "requestBody" not in operation:
        return ""
    ((media_type, content),) = operation["requestBody"]["content"].items()
    shape = shapes[content["schema"]["$ref"].rpartition("/")[2]]
    required = shape.get("required", [])
    members = ", ".join(
        f"<code>{escape(name)}</code>{' (required)' if name in required else ''}" for name in shape["properties"]
    )
    return f"<p>The body, <code>{media_type}</code>, takes {members}.</p>"


def _answers(operation: dict[str, Any]) -> str:
    statuses = ", ".join(f"<code>{status}</code>" for status in sorted(operation["responses"]))
    return f"<p>It answers {statuses}.</p>"


def _deprecations() -> str:
    deprecated = {route.path: route.deprecation for route in ROUTES if route.deprecation}
    listed = "".join(f"<li><code>{path}</code>, until {escape(each.sunset)}</li>" for path, each in deprecated.items())
    said = f"<ul>{listed}</ul>" if listed else "<p>Nothing is deprecated.</p>"
    return (
        '<h2 id="deprecations">Deprecations</h2><p>What will go says so in the headers <code>Deprecation</code> and '
        f"<code>Sunset</code>, at least six months ahead.</p>{said}"
    )


def _code(text: str) -> str:
    """Puts words between backquotes into `code` elements."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
