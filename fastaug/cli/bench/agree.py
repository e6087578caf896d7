"""Do the contenders do the same work? Checked once for each before its time is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ...arrays import Array
from .data import Work

Interior = Callable[[Work], npt.NDArray[np.bool_]]


class DisagreementError(Exception):
    """A contender's output is not what the case asks for."""


def everywhere(work: Work) -> npt.NDArray[np.bool_]:
    """All pixels."""
    n, height, width, _ = work.out.shape
    return np.ones((n, height, width), bool)


def within_margin(work: Work) -> npt.NDArray[np.bool_]:
    """Pixels whose footprint lies inside the image: borders differ between libraries."""
    margin = work.options.get("margin", 0)
    mask = np.zeros(work.out.shape[:3], bool)
    mask[:, margin : work.size[0] - margin, margin : work.size[1] - margin] = True
    return mask


def within_source(work: Work) -> npt.NDArray[np.bool_]:
    """Pixels that a warp takes from at least one pixel inside the image."""
    height, width = work.size
    y, x = np.arange(height)[:, np.newaxis], np.arange(width)
    inside = np.ones((len(work.matrices), height, width), bool)
    for mask, matrix in zip(inside, work.matrices, strict=True):
        for (along_x, along_y, offset), end in zip(matrix, (width, height), strict=True):
            at = along_x * x + along_y * y + offset
            mask &= (at >= 1) & (at <= end - 2)
    return inside


@dataclass(frozen=True)
class Agreement:
    """What makes two outputs the same work.

    ``exact``: within `tolerance` grey levels of 255 in the interior, for all pixels but a share of
    `strays` (nearest-pixel ties fall either way). ``noise``: the mean and the mean size of what
    was added agree to within `tolerance`, relative to that size, and so does how far the channels
    share it. ``random``: the images changed, and their mean agrees to within `tolerance` relative.
    ``bound``: the last images as they were, in any dtype: a part of the work, which the whole of it
    cannot beat by much.
    """

    kind: Literal["exact", "noise", "random", "bound"] = "exact"
    tolerance: float = 0.0
    strays: float = 0.0
    interior: Interior = everywhere

    def describe(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "tolerance": self.tolerance,
            "strays": self.strays,
            "interior": self.interior.__name__,
        }

    def check(self, work: Work, ours: Array, theirs: Array) -> None:
        """Raises `DisagreementError` if `theirs` is other work than `ours`."""
        if self.kind == "bound":
            if not np.array_equal(theirs, work.images[-len(ours) :]):
                raise DisagreementError("does not give the images as they were")
            return
        if theirs.shape != ours.shape or theirs.dtype != ours.dtype:
            raise DisagreementError(
                f"gives {theirs.dtype} {theirs.shape} where fastaug gives {ours.dtype} {ours.shape}"
            )
        if not np.isfinite(theirs).all():
            raise DisagreementError("gives values that are not finite")
        if self.kind == "exact":
            self._check_pixels(work, ours, theirs)
        elif self.kind == "noise":
            self._check_noise(work.images, ours, theirs)
        else:
            self._check_random(work.images, ours, theirs)

    def _check_pixels(self, work: Work, ours: Array, theirs: Array) -> None:
        masks = self.interior(work)[-len(ours) :]  # a call may give back the last of its batches
        strays = compared = 0
        farthest = 0.0
        for mask, a, b in zip(masks, ours, theirs, strict=True):  # one by one: they may be large
            apart = np.abs(_wide(a[mask]) - _wide(b[mask])) * (255 / work.white)
            strays += int((apart > self.tolerance + 1e-3).sum())
            compared += apart.size
            farthest = max(farthest, float(apart.max(initial=0)))
        if strays > self.strays * compared:
            raise DisagreementError(
                f"{strays / compared:.2%} of the pixels are more than {self.tolerance} grey levels "
                f"away, the farthest {farthest:.1f}"
            )

    def _check_noise(self, images: Array, ours: Array, theirs: Array) -> None:
        mean, size, shared = _describe_noise(images, ours)
        mean_, size_, shared_ = _describe_noise(images, theirs)
        if abs(size_ - size) > self.tolerance * size or abs(mean_ - mean) > self.tolerance * size:
            raise DisagreementError(
                f"adds {mean_:.4g} on average, {size_:.4g} in size, "
                f"where fastaug adds {mean:.4g} and {size:.4g}"
            )
        if abs(shared_ - shared) > self.tolerance:
            raise DisagreementError(
                f"adds noise whose channels correlate by {shared_:.2f}, fastaug's by {shared:.2f}"
            )

    def _check_random(self, images: Array, ours: Array, theirs: Array) -> None:
        if np.array_equal(images, theirs):
            raise DisagreementError("gives the images back as they were")
        mean, mean_ = float(ours.mean()), float(theirs.mean())
        if abs(mean_ - mean) > self.tolerance * abs(mean):
            raise DisagreementError(f"has a mean of {mean_:.4g} where fastaug has {mean:.4g}")


EXACT = Agreement()


def as_array(result: Any) -> Array:
    """A contender's result as one array (N, H, W, C)."""
    if isinstance(result, list):
        images = np.stack([np.asarray(image) for image in result])
        return images if images.ndim == 4 else images[..., np.newaxis]  # grey ones of Pillow
    return np.asarray(result)


def check_moved(images: Array, result: Any) -> None:
    """Raises `DisagreementError` for a view of the input: its pixels are for the next one to move."""
    for part in result if isinstance(result, list) else [result]:
        if np.may_share_memory(np.asarray(part), images):
            raise DisagreementError("gives a view of its input, and moves nothing")


def _wide(array: Array) -> npt.NDArray[np.float64]:
    return array.astype(np.float64)


def _describe_noise(images: Array, noisy: Array) -> tuple[float, float, float]:
    """Mean and mean size of what was added, and the correlation of its first two channels."""
    added = _wide(noisy) - _wide(images)
    shared = 0.0
    if added.shape[3] > 1:
        shared = np.corrcoef(added[..., 0].ravel(), added[..., 1].ravel())[0, 1]
    return float(added.mean()), float(np.abs(added).mean()), float(shared)
