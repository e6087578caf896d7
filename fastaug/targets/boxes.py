"""Bounding boxes that move along with images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Array, as_array, per_sample
from .formats import BoxFormat, as_box_format
from .motion import Flags, Floats, Motion, as_motion
from .outlines import around
from .rows import Rows, as_rows, split

PADDING = -1
# Areas that differ by less are the same: corners that went through a map are rounded.
_ROUNDING = 1e-9


def warp_boxes(
    boxes: Any,
    matrix: npt.ArrayLike | None = None,
    *,
    size: tuple[int, int],
    output_size: tuple[int, int] | None = None,
    mirror: npt.ArrayLike = (False, False),
    box_format: str = "xyxy",
    min_visibility: float = 0.0,
    min_area: float = 0.0,
) -> Any:
    """Moves bounding boxes as `fastaug.ops.geometry.warp_spline` moves the images they lie on.

    A moved box is the upright one around the four moved corners, cut off at the edges of the
    image. One with nothing left inside is dropped.

    Args:
        boxes: of a batch of n images: a list of n arrays (k, 4), k as it may be, or one padded
            array (n, k, 4). Or, to keep labels in step, a dictionary as Keras has it: such boxes
            as ``"boxes"``, and under any other names, ``"labels"`` among them, arrays with an
            entry for each box: lists of n arrays (k, …), or one array (n, k, …). In a padded
            array, boxes whose four numbers or whose label are -1 are padding.
        matrix: (2, 3), or (n, 2, 3) for one per image: maps output (row, column) to input
            (row, column), as `warp_spline` takes it. Or (3, 3), or (n, 3, 3), homographies between
            the same, the middle of the output before their horizon; one that `warp_perspective`
            takes is given as ``matrix[..., [1, 0, 2], :][..., [1, 0, 2]]``. None moves nothing.
        size: (height, width) of the images in pixels.
        output_size: (height, width) of the result of the warp; default `size`.
        mirror: whether the result is then mirrored (upside down, left to right); shape (2,) or
            (n, 2).
        box_format: Keras' ``"xyxy"``, ``"yxyx"``, ``"xywh"``, ``"center_xywh"`` and
            ``"center_yxhw"``, in pixels and on their edges, so that ``(0, 0, width, height)`` is
            the whole image; ``"rel_xyxy"``, ``"rel_yxyx"``, ``"rel_xywh"`` and
            ``"rel_center_xywh"``, as shares of width and height; or another name for one of
            these: ``"pascal_voc"`` (xyxy), ``"coco"`` (xywh), ``"yolo"`` (rel_center_xywh),
            ``"albumentations"`` (rel_xyxy).
        min_visibility: share of a moved box, 0 to 1, that must lie in the image.
        min_area: of what lies in the image, in pixels, at least 0.

    Returns:
        The boxes in kind, as new arrays. Lists lack the boxes that were dropped, and what belongs
        to them. In padded arrays these become padding: boxes, labels and all other numbers -1.
        Floating dtypes are kept; boxes of whole numbers become float64. In padded arrays
        unsigned labels become signed ones, which can be -1.

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit, a name is unknown, a number is not finite or out of
            range, or a box ends before it begins.

    Method:
        In double precision. Where nothing is moved, boxes inside the image keep their bits; where
        an image is only mirrored or turned by quarters, they keep the bits of their sides, as they
        do in pixels where it is shifted. What is behind the horizon of a homography is cut off
        first; a box that reaches it is without end, and none of it counts as visible share.

    Examples:
        >>> import numpy as np
        >>> from fastaug.targets import warp_boxes
        >>> boxes = [np.array([[10.0, 20.0, 30.0, 60.0]]), np.empty((0, 4))]
        >>> warp_boxes(boxes, size=(64, 64), mirror=(False, True))
        [array([[34., 20., 54., 60.]]), array([], shape=(0, 4), dtype=float64)]
        >>> found = {
        ...     "boxes": np.array([[[10.0, 20.0, 20.0, 40.0], [50.0, 0.0, 10.0, 10.0]]]),
        ...     "labels": np.array([[7, 8]]),
        ... }
        >>> right_by_40 = [[1, 0, 0], [0, 1, -40]]
        >>> moved = warp_boxes(found, right_by_40, size=(64, 64), box_format="coco")
        >>> moved["boxes"]
        array([[[50., 20., 14., 40.],
                [-1., -1., -1., -1.]]])
        >>> moved["labels"]
        array([[ 7, -1]])
    """
    table = _as_table(boxes)
    motion = as_motion(matrix, mirror, size, output_size, table.rows.n)
    moved, _ = _moved(table, motion, box_format, min_visibility, min_area)
    return moved


def move_boxes(
    boxes: Any,
    motion: Motion,
    *,
    box_format: str = "xyxy",
    min_visibility: float = 0.0,
    min_area: float = 0.0,
) -> tuple[Any, Any]:
    """Moves boxes, as those of `warp_boxes`, as images were moved.

    Returns:
        The boxes in kind, as `warp_boxes` has them; and which of those given are there still: bools
        (n, k), or a list of n arrays (k,).

    Raises:
        TypeError: if an argument has the wrong type.
        ValueError: if a shape does not fit, a name is unknown, a number is not finite or out of
            range, or a box ends before it begins.
    """
    table = _as_table(boxes)
    table.rows.check_images(motion.n, "boxes")
    moved, kept = _moved(table, motion, box_format, min_visibility, min_area)
    return moved, table.rows.flags(kept)


@dataclass(frozen=True, slots=True)
class _Table:
    """Boxes as they came, and as rows; `others` is what belongs to them, by its names."""

    given: Any
    rows: Rows
    others: dict[str, list[Array]]

    def padding(self) -> Flags:
        """Which rows are no boxes, by themselves or by their labels, shape (rows,)."""
        if not self.rows.padded:
            return np.zeros(len(self.rows.values), bool)
        padding: Flags = (self.rows.values == PADDING).all(axis=1)
        labels = self.others.get("labels")
        if labels is not None and labels[0].dtype.kind in "if":
            padding |= (labels[0] == PADDING).all(axis=tuple(range(2, labels[0].ndim))).ravel()
        return padding


def _as_table(boxes: Any) -> _Table:
    if isinstance(boxes, dict) and "boxes" not in boxes:
        raise ValueError(f"boxes must have an entry 'boxes', got {sorted(map(str, boxes))}")
    entries = boxes if isinstance(boxes, dict) else {"boxes": boxes}
    rows = as_rows(entries["boxes"], "boxes", (4,))
    others = {
        name: _per_box(value, f"boxes[{name!r}]", rows)
        for name, value in entries.items()
        if name != "boxes"
    }
    return _Table(boxes, rows, others)


def _moved(
    table: _Table, motion: Motion, box_format: str, min_visibility: float, min_area: float
) -> tuple[Any, Flags]:
    """The boxes in kind, and which rows are there still."""
    rows = table.rows
    layout = as_box_format(box_format)
    visibility = per_sample(min_visibility, 1, "min_visibility", least=0, most=1)[0]
    area = per_sample(min_area, 1, "min_area", least=0)[0]

    padding = table.padding()
    before, after = motion.sizes[rows.image], motion.output_sizes[rows.image]
    edges = layout.to_edges(rows.values, before)
    _check_order(edges, rows, padding, box_format)
    moved, endless = around(edges, motion, rows.image)
    cut = np.clip(moved, 0, after[:, [1, 0, 1, 0]])
    values = layout.from_edges(cut, after)
    exact = _exact(moved, cut, motion, rows, layout)
    if exact.any():
        values[exact] = layout.turn(rows.values[exact], motion.turns.take(rows.image[exact]))

    whole, left = _area(moved), _area(cut)
    left[exact] = whole[exact]
    kept = ~padding & (left > np.where(endless, 0, _ROUNDING * whole))
    kept &= ~endless if visibility > 0 else True
    kept &= left >= visibility * whole * (1 - _ROUNDING)
    kept &= left >= area * (1 - _ROUNDING)
    if rows.padded:
        values[~kept] = PADDING
    results = {"boxes": rows.restore(values, kept)}
    for name, column in table.others.items():
        results[name] = _filtered(column, rows, kept)
    if isinstance(table.given, dict):
        return {name: results[name] for name in table.given}, kept
    return results["boxes"], kept


def _exact(moved: Floats, cut: Floats, motion: Motion, rows: Rows, layout: BoxFormat) -> Flags:
    """Which boxes are only mirrored, turned and shifted, and all in the image."""
    if not motion.turns.exact.any():
        return np.zeros(len(moved), bool)
    filled = motion.filled()[rows.image]
    flags = filled if layout.relative else motion.turned()[rows.image]
    # All of the image, written as shares in few bits, may seem to go beyond.
    largest = np.maximum(motion.sizes, motion.output_sizes).max(axis=1)[rows.image]
    slack = np.where(filled, 4 * rows.epsilon() * largest, 0)
    exact: Flags = flags & (np.abs(moved - cut).max(axis=1, initial=0) <= slack)
    return exact


def _area(edges: Floats) -> Floats:
    with np.errstate(over="ignore"):
        area: Floats = (edges[:, 2] - edges[:, 0]) * (edges[:, 3] - edges[:, 1])
    return area


def _check_order(edges: Floats, rows: Rows, padding: Flags, box_format: str) -> None:
    wrong = ~padding & ((edges[:, 2] < edges[:, 0]) | (edges[:, 3] < edges[:, 1]))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            "boxes must have x_min <= x_max and y_min <= y_max, got "
            f"{rows.values[row].tolist()} as {box_format!r} in {rows.place(row)}"
        )


def _per_box(value: Any, name: str, rows: Rows) -> list[Array]:
    """What belongs to the boxes, as arrays in step with those of the boxes."""
    if rows.padded:
        shape = rows.arrays[0].shape[:2]
        array = as_array(value, name)
        if array.shape[:2] != shape:
            raise ValueError(f"{name} must have a shape that begins {shape}, got {array.shape}")
        return [array]
    if not isinstance(value, list | tuple | np.ndarray):
        raise TypeError(f"{name} must be a list of {rows.n} arrays, got {value!r}")
    if len(value) != rows.n:
        raise ValueError(f"{name} must be a list of {rows.n} arrays, got {len(value)} of them")
    parts = [as_array(part, f"{name}[{i}]") for i, part in enumerate(value)]
    for i, (part, boxes) in enumerate(zip(parts, rows.arrays, strict=True)):
        if part.shape[:1] != boxes.shape[:1]:
            raise ValueError(
                f"{name}[{i}] must have an entry for each of {len(boxes)} boxes, "
                f"got shape {part.shape}"
            )
    return parts


def _filtered(arrays: list[Array], rows: Rows, kept: Flags) -> Any:
    """The arrays without what belongs to dropped boxes, or with padding in its place."""
    if not rows.padded:
        flags = split(kept, rows.image, rows.n)
        return [array[chosen] for array, chosen in zip(arrays, flags, strict=True)]
    (array,) = arrays
    if array.dtype.kind in "bu":
        signed = np.promote_types(array.dtype, np.int8)
        array = array.astype(signed if signed.kind == "i" else np.int64)
    else:
        array = array.copy()
    if array.dtype.kind in "ifc":
        array[~kept.reshape(array.shape[:2])] = PADDING
    return array
