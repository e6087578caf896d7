"""What `benchmarks/gpu` has measured on CUDA cards, as a section of the report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HEADING = "## CUDA"
_NOTHING = (
    "CUDA is **not measured**: no machine with a card has been at hand. On one that has, with a checkout and CuPy, "
    "`python benchmarks/gpu/run.py` measures it and puts its table here."
)
_COLUMNS = ["op", "dtype", "by", "kernel, ms", "GB/s", "share", "round trip, ms", "times a peer"]


def section(folder: Path) -> str:
    """The section: a table for each card whose numbers are in this folder, or that there are none."""
    reports = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("gpu-*.json"))]
    return "\n\n".join([HEADING, *(map(table, reports) if reports else [_NOTHING])])


def renew(folder: Path) -> None:
    """Puts the section of today at the end of the report that is there."""
    page = folder / "index.md"
    before, _, _ = page.read_text("utf-8").partition(f"{HEADING}\n")
    page.write_text(before + section(folder) + "\n", encoding="utf-8")


def table(report: Mapping[str, Any]) -> str:
    """What was measured on a card beside what it has to be."""
    facts = [f"CUDA {report['cuda']}", f"driver for CUDA {report['driver']}"]
    facts += [f"{name} {version}" for name, version in report["versions"].items()]
    shapes = [f"{'×'.join(map(str, shape))} {name}" for name, shape in report["images"].items()]
    lines = [
        f"### {report['card']}",
        "",
        f"{', '.join(facts)}, fastaug {report['fastaug']}, {report['date']}; images: {' and '.join(shapes)}. "
        "Shares are of the copy bandwidth measured in the same run; a round trip is upload, call and "
        "download. Goals are shares, and so many times the speed of a peer.",
        "",
        f"| {' | '.join(_COLUMNS)} |",
        "|---" * len(_COLUMNS) + "|",
    ]
    for row in report["rows"]:
        trip = row["round_trip_ms"]
        times = [
            f"{peer} {_judged(ratio, report['faster_than'].get(peer), 1)}"
            for peer, ratio in row.get("times", {}).items()
        ]
        cells = [row["op"], row["dtype"], row["by"], f"{row['ms']:.3f}", f"{row['gb_s']:.0f}"]
        cells += [_judged(row["share"], row.get("goal"), 2)]
        cells += ["" if trip is None else f"{trip:.2f}", ", ".join(times)]
        lines.append(f"| {' | '.join(cells)} |")
    left = [f"- {o['by']}, {o['op']}, {o['dtype']}: {o['why']}" for o in report["left_out"]]
    return "\n".join([*lines, *(["", "Left out:", ""] if left else []), *left])


def _judged(value: float, goal: float | None, digits: int) -> str:
    text = f"{value:.{digits}f}"
    if goal is None:
        return text
    return f"{text} of {goal:g}" if value >= goal else f"**{text} of {goal:g}, missed**"
