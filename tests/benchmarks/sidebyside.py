"""Every variant at every task, in turns, so that what disturbs the machine disturbs them all."""

import base64
import json
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import canned
import certificates
from content import TASKS, stored
from dollars import per_million
from results import FLOOR, READING
from runtime import Function, Lambda, NotMeasured
from variants import VARIANTS, Variant, environment

_STUBBED = Path(__file__).with_name("stubbed.py")
_WARM_UP = 30  # requests
_ROUNDS_OF_CPU = 3
_CALLS, _ROUNDS = 200, 8

type Figures = dict[str, Any]


class _Measured:
    """What one variant showed at one task; milliseconds, and MB."""

    def __init__(self) -> None:
        self.cold: list[float] = []
        self.cold_tls: list[float] = []
        self.warm: list[float] = []
        self.cpu: list[float] = []
        self.memory: list[float] = []
        self.client_cpu: list[float] = []
        self.answer: dict[str, Any] = {}


def measured(runtime: Lambda, *, starts: int, requests: int, step: Callable[[], None]) -> dict[str, dict[str, Figures]]:
    """Figures by task and variant. `step` is called after each of `steps(starts)`.

    Raises NotMeasured where a variant does not answer, or not the same as the others.
    """
    found: dict[tuple[str, str], _Measured] = defaultdict(_Measured)
    with (
        canned.dynamodb() as port,
        certificates.chain() as chain,
        canned.dynamodb(chain.server()) as tls_port,
    ):
        variables = environment(port)
        over_tls = {each.name: _over_tls(each, tls_port, chain) for each in VARIANTS}
        for task, name in TASKS.items():
            for turn in range(starts):
                for variant in VARIANTS:
                    event = json.dumps(variant.event(name)).encode()
                    kept = found[task, variant.name]
                    with runtime.running(variant.handler, variant.folders, variables) as function:
                        kept.answer, milliseconds = _start(function, event, variant)
                        kept.cold.append(milliseconds)
                        if turn < _ROUNDS_OF_CPU:  # memory and CPU of a request show no more in more processes
                            _warm(function, event, kept, requests // _ROUNDS_OF_CPU)
                    if turn < _ROUNDS_OF_CPU:
                        kept.client_cpu.append(_client_cpu(runtime, variant, task, variables))
                    with runtime.running(variant.handler, variant.folders, over_tls[variant.name]) as function:
                        kept.cold_tls.append(_start(function, event, variant)[1])
                    step()
    _check_the_same(found)
    return {task: _figures(task, {v.name: found[task, v.name] for v in VARIANTS}) for task in TASKS}


def steps(starts: int) -> int:
    return len(TASKS) * len(VARIANTS) * starts


def _over_tls(variant: Variant, port: int, chain: certificates.Chain) -> dict[str, str]:
    """The floor asks nobody, and starts as it does without."""
    return environment(port, chain.bundle(variant.roots)) if variant.roots else environment(port)


def _start(function: Function, event: bytes, variant: Variant) -> tuple[dict[str, Any], float]:
    """The answer, and the milliseconds until it came."""
    answer, taken = function.ask(event)
    if answer.get("statusCode") != 200:
        raise NotMeasured(f"{variant.name} answered {answer}")
    return answer, taken


def _warm(function: Function, event: bytes, kept: _Measured, requests: int) -> None:
    for _ in range(_WARM_UP):
        function.ask(event)
    before = function.cpu()
    kept.warm += [function.ask(event)[1] for _ in range(requests)]
    kept.cpu.append((function.cpu() - before) / requests)
    kept.memory.append(function.peak_memory())


def _client_cpu(runtime: Lambda, variant: Variant, task: str, variables: dict[str, str]) -> float:
    asked = {
        "handler": variant.handler,
        "event": variant.event(TASKS[task]),
        "answer": base64.b64encode(canned.http_answer(stored(task, is_peers=variant.is_peer).answer)).decode(),
        "calls": _CALLS,
        "rounds": _ROUNDS,
    }
    done = subprocess.run(
        [*runtime.interpreter, _STUBBED],
        input=json.dumps(asked),
        env=variables | {"PYTHONPATH": runtime.python_path(variant.folders)},
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise NotMeasured(f"{variant.name}: {done.stderr}")
    return float(done.stdout)


def _check_the_same(found: dict[tuple[str, str], _Measured]) -> None:
    """Cursors are each variant's own."""
    for task in TASKS:
        bodies = {name: json.loads(each.answer["body"]) for (of, name), each in found.items() if of == task}
        for name, body in bodies.items():
            if name != FLOOR and body | {"next_cursor": ""} != bodies[READING] | {"next_cursor": ""}:
                raise NotMeasured(f"{name} serves another {task} than {READING}")


def _figures(task: str, found: dict[str, _Measured]) -> dict[str, Figures]:
    floor = found[FLOOR]
    made: dict[str, Figures] = {}
    for variant in VARIANTS:
        kept = found[variant.name]
        cold, cpu = statistics.median(kept.cold), statistics.median(kept.cpu)
        over_tls = statistics.median(kept.cold_tls)
        p50, *_, p99 = statistics.quantiles(kept.warm, n=100)[49:]
        units = 0 if variant.name == FLOOR else stored(task, is_peers=variant.is_peer).read_units
        from_store = 0 if variant.name == FLOOR else len(stored(task, is_peers=variant.is_peer).answer)
        made[variant.name] = {
            "cold_ms": cold,
            "cold_min_ms": min(kept.cold),
            "cold_max_ms": max(kept.cold),
            "cold_floors": cold / statistics.median(floor.cold),
            "cold_tls_ms": over_tls,
            "cold_tls_min_ms": min(kept.cold_tls),
            "cold_tls_max_ms": max(kept.cold_tls),
            "cold_tls_floors": over_tls / statistics.median(floor.cold_tls),
            "warm_p50_ms": p50,
            "warm_p99_ms": p99,
            "warm_p50_floors": p50 / statistics.median(floor.warm),
            "cpu_ms": cpu,
            "client_cpu_us": min(kept.client_cpu),
            "memory_mb": max(kept.memory),
            "memory_floors": max(kept.memory) / max(floor.memory),
            "bytes_from_store": from_store,
            "bytes_answered": len(kept.answer["body"].encode()),
            "read_units": units,
            "dollars_per_million": per_million(cpu_ms=cpu, cold_ms=cold, read_units=units),
        }
    return made
