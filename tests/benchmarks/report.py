"""`docs/performance.md`: the tables of what was measured last, ratios first."""

from collections.abc import Iterable, Sequence
from typing import Any

from dollars import ASSUMED, PRICED, PRICES
from results import READING, Results
from targets import outcomes

_HEAD = """# Performance

Made by `make bench`, `make bench-scale`; numbers in [performance.json](performance.json), which `make bench-compare`
measures against. Ratios count; milliseconds are one machine's.
"""
_SIDE_BY_SIDE = """
## Side by side

Every variant serves the same article (6.5 KB) and the same list of 20 cards, with the notice due in Russia, from the
same canned DynamoDB on loopback, through AWS's runtime interface client in an interpreter without a virtual
environment, under SAM's emulator. Peers have boto3's client, made in the init phase, and JSON texts as documents and
cards; they read consistently, too, or a purge would not be final; they attach the notice to everything and do not find
out where a reader is. All have compiled byte code.

- **× floor**: beside a handler that answers a constant, in the same run.
- **cold**: from asking to the first answer of a new process: median (minimum to maximum). **over TLS**: likewise, where
  the canned DynamoDB has a certificate (RSA, a chain of three) and is asked by https, as every deployment's is. The
  client reads its own roots, as at AWS, and the bench's beside them. The floor asks nobody, so that it has no TLS.
- **package**: unpacked and zipped, layers included. Lambda downloads and unpacks it before a cold start, which no start
  on this machine shows; reading's is its folder and the layer `content_api`.
- **p50, p99**: warm, through the runtime and the emulator. **CPU**: of the function's process, for one of these.
- **client CPU**: of the handler alone, the network stubbed: at the socket for reading, at botocore's HTTP session for
  the others, so that their urllib3 is not counted.
- **memory**: the process's peak.
- **wire**: what DynamoDB answers; what the function does.
"""

_COLUMNS = (
    "variant,unpacked MB,zipped MB,cold × floor,cold ms,over TLS × floor,over TLS ms,p50 × floor,p50 ms,p99 ms,CPU ms,"
    "client CPU µs,memory × floor,memory MB,wire KB,RCU,$/million"
).split(",")


def page(results: Results) -> str:
    parts = [_HEAD]
    if "bench" in results:
        found = results["bench"]["found"]
        parts += [
            _targets(found["side_by_side"], found["packages"]),
            _SIDE_BY_SIDE,
            _measured(results["bench"]),
            _plot("performance", "Cold start, CPU, memory and dollars of each variant"),
        ]
        parts += [_variants(task, each, found["packages"]) for task, each in found["side_by_side"].items()]
        parts += [_dollars(found["side_by_side"]), _functions(found["functions"])]
    if "edge" in results:
        parts += [_edge(results["edge"])]
    if "scale" in results:
        parts += [_scale(results["scale"])]
    return "\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in [head, ["---", *["---:"] * (len(head) - 1)], *rows]]
    return "\n".join(lines) + "\n"


def _plot(name: str, about: str) -> str:
    return f"![{about}]({name}.svg)\n"


def _measured(result: dict[str, Any]) -> str:
    load = f"; load average {result['load']:.1f}" if "load" in result else ""
    return f"`{result['command']}`, {result['on']}, {result['machine']}{load}.\n"


def _targets(side_by_side: dict[str, Any], packages: dict[str, list[int]]) -> str:
    found = outcomes(side_by_side, packages)
    rows = [[each.target, each.limit, each.found, "met" if each.is_met else "**missed**"] for each in found]
    return f"\n## Targets of `reading`, as built\n\n{table(['', 'target', 'measured', ''], rows)}"


def _variants(task: str, variants: dict[str, dict[str, Any]], packages: dict[str, list[int]]) -> str:
    rows: list[list[str]] = []
    for name, each in variants.items():
        unpacked, zipped = packages[name]
        rows.append(
            [
                f"**{name}**" if name == READING else name,
                f"{unpacked / 1e6:.2f}",
                f"{zipped / 1e6:.2f}",
                f"{each['cold_floors']:.2f}",
                f"{each['cold_ms']:.0f} ({each['cold_min_ms']:.0f} to {each['cold_max_ms']:.0f})",
                f"{each['cold_tls_floors']:.2f}",
                f"{each['cold_tls_ms']:.0f} ({each['cold_tls_min_ms']:.0f} to {each['cold_tls_max_ms']:.0f})",
                f"{each['warm_p50_floors']:.2f}",
                f"{each['warm_p50_ms']:.2f}",
                f"{each['warm_p99_ms']:.2f}",
                f"{each['cpu_ms']:.2f}",
                f"{each['client_cpu_us']:.1f}" if each["client_cpu_us"] < 1 else f"{each['client_cpu_us']:.0f}",
                f"{each['memory_floors']:.2f}",
                f"{each['memory_mb']:.1f}",
                f"{each['bytes_from_store'] / 1e3:.1f}, {each['bytes_answered'] / 1e3:.1f}",
                str(each["read_units"]),
                f"{each['dollars_per_million']['total']:.2f}",
            ]
        )
    return f"\n### {task.capitalize()}\n\n{table(_COLUMNS, rows)}"


