"""The memory that a call takes beside its arrays, measured in a process that has done nothing else."""

from __future__ import annotations

import ctypes
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from ... import threads as own_threads
from .cases import Case, cases
from .children import child
from .goals import OURS
from .scaling import SIZED, rows

# And those with the most scratch memory.
ROWS = (
    *SIZED,
    "warp_affine bicubic constant uint8",
    "warp_spline order 3 nearest uint8",
    "box_blur 51x51 uint8",
    "box_blur 51x51 float32",
    "gaussian_blur 25x25 uint8",
)
_SPLINE_BORDER = 12  # pixels that a spline is filtered with on every side, as in SciPy

_SIDE, _BATCH, _WARM = 1024, 8, 32
_STATUS, _PEAK_RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
# Of each thread: pages of code, of its stack, rows and tables, and the allocator's own.
_SLACK = 2**20


def extra(ops: list[str], threads: tuple[int, ...]) -> list[dict[str, Any]]:
    """Peak memory of a call beyond images and output; nothing where the system does not tell.

    The goal is one scratch image for each thread, of the type that the arithmetic is done in.
    """
    found = []
    for case in rows(ROWS, ops, size=_SIDE, batch=1) if _PEAK_RESET.exists() else ():
        image = scratch_image(case)
        for n in threads:
            with child() as pool:
                grown = pool.submit(measure, case.row, n).result()
            found.append(
                {
                    "row": case.row,
                    "threads": n,
                    "extra_bytes": grown,
                    "image_bytes": image,
                    "images_per_thread": grown / image / n,
                    "met": grown <= (image + _SLACK) * n,
                }
            )
        case.work.release()
    return found


def scratch_image(case: Case) -> int:
    """Bytes of an image as an op computes with it: splines in doubles, bicubic in pixels of 4 bytes."""
    _, height, width, channels = case.work.shape
    if case.op == "warp_spline":
        return (height + 2 * _SPLINE_BORDER) * (width + 2 * _SPLINE_BORDER) * channels * 8
    if case.variant.startswith("bicubic") and case.work.dtype == "uint8":
        return height * width * 4
    return height * width * channels * np.dtype(case.work.dtype).itemsize


def measure(row: str, threads: int) -> int:
    """Bytes by which the peak grows during one call on large images; for a fresh process."""
    own_threads.set_num_threads(threads)
    for size in (_WARM, _SIDE):  # the small ones start the threads and load the code
        (case,) = (case for case in cases(size=size, batch=_BATCH) if case.row == row)
        images, _ = case.work.images, case.work.out
        images.max()
        call = case.contenders[OURS]()
        if size == _WARM:
            call()
    _give_back()
    _PEAK_RESET.write_text("5")
    before = _kilobytes("VmRSS")
    call()
    return max(0, _kilobytes("VmHWM") - before) * 1024


def _give_back() -> None:
    """Frees what the allocator keeps: a call that takes it again would seem to take nothing."""
    with suppress(AttributeError):  # another allocator than glibc's
        ctypes.CDLL(None).malloc_trim(0)


def _kilobytes(what: str) -> int:
    found = re.search(rf"{what}:\s*(\d+)", _STATUS.read_text())
    assert found is not None
    return int(found.group(1))
