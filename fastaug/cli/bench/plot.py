"""The run as one picture: a row for each case, a dot for each contender."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import CliError
from .cases import OURS
from .report import bounds, format_ratio
from .timing import Outcome

# A colour for each peer, told apart also by those who see colours otherwise (Okabe and Ito, 2008).
_COLORS = {
    "numpy": "#999999",
    "opencv": "#E69F00",
    "scipy": "#56B4E9",
    "scikit-image": "#009E73",
    "pillow": "#CC79A7",
    "torch": "#D55E00",
    "torchvision": "#D55E00",
    "albumentations": "#F0E442",
    "keras generator": "#999999",
    "keras layers": "#56B4E9",
    "pillow, decoding only": "#CC79A7",
    "ready batches": "#000000",
}
_MARKERS = {"torchvision": "s", "keras generator": "s", "keras layers": "s"}
_OURS, _GAIN, _LOSS = "#0072B2", "#00604A", "#B22222"


def check_available() -> None:
    """Raises `CliError` if there is nothing to draw with: before minutes of measuring."""
    if find_spec("matplotlib") is None:
        raise CliError(
            "--plot needs matplotlib, which is not installed; "
            "install it with: pip install 'fastaug[bench]'"
        )


def save_plot(outcomes: list[Outcome], settings: dict[str, Any], path: Path) -> None:
    """Draws images per second on a logarithmic axis and writes the picture."""
    check_available()
    from matplotlib.figure import Figure  # no pyplot: it would look for a screen

    rows = [outcome for outcome in outcomes if outcome.timings]
    figure = Figure(figsize=(10, 1.6 + 0.27 * len(rows)), layout="constrained", dpi=120)
    axes = figure.subplots()
    limit = bounds(rows)
    seen: dict[str, Any] = {}
    for y, outcome in enumerate(rows):
        work = outcome.case.work
        bound = limit.get((work.shape, work.dtype))
        if bound:
            seen["a copy"] = axes.plot(bound, y, "|", color="black", markersize=9)[0]
        for name in sorted(outcome.timings, key=lambda name: name == OURS):
            seen[name] = _dot(axes, name, outcome.images_per_second(name), y)
        if outcome.ratio is not None:
            axes.annotate(
                format_ratio(outcome.ratio).replace("x", "×"),
                (1.01, y),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=8,
                color=_GAIN if outcome.ratio >= 1 else _LOSS,
            )
        if y and rows[y - 1].case.op != outcome.case.op:
            axes.axhline(y - 0.5, color="#aaaaaa", linewidth=0.6)
    _label(axes, rows, settings)
    order = sorted(seen, key=lambda name: (name != OURS, name))
    axes.legend(
        [seen[name] for name in order],
        order,
        loc="lower center",
        bbox_to_anchor=(0.4, 1.0),
        ncols=6,
        fontsize=8,
        frameon=False,
    )
    figure.savefig(path)


def _dot(axes: Any, name: str, speed: float, y: int) -> Any:
    color = _OURS if name == OURS else _COLORS.get(name, "#666666")
    marker = "D" if name == OURS else _MARKERS.get(name, "o")
    return axes.plot(
        speed,
        y,
        marker,
        color=color,
        markersize=7 if name == OURS else 6,
        markeredgecolor="white",
        markeredgewidth=0.5,
        linestyle="none",
    )[0]


def _label(axes: Any, rows: list[Outcome], settings: dict[str, Any]) -> None:
    axes.set_xscale("log")
    axes.set_yticks(range(len(rows)), [outcome.case.name for outcome in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    threads = settings["threads"]
    axes.set_xlabel(
        f"images per second (batches of {settings['batch']}, "
        f"{threads} thread{'s' if threads > 1 else ''} each); right: fastaug to the best peer"
    )
    axes.grid(axis="x", which="major", color="#dddddd")
    axes.grid(axis="y", color="#eeeeee")
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
