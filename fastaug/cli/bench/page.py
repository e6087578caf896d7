"""A report: what a run found, as a page of tables, with its plots and its numbers beside it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from . import cores, plot
from .cards import section
from .goals import ENOUGH_OF_A_COPY, OURS
from .reasons import reason, reason_at
from .report import batches, format_ratio, format_speed
from .scaling import IMAGES, LARGE, PER_IMAGE_GOAL, SMALL

Data = Mapping[str, Any]
_MEGA = 2**20
_UNKNOWN = "not written down yet"


def write(data: Data, folder: Path) -> None:
    """Writes index.md, results.json and the plots into `folder`: all of them, or none."""
    with tempfile.TemporaryDirectory(prefix=".report-", dir=folder.absolute().parent) as made:
        making = Path(made)
        (making / "results.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        pictures = _draw(data, making)
        (making / "index.md").write_text(render(data, pictures, section(folder)), encoding="utf-8")
        folder.mkdir(exist_ok=True)
        for path in sorted(making.iterdir(), key=lambda path: path.name == "index.md"):
            os.replace(path, folder / path.name)


def _draw(data: Data, folder: Path) -> dict[str, str]:
    """The plots there is something to show in, by what they show."""
    pictures = {"table": "table.png"}
    plot.save_plot(data, folder / "table.png")
    for what, draw in (("sizes", plot.save_sizes), ("threads", plot.save_threads)):
        if data[what]:
            pictures[what] = f"{what}.png"
            draw(data[what], folder / pictures[what])
    return pictures


def render(data: Data, pictures: Mapping[str, str], cards: str = "") -> str:
    """The page; `cards` is its section on CUDA."""
    level = data["machine"]["isa"]
    parts = [
        "# Measurements",
        "`fastaug bench --report` made this page. [Speed](../performance.md) says how it is measured "
        "and what the numbers depend on; [results.json](results.json) has every round.",
        _machine(data),
        *_goals(data, level),
    ]
    for name, run in data["levels"].items():
        parts += _goals(run, name)
    parts += ["## Every row", *_picture(pictures, "table", "Images per second of every contender")]
    parts += [_all_rows(data, level)]
    for name, run in data["levels"].items():
        parts += [f"### Every row at {name}", _all_rows(run, name)]
    parts += [*_shapes(data), *_parts_of_work(data)]
    parts += [*_sizes(data, pictures), *_threads(data, pictures)]
    parts += [*_per_image(data), *_memory(data), *_left_out(data), cards]
    return "\n\n".join(filter(None, parts)) + "\n"


def _machine(data: Data) -> str:
    facts, settings = data["machine"], data["settings"]
    found = dict(facts["peers"])
    for result in data["results"]:
        for name in result["contenders"]:
            peer, _, version = name.partition(" ")
            if peer in facts["peers"] and version[:1].isdigit():
                found[name] = ""  # another version of one
    rows = {
        "date": facts["date"],
        "CPU": f"{facts['cpu']}, {facts['cores']} cores",
        "instruction set": f"{facts['isa']} (available: {', '.join(facts['isa_available'])})",
        "fastaug": f"{facts['fastaug']}, {facts['backend']}, {facts['compiler']}",
        "system": f"Python {facts['python']}, {facts['platform']}",
        "peers": ", ".join(f"{peer} {version}".strip() for peer, version in found.items()),
        "threads": f"{settings['threads']} each, pinned, in turns",
        "batches": batches(settings["batch"]),
    }
    return _table(("", ""), rows.items())


def _goals(data: Data, level: str | None) -> list[str]:
    judged = [result for result in data["results"] if result["goal"]]
    if not judged:
        return []
    measured = [r for r in judged if r["verdict"]["reached"] is not None]
    met = sum(result["verdict"]["met"] for result in judged)
    text = f"{met} of {len(measured)} met"
    if len(measured) < len(judged):
        text += f"; {len(judged) - len(measured)} could not be measured"
    rows = [
        (
            result["row"],
            _speed(result, OURS),
            result["goal"]["text"],
            _reached(result),
            _share(result),
            _state(result),
            _why(result, level) if result["verdict"]["state"] == "missed" else "",
        )
        for result in judged
    ]
    return [
        f"## Goals at {level}",
        f"{text}. A goal is met, too, by {ENOUGH_OF_A_COPY:g} of the speed of a plain copy.",
        _table(("work", "fastaug", "goal", "reached", "of a copy", "", "reason"), rows),
    ]


def _reached(result: Data) -> str:
    verdict = result["verdict"]
    if verdict["reached"] is None:
        return ""
    return f"{format_ratio(verdict['reached'])} {verdict['against']}"


def _state(result: Data) -> str:
    state: str = result["verdict"]["state"]
    return state if result["verdict"]["met"] else f"**{state}**"


def _all_rows(data: Data, level: str | None) -> str:
    rows = []
    for result in data["results"]:
        best, ratio = result["best_peer"], result["ratio_to_best_peer"]
        rows.append(
            (
                result["name"],
                _speed(result, OURS),
                f"{_speed(result, best)} {best}" if best else "",
                "" if ratio is None else _bold_if(ratio < 1, format_ratio(ratio)),
                _share(result),
                _why(result, level) if ratio is not None and ratio < 1 else "",
            )
        )
    return _table(("work", "fastaug", "best peer", "ratio", "of a copy", "why it is slower"), rows)


def _speed(result: Data, name: str) -> str:
    found = result["contenders"].get(name)
    return format_speed(found["images_per_second"]) if found else ""


def _share(result: Data) -> str:
    share = result["share_of_copy"]
    return "" if share is None else f"{share:.0%}"


def _why(result: Data, level: str | None) -> str:
    return reason(result["row"], level) or _UNKNOWN


def _parts_of_work(data: Data) -> list[str]:
    rows = [
        (result["row"], run["settings"]["threads"], *_beside_its_part(result))
        for run in (data, data.get("training"))
        if run
        for result in run["results"]
        if result["bound"]
    ]
    if not rows:
        return []
    return [
        "## Against a part of the work alone",
        "Milliseconds a batch, or a step of training, and in how many times that the whole is done: decoding "
        "alone for batches from files, and training on batches that are ready.",
        _table(("work", "threads", "alone", "fastaug", "best peer"), rows),
    ]


def _shapes(data: Data) -> list[str]:
    entries = data.get("shapes")
    if not entries:
        return []
    names = ["×".join(map(str, entry["shape"][1:])) for entry in entries]
    columns = list(dict.fromkeys(names))
    found: dict[str, dict[str, str]] = {}
    for name, entry in zip(names, entries, strict=True):
        text = f"{_bold_if(entry['ratio'] < 1, format_ratio(entry['ratio']))} {entry['best_peer']}"
        found.setdefault(entry["row"], {})[name] = text
    rows = [(row, *(of_row.get(name, "") for name in columns)) for row, of_row in found.items()]
    parts = [
        "## Other shapes",
        "fastaug's speed in that of the best peer, in batches of about as many pixels, of 256 images at most, and "
        "of a single large one. Rougher than the table: there is less time for each.",
        _table(("work", *columns), rows),
    ]
    level = data["machine"]["isa"]
    losses = [
        (row, name, why)
        for row, of_row in found.items()
        if (slow := [entry for entry in entries if entry["row"] == row and entry["ratio"] < 1])
        for name, why in _whys(slow, level)
    ]
    if losses:
        parts.append(_table(("work", "slower at", "why"), losses))
    return parts


def _whys(entries: Iterable[Data], level: str | None) -> list[tuple[str, str]]:
    """Shapes of a row, those with the same reason together, and that reason."""
    shapes: dict[str, list[str]] = {}
    for entry in entries:
        why = reason_at(entry["row"], entry["shape"], level) or _UNKNOWN
        shapes.setdefault(why, []).append("×".join(map(str, entry["shape"][1:])))
    return [(", ".join(names), why) for why, names in shapes.items()]


def _beside_its_part(result: Data) -> list[str]:
    """Milliseconds of the part, and of us and the best peer with how many times that they are."""
    part, others = result["bound"], (OURS, result["best_peer"])
    taken = {n: f"{c['seconds_per_batch'] * 1e3:.3g}" for n, c in result["contenders"].items()}
    times = result["times_the_bound"]
    return [
        f"{part} {taken[part]}",
        *(f"{taken[n]}, {format_ratio(times[n])}" if n in times else "" for n in others),
    ]


def _sizes(data: Data, pictures: Mapping[str, str]) -> list[str]:
    entries = data["sizes"]
    if not entries:
        return []
    sides = sorted({entry["side"] for entry in entries})
    times: dict[tuple[str, str], dict[int, float]] = {}
    for entry in entries:
        of_row = times.setdefault((entry["row"], entry["contender"]), {})
        of_row[entry["side"]] = entry["nanoseconds_per_pixel"]
    rows = [
        (row, name, *(f"{found[side]:.3g}" if side in found else "" for side in sides))
        for (row, name), found in times.items()
    ]
    return [
        "## Size of the images",
        "Nanoseconds per pixel, in batches of about as many pixels, and of 256 images at most.",
        *_picture(pictures, "sizes", "Time per pixel over the side of the images"),
        _table(("work", "by", *map(str, sides)), rows),
    ]


def _threads(data: Data, pictures: Mapping[str, str]) -> list[str]:
    rows = [
        (
            entry["row"],
            entry["threads"],
            format_speed(entry["images_per_second"]),
            f"{entry['speedup']:.2f}",
            " to ".join(f"{speedup:.2f}" for speedup in entry["quartiles"]),
            f"{entry['apart']:.2f}",
            _met(entry["met"]),
        )
        for entry in data["threads"]
        if entry["threads"] > 1
    ]
    if not rows:
        return []
    return [
        "## Threads",
        f"fastaug on as many cores as there are threads, in times the speed of one in the same round. Two are to be "
        f"{cores.GOAL} times as fast as one; what does little else than copy shares the memory bus and is not held to it. "
        "The last number is that of as many calls at once, each on a batch and a core of its own with one thread: what "
        "the machine gives.",
        *_picture(pictures, "threads", "Speed over the number of threads"),
        _table(
            ("work", "threads", "images/s", "times one", "half of the rounds", "calls at once", ""),
            rows,
        ),
    ]


def _per_image(data: Data) -> list[str]:
    rows = [
        (
            entry["row"],
            *(f"{seconds * 1e6:.4g}" for seconds in entry["seconds"].values()),
            f"{entry['seconds_per_image_beyond_large'] * 1e6:.2f}",
            f"{entry['seconds_per_image'] * 1e6:.2f}",
            _met(entry["met"]),
        )
        for entry in data["per_image"]
    ]
    if not rows:
        return []
    tall, large = f"one of {IMAGES * SMALL}×{SMALL}", f"one of {LARGE}×{LARGE}"
    return [
        "## Small images",
        f"{IMAGES} images of {SMALL}×{SMALL}×3 against one image of the same rows, and against one large image of as "
        "many pixels, in µs. What an image costs beyond its rows is to be less than "
        f"{PER_IMAGE_GOAL * 1e6:g} µs; beyond the pixels of a large image, that is with what its short rows and its "
        "borders cost, it is more.",
        _table(
            (
                "work",
                f"{IMAGES} of {SMALL}×{SMALL}",
                tall,
                large,
                "an image beyond the large one",
                "beyond its rows",
                "",
            ),
            rows,
        ),
    ]


def _memory(data: Data) -> list[str]:
    rows = [
        (
            entry["row"],
            entry["threads"],
            f"{entry['extra_bytes'] / _MEGA:.1f}",
            f"{entry['image_bytes'] / _MEGA:.1f}",
            f"{entry['images_per_thread']:.2f}",
            _met(entry["met"]),
        )
        for entry in data.get("memory", ())
    ]
    if not rows:
        return []
    return [
        "## Memory",
        "By how many MB a call on large images raises the peak, beside images and output. It is to be no more "
        "than one scratch image for each thread, of the type that the arithmetic is done in: that of a spline is one of "
        "doubles with its border, that of bicubic bytes one of four bytes a pixel.",
        _table(("work", "threads", "MB", "a scratch image", "of it per thread", ""), rows),
    ]


def _left_out(data: Data) -> list[str]:
    runs = [("", data), *((f" at {name}", run) for name, run in data["levels"].items())]
    lines = [
        f"- {name} in {result['name']}{level}: {why}"
        for level, run in runs
        for result in run["results"]
        for name, why in result["left_out"].items()
    ]
    return ["## Left out", "\n".join(lines)] if lines else []


def _met(met: bool | None) -> str:
    return "" if met is None else "met" if met else "**missed**"


def _bold_if(wanted: bool, text: str) -> str:
    return f"**{text}**" if wanted else text


def _picture(pictures: Mapping[str, str], what: str, text: str) -> list[str]:
    return [f"![{text}]({pictures[what]})"] if what in pictures else []


def _table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(str(c).replace('|', '/') for c in line)} |" for line in lines)
