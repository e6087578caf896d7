"""What a run measures: the table, and for a report all that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ... import threads as own_threads
from ..progress import bar, step
from . import also, cores, memory, peers, report, scaling, timing
from .cases import Case, batch_of, cases
from .children import child
from .goals import OURS
from .twins import twins

_LEVEL = "v3"  # what most machines have; the report has its table, too
_CURVE = 0.6  # the share of the time that a contender gets in a curve
_SHAPES = {"sizes": [28, 1024], "channels": [1, 4], "batch": None}  # beside those of the table
_FEW = 0.25  # the share of the time that a contender gets at each of these
_AWAKE = 1.0  # seconds at least for each number of threads, in many rounds
_STEPS = 0.6  # seconds for each in training, times its patience: enough for every round


def table(settings: Mapping[str, Any], others: Mapping[str, Path]) -> list[timing.Outcome]:
    """Measures every case that the settings ask for."""
    chosen = _cases(settings)
    threads = settings["threads"]
    outcomes = []
    with (
        peers.limited(threads),
        also.started(others, threads) as joining,
        bar(f"Measuring {len(chosen)} cases", len(chosen)) as advance,
    ):
        for case in chosen:
            for other in joining:
                case = other.join(case)
            outcomes.append(timing.run(case, settings["seconds_per_contender"]))
            advance(1)
    return outcomes


def _cases(settings: Mapping[str, Any]) -> list[Case]:
    """Those of all sizes and numbers of channels; a row with a size of its own is there once."""
    found: dict[str, Case] = {}
    error: ValueError | None = None
    for size in settings["sizes"]:
        for channels in settings["channels"] or [None]:
            try:
                of_size = cases(
                    size=size,
                    batch=settings["batch"] or batch_of(size),
                    ops=settings["ops"],
                    channels=channels,
                    dtypes=settings["dtypes"],
                )
            except ValueError as unknown:  # perhaps the name of a row of another size
                error = unknown
                continue
            for case in of_size:
                found.setdefault(case.name, case)
    if error is not None and not found:
        raise error
    return twins(found.values()) if settings["numba"] else list(found.values())


def full(
    outcomes: list[timing.Outcome], settings: Mapping[str, Any], others: Mapping[str, Path]
) -> dict[str, Any]:
    """All that a report says: the table at both levels, the curves, and the costs of a call."""
    data = report.as_json(outcomes, settings)
    ops, seconds = settings["ops"], settings["seconds_per_contender"] * _CURVE
    usable = own_threads._usable_cpus()
    data["levels"] = {}
    if data["machine"]["isa"] != _LEVEL and _LEVEL in data["machine"]["isa_available"]:
        with step(f"Measuring the table at {_LEVEL}"), child({"FASTAUG_ISA": _LEVEL}) as pool:
            data["levels"][_LEVEL] = pool.submit(_as_json, settings, others).result()
    with peers.limited(1):
        with step("Measuring images of all sizes"):
            data["sizes"] = scaling.sizes(ops, seconds)
        with step("Measuring what an image costs in itself"):
            data["per_image"] = scaling.per_image(ops, seconds)
    if not ops:
        data["shapes"] = _shapes({**settings, **_SHAPES, "seconds_per_contender": seconds * _FEW})
    if not ops and peers.installed("keras"):  # by itself, whose threads are set for good
        with step("Measuring steps of training"), child() as pool:
            training = {**settings, "ops": ["training"], "threads": usable}
            training["seconds_per_contender"] = _STEPS
            data["training"] = pool.submit(_as_json, training, {}).result()
    with step("Measuring threads"):
        data["threads"] = cores.threads(ops, max(seconds, _AWAKE), usable)
    with step("Measuring memory"), suppress(OSError):  # a system that does not tell
        data["memory"] = memory.extra(ops, tuple(sorted({1, min(2, usable)})))
    return data


def _shapes(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every row at other shapes, against the best peer that has it."""
    return [
        {
            "row": outcome.case.row,
            "shape": list(outcome.case.work.shape),
            "images_per_second": outcome.images_per_second(OURS),
            "best_peer": outcome.best_peer,
            "ratio": outcome.ratio,
            "share_of_copy": outcome.share_of_copy,
        }
        for outcome in table(settings, {})
        if outcome.ratio is not None
    ]


def _as_json(settings: Mapping[str, Any], others: Mapping[str, Path]) -> dict[str, Any]:
    return report.as_json(table(settings, others), settings)
