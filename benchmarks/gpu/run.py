"""Measures the CUDA backend on this machine's card: python benchmarks/gpu/run.py [docs/benchmarks]

Writes gpu-<card>.json into the folder, and the table of it into its index.md. Every op is given as a share of
the copy bandwidth that the card shows in the same run: what its images and its result take in memory,
moved once each, against the time of its kernels by CUDA events. A round trip is what a caller waits
for who has the images in the host's memory and wants the result there: upload, call, download.
Without a card, nothing is measured, and that is said.
"""

from __future__ import annotations

import datetime
import json
import platform
import re
import sys
import time
from collections.abc import Callable
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import ours
import peers

import fastaug
from fastaug import backends
from fastaug.cli.bench import cards

IMAGES = {"uint8": (1024, 224, 224, 3), "float32": (256, 224, 224, 3)}
BUSY_BYTES, BUSY_TIMES = 512 << 20, 20  # a few milliseconds: longer than any call takes to prepare
ROUNDS = 30
SLOW = 0.5  # seconds; what takes longer has fewer rounds
Row = dict[str, Any]


def kernel_seconds(work: Callable[[], Any], busy: Callable[[], None]) -> float:
    """Median time between two events around a call, while the card is busy with what came before."""
    cuda = import_module("cupy").cuda

    def once() -> float:
        start, stop = cuda.Event(), cuda.Event()
        busy()
        start.record()
        work()
        stop.record()
        stop.synchronize()
        return float(cuda.get_elapsed_time(start, stop)) / 1e3

    return _median(once)


def wall_seconds(work: Callable[[], Any]) -> float:
    """Median time of a call that ends with its result in the host's memory."""

    def once() -> float:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    return _median(once)


def _median(once: Callable[[], float]) -> float:
    first = max(once(), once())  # compiles, fills the pools
    return float(np.median([once() for _ in range(3 if first > SLOW else ROUNDS)]))


class Bench:
    """One dtype's images, and what has been measured with them."""

    def __init__(self, dtype: str, shape: tuple[int, ...]) -> None:
        self._cupy = import_module("cupy")
        self.dtype, self.shape = dtype, shape
        values = np.random.default_rng(1).integers(0, 256, shape)
        self._host = values.astype(dtype)
        self._images = self._cupy.asarray(self._host)
        self._spare = self._cupy.empty((BUSY_BYTES,), np.uint8)
        self.rows: list[Row] = []
        self.left_out: list[Row] = []
        out = self._cupy.empty_like(self._images)
        seconds = kernel_seconds(lambda: self._cupy.copyto(out, self._images), self._busy)
        self.bandwidth = 2 * self._images.nbytes / seconds
        self._add("copy", "cupy", seconds, 2 * self._images.nbytes, None)

    def _busy(self) -> None:
        for _ in range(BUSY_TIMES):
            self._spare.fill(1)

    def _add(self, op: str, by: str, seconds: float, moved: int, round_trip: float | None) -> Row:
        row = {"op": op, "dtype": self.dtype, "by": by, "ms": seconds * 1e3}
        row |= {"gb_s": moved / seconds / 1e9, "share": moved / seconds / self.bandwidth}
        row["round_trip_ms"] = None if round_trip is None else round_trip * 1e3
        self.rows.append(row)
        return row

    def ours(self) -> None:
        for op, work in ours.works(self.shape[0], self.shape[1], self.dtype).items():
            images = self._images
            moved = (
                images.nbytes * (2 if op in ("blend", "paste") else 1) + work.call(images).nbytes
            )
            seconds = kernel_seconds(lambda: work.call(images), self._busy)  # noqa: B023
            trip = wall_seconds(
                lambda: self._cupy.asnumpy(work.call(self._cupy.asarray(self._host)))  # noqa: B023
            )
            row = self._add(op, "fastaug", seconds, moved, trip)
            row["goal"] = work.goals.get(self.dtype)

    def peer(self, name: str) -> None:
        _, calls_of, tensors = peers.PEERS[name]
        upload, download = self._tensors() if tensors else (self._cupy.asarray, self._cupy.asnumpy)
        given, moved = upload(self._host), {row["op"]: row for row in self.rows}
        for op, call in calls_of(self.shape[0], self.shape[1], self.dtype).items():
            try:
                seconds = kernel_seconds(lambda: call(given), self._busy)  # noqa: B023
                trip = wall_seconds(lambda: download(call(upload(self._host))))  # noqa: B023
            except (
                Exception
            ) as error:  # what a peer cannot do with this dtype is no row, but a line
                text = f"{type(error).__name__}: {error}".splitlines()[0]
                self.left_out.append({"op": op, "dtype": self.dtype, "by": name, "why": text})
                continue
            same = moved[op]
            work = same["gb_s"] * same["ms"]  # as many bytes as ours
            self._add(op, name, seconds, int(work * 1e6), trip)

    def _tensors(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        torch = import_module("torch")
        device = "cuda" if torch.cuda.is_available() else "cpu"

        def upload(host: Any) -> Any:
            return torch.from_numpy(host).to(device).permute(0, 3, 1, 2).contiguous()

        return upload, lambda tensor: tensor.cpu().numpy()


def measure() -> Row:
    """Everything, as it is written down."""
    rows, left_out = [], []
    for dtype, shape in IMAGES.items():
        bench = Bench(dtype, shape)
        bench.ours()
        for name, (module, _, _) in peers.PEERS.items():
            if not _installed(module):
                why = f"{module.partition('.')[0]} is not installed"
                left_out.append({"op": "all", "dtype": dtype, "by": name, "why": why})
                continue
            bench.peer(name)
        rows += bench.rows
        left_out += bench.left_out
    _compare(rows)
    return {
        **machine(),
        "images": IMAGES,
        "faster_than": peers.FASTER_THAN,
        "rows": rows,
        "left_out": left_out,
    }


def _installed(module: str) -> bool:
    try:
        return module in sys.modules or find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _compare(rows: list[Row]) -> None:
    """How many times faster than each peer our rows are."""
    mine = {(row["op"], row["dtype"]): row for row in rows if row["by"] == "fastaug"}
    for row in rows:
        if row["by"] not in ("fastaug", "cupy"):
            own = mine[row["op"], row["dtype"]]
            own.setdefault("times", {})[row["by"]] = row["ms"] / own["ms"]


def machine() -> Row:
    runtime = import_module("cupy").cuda.runtime
    properties = runtime.getDeviceProperties(runtime.getDevice())
    versions = {}
    for name in ("cupy-cuda13x", "cupy-cuda12x", "torch", "torchvision", "kornia", "numpy"):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {
        "card": properties["name"].decode(),
        "compute_capability": f"{properties['major']}.{properties['minor']}",
        "driver": _version(runtime.driverGetVersion()),
        "cuda": _version(runtime.runtimeGetVersion()),
        "date": datetime.date.today().isoformat(),
        "fastaug": fastaug.__version__,
        "python": platform.python_version(),
        "versions": versions,
    }


def _version(number: int) -> str:
    return f"{number // 1000}.{number % 1000 // 10}"


def main(folder: Path) -> int:
    reason = backends.unavailable("cuda")
    if reason is not None:
        print(f"not measured: {reason}")
        return 1
    report = measure()
    name = "gpu-" + re.sub(r"[^a-z0-9]+", "-", report["card"].lower()).strip("-")
    (folder / f"{name}.json").write_text(json.dumps(report, indent=1) + "\n")
    cards.renew(folder)
    print(cards.table(report))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/benchmarks")))
