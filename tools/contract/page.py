"""The contract as a page: no script, no image, no font, nothing from another host."""

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
    gets: dict[str, dict[str, Any]] = {path: methods["get"] for path, methods in openapi["paths"].items()}
    paths = "".join(_path(path, get) for path, get in gets.items())
    contents = "".join(
        f'<li><a href="#{get["operationId"]}"><code>{escape(path)}</code></a> {escape(get["summary"])}</li>'
        for path, get in gets.items()
    )
    problems = "".join(
        f'<section aria-labelledby="{code}"><h3 id="{code}"><code>{code}</code> ({status})</h3>'
        f"<p>{escape(title)}. {_code(advice)}</p></section>"
        for code, (status, title, advice) in PROBLEMS.items()
    )
    return (
        '<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Content API</title><style>{_STYLE}</style></head><body><header><h1>Content API</h1>"
        f"<p>{_code(openapi['info']['description'])} For programs: "
        '<a href="/v1/openapi.json">OpenAPI 3.1</a>.</p></header>'
        f'<nav aria-label="Paths"><ul>{contents}<li><a href="#problems">Problems</a></li>'
        '<li><a href="#deprecations">Deprecations</a></li></ul></nav>'
        f'<main>{paths}<h2 id="problems">Problems</h2><p>Every error is a problem document (RFC 9457): programs read '
        "<code>code</code>, people <code>detail</code>. What the gateway itself refuses (a request of more than 10 MB, "
        f"too many at once) comes without one.</p>{problems}{_deprecations()}</main></body></html>\n"
    )


def _path(path: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code>{' (required)' if each.get('required') else ''}</td>"
        f"<td>{_code(each.get('description', 'In the path.'))}</td></tr>"
        for each in operation["parameters"]
    )
    content = operation["responses"].get("200", {}).get("content", {})
    example = next((each["example"] for each in content.values() if "example" in each), None)
    text = escape(json.dumps(example, ensure_ascii=False, indent=2))
    # Long lines scroll, by keyboard too.
    shown = f'<p>An answer:</p><pre tabindex="0">{text}</pre>' if example else ""
    return (
        f'<section aria-labelledby="{operation["operationId"]}"><h2 id="{operation["operationId"]}">'
        f"GET <code>{escape(path)}</code></h2><p>{_code(operation['description'])}</p>"
        f'<table><thead><tr><th scope="col">Parameter</th><th scope="col">What it means</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{shown}</section>"
    )


def _deprecations() -> str:
    deprecated = {route.path: route.deprecation for route in ROUTES if route.deprecation}
    listed = "".join(f"<li><code>{path}</code>, until {escape(each.sunset)}</li>" for path, each in deprecated.items())
    said = f"<ul>{listed}</ul>" if listed else "<p>Nothing is deprecated.</p>"
    return (
        '<h2 id="deprecations">Deprecations</h2><p>What will go says so in the headers <code>Deprecation</code> and '
        f"<code>Sunset</code>, at least six months ahead.</p>{said}"
    )


def _code(text: str) -> str:
    """Words between backquotes as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
