"""What a run found, as a table on the terminal and as JSON."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ...info import build_info
from . import peers
from .cases import OURS
from .timing import Outcome

SCHEMA = 1


def machine() -> dict[str, Any]:
    """What the numbers depend on: versions, CPU and instruction set."""
    facts = build_info()
    keras = sys.modules.get("keras")
    return {
        "fastaug": facts["version"],
        "backend": "native" if facts["backends"]["native"] is None else "numba",
        "isa": facts["isa"],
        "cpu": _cpu(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "peers": peers.versions(),
        "keras_backend": keras.backend.backend() if keras else None,
    }


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def bounds(outcomes: Iterable[Outcome]) -> dict[tuple[Any, ...], float]:
    """Images per second of a plain copy, by shape and dtype, where one was measured."""
    return {
        (outcome.case.work.shape, outcome.case.work.dtype): outcome.images_per_second("numpy")
        for outcome in outcomes
        if outcome.case.op == "copy" and "numpy" in outcome.timings
    }


def as_json(outcomes: list[Outcome], settings: dict[str, Any]) -> dict[str, Any]:
    """The whole run as plain data."""
    limit = bounds(outcomes)
    return {
        "schema": SCHEMA,
        "machine": machine(),
        "settings": settings,
        "results": [_result(outcome, limit) for outcome in outcomes],
    }


def _result(outcome: Outcome, limit: dict[tuple[Any, ...], float]) -> dict[str, Any]:
    case = outcome.case
    bound = limit.get((case.work.shape, case.work.dtype))
    ours = outcome.images_per_second(OURS) if OURS in outcome.timings else None
    return {
        "name": case.name,
        "op": case.op,
        "variant": case.variant,
        "dtype": case.work.dtype,
        "shape": list(case.work.shape),
        "contenders": {
            name: {
                "images_per_second": outcome.images_per_second(name),
                "seconds_per_batch": timing.median,
                "best_seconds_per_batch": min(timing.seconds),
                "rounds": len(timing.seconds),
                "calls_per_round": timing.calls,
                "agreement": case.agreements[name].describe(),
            }
            for name, timing in outcome.timings.items()
        },
        "left_out": outcome.left_out,
        "best_peer": outcome.best_peer,
        "ratio_to_best_peer": outcome.ratio,
        "share_of_copy": ours / bound if ours and bound else None,
        "bound": outcome.bound,
        "times_the_bound": outcome.times_the_bound(),
    }


def print_report(outcomes: list[Outcome], settings: dict[str, Any], console: Console) -> None:
    """Prints a table for each op, and what it comes to."""
    limit = bounds(outcomes)
    console.print(
        f"Images per second, batches of {settings['batch']} in memory, "
        f"{_threads(settings['threads'])}, medians. Ratio: fastaug to the peer; "
        "[red]below 1 fastaug is slower[/red].",
        highlight=False,
    )
    for op, group in groupby(outcomes, key=lambda outcome: outcome.case.op):
        of_op = list(group)
        console.print(_table(op, of_op, limit))
        _print_bounds(of_op, console)
    _print_left_out(outcomes, console)
    _print_summary(outcomes, console)
    _print_machine(console)


def _threads(n: int) -> str:
    return "one thread each" if n == 1 else f"{n} threads each"


def _table(op: str, outcomes: list[Outcome], limit: dict[tuple[Any, ...], float]) -> Table:
    table = Table(title=op, title_justify="left", title_style="bold", expand=False)
    table.add_column("work")
    table.add_column("by")
    for heading in ("images/s", "ratio", "of a copy"):
        table.add_column(heading, justify="right")
    for outcome in outcomes:
        case = outcome.case
        bound = limit.get((case.work.shape, case.work.dtype))
        for i, name in enumerate(sorted(outcome.timings, key=outcome.images_per_second)[::-1]):
            speed = outcome.images_per_second(name)
            table.add_row(
                case.name.removeprefix(op).strip() if i == 0 else "",
                f"[bold]{name}[/bold]" if name == OURS else name,
                format_speed(speed),
                _ratio(outcome, name),
                f"{speed / bound:.0%}" if bound else "",
                end_section=i == len(outcome.timings) - 1,
            )
    return table


def _print_bounds(outcomes: list[Outcome], console: Console) -> None:
    """Says how much longer than a part of the work the whole of it takes."""
    for outcome in outcomes:
        if outcome.bound is None:
            continue
        alone = outcome.timings[outcome.bound].median * 1e3
        others = ", ".join(
            f"{name} {format_ratio(times)}" for name, times in outcome.times_the_bound().items()
        )
        text = f"{outcome.case.name}: {outcome.bound} {alone:.3g} ms; as long as that: {others}"
        console.print(escape(text), highlight=False)


def _ratio(outcome: Outcome, name: str) -> str:
    if name == OURS or OURS not in outcome.timings:
        return ""
    ratio = outcome.images_per_second(OURS) / outcome.images_per_second(name)
    return colored(ratio)


def colored(ratio: float) -> str:
    """A ratio, green for a gain and red for a loss."""
    return f"[{'green' if ratio >= 1 else 'red'}]{format_ratio(ratio)}[/]"


def format_ratio(ratio: float) -> str:
    """Three digits or so: ``0.85x``, ``12.3x``, ``140x``."""
    return f"{ratio:.2f}x" if ratio < 10 else f"{ratio:.1f}x" if ratio < 100 else f"{ratio:,.0f}x"


def format_speed(speed: float) -> str:
    """Images per second, no more digits than mean something."""
    return f"{speed:,.0f}" if speed >= 100 else f"{speed:.3g}"


def _print_left_out(outcomes: list[Outcome], console: Console) -> None:
    for outcome in outcomes:
        for name, reason in outcome.left_out.items():
            text = escape(f"{name} in {outcome.case.name}: {reason}")
            console.print(f"[yellow]left out:[/yellow] {text}", highlight=False)


def _print_summary(outcomes: list[Outcome], console: Console) -> None:
    compared = [(outcome.ratio, outcome) for outcome in outcomes if outcome.ratio is not None]
    losses = sorted((r, o.case.name, o.best_peer) for r, o in compared if r < 1)
    if compared:
        console.print(
            f"Faster than the best peer in {len(compared) - len(losses)} of {len(compared)}.",
            "Slower in:" if losses else "",
            highlight=False,
        )
    for ratio, name, peer in losses:
        console.print(f"  {colored(ratio)} {name} (best: {peer})", highlight=False)


def _print_machine(console: Console) -> None:
    """Says what the numbers depend on, and who could not take part."""
    found = peers.versions()
    there = ", ".join(
        f"{peer} {found.get(peer, '')}".strip() for peer in peers.PEERS if peers.installed(peer)
    )
    text = f"Measured on {_cpu()} with Python {platform.python_version()}, {there}."
    missing = peers.missing()
    if missing:
        text += f" Not installed, so not compared with: {', '.join(missing)}."
    brought = [peer for peer in missing if peer in peers.BROUGHT]
    if brought:
        text += f" pip install 'fastaug[bench]' brings {', '.join(brought)}."
    if "keras" in missing:
        text += " Without Keras its generator and its layers are not in the table."
    console.print(escape(text), highlight=False)
