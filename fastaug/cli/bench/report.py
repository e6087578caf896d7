"""What a run found, as a table on the terminal and as JSON."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ...info import build_info
from . import peers
from .goals import A_COPY, OURS
from .timing import Outcome

SCHEMA = 2


def machine() -> dict[str, Any]:
    """What the numbers depend on: versions, CPU and instruction set."""
    facts = build_info()
    keras = sys.modules.get("keras")
    return {
        "date": date.today().isoformat(),
        "fastaug": facts["version"],
        "backend": "native" if facts["backends"]["native"] is None else "numba",
        "isa": facts["isa"],
        "isa_available": facts["isa_available"],
        "compiler": facts["compiler"],
        "cpu": _cpu(),
        "cores": os.cpu_count(),
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


def as_json(outcomes: list[Outcome], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The whole run as plain data."""
    return {
        "schema": SCHEMA,
        "machine": machine(),
        "settings": settings,
        "results": [_result(outcome) for outcome in outcomes],
    }


def _result(outcome: Outcome) -> dict[str, Any]:
    case, goal, verdict = outcome.case, outcome.case.goal, outcome.verdict
    return {
        "name": case.name,
        "row": case.row,
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
                "seconds": timing.seconds,
                "agreement": case.agreements[name].describe(),
            }
            for name, timing in outcome.timings.items()
        },
        "left_out": outcome.left_out,
        "best_peer": outcome.best_peer,
        "ratio_to_best_peer": outcome.ratio,
        "share_of_copy": outcome.share_of_copy,
        "goal": asdict(goal) | {"text": goal.describe()} if goal else None,
        "verdict": asdict(verdict) | {"met": verdict.met} if verdict else None,
        "bound": outcome.bound,
        "times_the_bound": outcome.times_the_bound(),
    }


def print_report(outcomes: list[Outcome], settings: Mapping[str, Any], console: Console) -> None:
    """Prints a table for each op, and what it comes to."""
    console.print(
        f"Images per second, batches {batches(settings['batch'])} in memory, "
        f"{_threads(settings['threads'])}, medians. Ratio: fastaug to the peer; "
        "[red]below 1 fastaug is slower[/red].",
        highlight=False,
    )
    for op, group in groupby(outcomes, key=lambda outcome: outcome.case.op):
        of_op = list(group)
        console.print(_table(op, of_op))
        _print_bounds(of_op, console)
    _print_left_out(outcomes, console)
    _print_summary(outcomes, console)
    _print_machine(console)


def _threads(n: int) -> str:
    return "one thread each" if n == 1 else f"{n} threads each"


def batches(batch: int | None) -> str:
    """How many images there are in a batch."""
    return f"of {batch}" if batch else "of about as many pixels each"


def _table(op: str, outcomes: list[Outcome]) -> Table:
    table = Table(title=op, title_justify="left", title_style="bold", expand=False)
    table.add_column("work")
    table.add_column("by")
    for heading in ("images/s", "ratio", "of a copy"):
        table.add_column(heading, justify="right")
    judged = any(outcome.case.goal for outcome in outcomes)
    if judged:
        table.add_column("goal")
    for outcome in outcomes:
        bound = outcome.timings.get(A_COPY)
        names = [name for name in outcome.timings if name != A_COPY]
        names.sort(key=outcome.images_per_second, reverse=True)
        for i, name in enumerate(names):
            speed = outcome.images_per_second(name)
            table.add_row(
                outcome.case.name.removeprefix(op).strip() if i == 0 else "",
                f"[bold]{name}[/bold]" if name == OURS else name,
                format_speed(speed),
                _ratio(outcome, name),
                f"{speed / outcome.images_per_second(A_COPY):.0%}" if bound else "",
                *([_verdict(outcome) if name == OURS else ""] if judged else []),
                end_section=i == len(names) - 1,
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


def _verdict(outcome: Outcome) -> str:
    goal, verdict = outcome.case.goal, outcome.verdict
    if goal is None or verdict is None:
        return ""
    return f"[{'green' if verdict.met else 'red'}]{goal.describe()}: {verdict.state}[/]"


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
    verdicts = [outcome.verdict for outcome in outcomes if outcome.verdict is not None]
    if verdicts:
        met = sum(verdict.met for verdict in verdicts)
        console.print(f"Goals met: {met} of {len(verdicts)}.", highlight=False)


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
