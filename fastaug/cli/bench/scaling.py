"""How speed goes with the size of the images and with the threads, and what an image costs in itself."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from ... import threads as own_threads
from . import peers, timing
from .cases import Call, Case, batch_of, cases
from .goals import A_COPY, OURS

SIZES = (28, 64, 224, 512, 1024, 4096)
SIZED = (
    "warp_affine bilinear constant uint8",
    "warp_affine bilinear constant float32",
    "flip horizontal uint8",
    "erode 3x3 uint8",
    "erode 15x15 uint8",
    "gaussian_noise uint8",
)
THREADED = (*SIZED, "warp_affine nearest nearest uint8", "copy uint8")
THREAD_GOAL = 1.9  # two threads against one; a copy shares the memory bus
_FREE_OF_IT = ("copy", "flip")

# The same pixels as many small images and as one large one: 256 * 28 * 28 = 448 * 448.
SMALL, IMAGES, LARGE = 28, 256, 448
PER_IMAGE_GOAL = 1e-6  # seconds
# Slow peers would take minutes on the large images.
_IN_CURVES = (OURS, A_COPY, "opencv", "albumentations")


def rows(names: Iterable[str], ops: list[str], **how: Any) -> list[Case]:
    """The cases of rows by their names, those that `ops` names a part of."""
    found = {case.row: case for case in cases(**how)}
    wanted = (name for name in names if not ops or any(entry in name for entry in ops))
    return [found[name] for name in wanted if name in found]


def sizes(ops: list[str], seconds: float) -> list[dict[str, Any]]:
    """Nanoseconds per pixel at every size, in batches of about as many pixels."""
    sets = [rows(SIZED, ops, size=side, batch=batch_of(side)) for side in SIZES]
    found = []
    for case in chain(*sets):
        few = {n: make for n, make in case.contenders.items() if n in _IN_CURVES}
        calls, _ = timing.prepare(_with(case, few))
        pixels = case.work.shape[0] * case.work.shape[1] * case.work.shape[2]
        for name, taken in timing.take_turns(calls, seconds).items():
            found.append(
                {
                    "row": case.row,
                    "side": case.work.shape[1],
                    "batch": case.work.shape[0],
                    "contender": name,
                    "nanoseconds_per_pixel": taken.median / pixels * 1e9,
                }
            )
        del calls
        case.work.release()
    return found


def _with(case: Case, contenders: dict[str, Any]) -> Case:
    return Case(case.op, case.variant, case.work, contenders, case.agreements)


def threads(ops: list[str], seconds: float, most: int) -> list[dict[str, Any]]:
    """Ours with 1, 2, 4 … `most` threads, in turns, on as many cores."""
    counts = sorted({min(2**i, most) for i in range(most.bit_length() + 1)})
    found = []
    with peers.limited(most):
        for case in rows(THREADED, ops):
            call = case.contenders[OURS]()
            turns = {str(n): _on(n, call) for n in counts}
            for turn in turns.values():
                turn()
            timings = timing.take_turns(turns, seconds)
            one = timings["1"].median
            for n in counts:
                speedup = one / timings[str(n)].median
                judged = n == 2 and case.op not in _FREE_OF_IT
                found.append(
                    {
                        "row": case.row,
                        "threads": n,
                        "images_per_second": case.images_per_call / timings[str(n)].median,
                        "speedup": speedup,
                        "met": speedup >= THREAD_GOAL if judged else None,
                    }
                )
            case.work.release()
    return found


def _on(n: int, call: Call) -> Call:
    def turn() -> Any:
        own_threads.set_num_threads(n)
        return call()

    return turn


def per_image(ops: list[str], seconds: float) -> list[dict[str, Any]]:
    """What each of many small images costs beyond the arithmetic, which is that of a large one."""
    small = rows(SIZED, ops, size=SMALL, batch=IMAGES)
    large = rows(SIZED, ops, size=LARGE, batch=1)
    found = []
    for many, one in zip(small, large, strict=True):
        calls = {"many": many.contenders[OURS](), "one": one.contenders[OURS]()}
        for call in calls.values():
            call()
        timings = timing.take_turns(calls, seconds)
        each = (timings["many"].median - timings["one"].median) / IMAGES
        found.append(
            {
                "row": many.row,
                "small_batch_seconds": timings["many"].median,
                "large_image_seconds": timings["one"].median,
                "seconds_per_image": each,
                "met": each < PER_IMAGE_GOAL,
            }
        )
    return found
