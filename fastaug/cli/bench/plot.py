"""Pictures of a run: a row for each case with a dot for each contender; and the curves."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import Any

from ..errors import CliError
from .goals import A_COPY, OURS
from .report import batches, format_ratio

Data = Mapping[str, Any]

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
    A_COPY: "#000000",
}
_MARKERS = {"torchvision": "s", "keras generator": "s", "keras layers": "s"}
_OURS, _GAIN, _LOSS = "#0072B2", "#00604A", "#B22222"
_PANELS = 3  # side by side


def check_available(option: str = "--plot") -> None:
    """Raises `CliError` if there is nothing to draw with: before minutes of measuring."""
    if find_spec("matplotlib") is None:
        raise CliError(
            f"{option} needs matplotlib, which is not installed; "
            "install it with: pip install 'fastaug[bench]'"
        )


def save_plot(data: Data, path: Path) -> None:
    """Draws images per second on a logarithmic axis and writes the picture."""
    rows = [result for result in data["results"] if result["contenders"]]
    figure = _figure(10, 1.6 + 0.27 * len(rows))
    axes = figure.subplots()
    seen: dict[str, Any] = {}
    for y, result in enumerate(rows):
        speeds = {name: c["images_per_second"] for name, c in result["contenders"].items()}
        bound = speeds.pop(A_COPY, None)
        if bound is not None:
            seen[A_COPY] = axes.plot(bound, y, "|", color="black", markersize=9)[0]
        for name in sorted(speeds, key=lambda name: name == OURS):
            seen[name] = _dot(axes, name, speeds[name], y)
        if result["ratio_to_best_peer"] is not None:
            axes.annotate(
                format_ratio(result["ratio_to_best_peer"]).replace("x", "×"),
                (1.01, y),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=8,
                color=_GAIN if result["ratio_to_best_peer"] >= 1 else _LOSS,
            )
        if y and rows[y - 1]["op"] != result["op"]:
            axes.axhline(y - 0.5, color="#aaaaaa", linewidth=0.6)
    _label(axes, rows, data["settings"])
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


def save_sizes(entries: list[dict[str, Any]], path: Path) -> None:
    """Draws the time per pixel over the side of the images, a panel for each row of the table."""
    names = list(dict.fromkeys(entry["row"] for entry in entries))
    lines = -(-len(names) // _PANELS)
    figure = _figure(4 * min(_PANELS, len(names)), 0.5 + 3 * lines)
    panels = figure.subplots(lines, min(_PANELS, len(names)), squeeze=False).ravel()
    seen: dict[str, Any] = {}
    for axes, name in zip(panels, names, strict=False):
        of_row = [entry for entry in entries if entry["row"] == name]
        for contender in dict.fromkeys(entry["contender"] for entry in of_row):
            points = [e for e in of_row if e["contender"] == contender]
            seen[contender] = axes.plot(
                [e["side"] for e in points],
                [e["nanoseconds_per_pixel"] for e in points],
                marker=_marker(contender),
                color=_color(contender),
                linestyle=":" if contender == A_COPY else "-",
                markersize=5,
            )[0]
        _frame(axes, name, sorted({entry["side"] for entry in of_row}))
        axes.set_yscale("log")
    for axes in panels[len(names) :]:
        axes.remove()
    figure.supxlabel("side of the images in pixels", fontsize=9)
    figure.supylabel("nanoseconds per pixel (lower is faster)", fontsize=9)
    figure.legend(
        list(seen.values()), list(seen), loc="outside upper center", ncols=6, frameon=False
    )
    figure.savefig(path)


def save_threads(entries: list[dict[str, Any]], path: Path) -> None:
    """Draws how many times as fast as one thread the others are, a line for each row of the table."""
    names = list(dict.fromkeys(entry["row"] for entry in entries))
    figure = _figure(7, 4.2)
    axes = figure.subplots()
    counts = sorted({entry["threads"] for entry in entries})
    axes.plot(counts, counts, "--", color="#999999", label="as many times as threads")
    for name, marker in zip(names, cycle("osD^vPX*"), strict=False):
        points = [entry for entry in entries if entry["row"] == name]
        xs, ys = [e["threads"] for e in points], [e["speedup"] for e in points]
        axes.plot(xs, ys, marker=marker, markersize=5, label=name)
    _frame(axes, "", counts)
    axes.set_yscale("log", base=2)
    axes.set_yticks(counts, counts)
    axes.set_xlabel("threads")
    axes.set_ylabel("times as fast as one thread")
    axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    figure.savefig(path)


def _figure(width: float, height: float) -> Any:
    check_available()
    from matplotlib.figure import Figure  # no pyplot: it would look for a screen

    return Figure(figsize=(width, height), layout="constrained", dpi=120)


def _frame(axes: Any, title: str, ticks: list[int]) -> None:
    axes.set_title(title, fontsize=9)
    axes.set_xscale("log", base=2)
    axes.set_xticks(ticks, ticks, fontsize=8)
    axes.minorticks_off()
    axes.grid(color="#dddddd")
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _color(name: str) -> str:
    """Another version of a peer has the colour of the peer."""
    if name == OURS:
        return _OURS
    return _COLORS.get(name) or _COLORS.get(name.partition(" ")[0], "#666666")


def _marker(name: str) -> str:
    if name == OURS:
        return "D"
    other_version = name not in _COLORS and name.partition(" ")[0] in _COLORS
    return _MARKERS.get(name, "v" if other_version else "o")


def _dot(axes: Any, name: str, speed: float, y: int) -> Any:
    return axes.plot(
        speed,
        y,
        _marker(name),
        color=_color(name),
        markersize=7 if name == OURS else 6,
        markeredgecolor="white",
        markeredgewidth=0.5,
        linestyle="none",
    )[0]


def _label(axes: Any, rows: list[dict[str, Any]], settings: Mapping[str, Any]) -> None:
    axes.set_xscale("log")
    axes.set_yticks(range(len(rows)), [result["name"] for result in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    threads = settings["threads"]
    axes.set_xlabel(
        f"images per second (batches {batches(settings['batch'])}, "
        f"{threads} thread{'s' if threads > 1 else ''} each); right: fastaug to the best peer"
    )
    axes.grid(axis="x", which="major", color="#dddddd")
    axes.grid(axis="y", color="#eeeeee")
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