def _dollars(side_by_side: dict[str, Any]) -> str:
    rows = [
        [name.replace("_", " "), f"{each['dollars']:g}", f"for {each['per']:,}", each["source"]]
        for name, each in ((name, PRICES["prices"][name]) for name in PRICED)
    ]
    rows += [[name.replace("_", " "), f"{each['value']:g}", "assumed", each["why"]] for name, each in ASSUMED.items()]
    parts = "lambda_duration,lambda_requests,api,dynamodb,total".split(",")
    spent = [
        [f"{task}: {name}", *(f"{each['dollars_per_million'][part]:.2f}" for part in parts)]
        for task, variants in side_by_side.items()
        for name, each in variants.items()
    ]
    intro = (
        f"Prices of {PRICES['region']} in US dollars, as of {PRICES['as_of']}, without free tiers. Duration "
        "is the CPU of a warm request, stretched to the share of a CPU that 512 MB get, plus the wait for DynamoDB, "
        "rounded up to a millisecond as it is billed; one request in a hundred starts cold."
    )
    return (
        f"\n### Dollars for a million requests\n\n{intro}\n\n{table(['price', '', '', 'source'], rows)}\n"
        f"{table(['$/million', *(each.replace('_', ' ') for each in parts)], spent)}"
    )


def _functions(functions: dict[str, dict[str, Any]]) -> str:
    rows = [
        [
            name,
            f"{each['cold_floors']:.1f}",
            f"{each['cold_ms']:.0f} ({each['cold_min_ms']:.0f} to {each['cold_max_ms']:.0f})",
            f"{each['imports_ms']:.0f}",
            f"{each['largest_import']}, {each['largest_import_ms']:.0f} ms",
        ]
        for name, each in functions.items()
    ]
    about = (
        "As built, under the emulator, given an event that is nobody's: to its first answer. The largest import is the "
        "library whose own modules take longest of the imports (`python -X importtime`, which slows them)."
    )
    head = ["function", "cold ×floor", "cold ms", "imports ms", "largest import"]
    return f"\n## The other functions' start\n\n{about}\n\n{table(head, rows)}"


def _edge(result: dict[str, Any]) -> str:
    found = result["found"]
    fewest = found["keys"]["jurisdiction"]["origin_per_million"]
    rows = [
        [
            name,
            f"{each['origin_per_million'] / fewest:.2f}",
            f"{each['origin_per_million']:,.0f}",
            f"{each['hit_ratio']:.3f}",
        ]
        for name, each in found["keys"].items()
    ]
    head = ["cache key", "× jurisdiction", "origin requests a million", "hit ratio"]
    hiding = found.get("hiding", {"networks": {}, "about": ""})
    hidden_rows = [
        [name, f"{each['shown_where_due']:.1%}", f"{each['shown_elsewhere']:.1%}", f"{each['hit_ratio']:.3f}"]
        for name, each in hiding["networks"].items()
    ]
    hidden_head = ["the edge asks for", "see the notice where it is due", "see it elsewhere", "hit ratio"]
    hidden = [f"\n### Readers who hide\n\n{hiding['about']}\n", table(hidden_head, hidden_rows)] if hidden_rows else []
    return "\n".join(
        [
            f"\n## At the edge\n\n{found['traffic']}\n",
            _measured(result),
            _plot("edge", "Origin requests for a million readers' requests, by cache key"),
            table(head, rows),
            *hidden,
        ]
    )


def _scale(result: dict[str, Any]) -> str:
    found = result["found"]
    sizes = found["sizes"]
    rows = [
        [question, *(_answered(each["questions"][question]) for each in sizes)] for question in sizes[0]["questions"]
    ]
    head = ["p50 / p99 ms, RCU", *(f"{each['articles']:,} articles" for each in sizes)]
    return "\n".join(
        [
            f"\n## As the archive grows\n\n{found['about']}\n",
            _measured(result),
            _plot("scale", "Latency and read units by number of articles"),
            table(head, rows),
        ]
    )


def _answered(figures: dict[str, float]) -> str:
    return f"{figures['p50_ms']:.2f} / {figures['p99_ms']:.2f}, {figures['read_units']:g}"
