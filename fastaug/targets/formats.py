"""The ways of writing a box down: Keras' names, and those of the data sets they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .turns import Floats, Turns, added

Sizes = npt.NDArray[np.intp]

Kind = Literal["edges", "corner", "center"]


@dataclass(frozen=True, slots=True)
class BoxFormat:
    """What the four columns of a box mean.

    Attributes:
        kind: both corners, the upper left corner and the sides, or the centre and the sides.
        relative: whether to the sides of the image, rather than in pixels.
        y_first: whether y comes before x, and height before width.
    """

    kind: Kind
    relative: bool = False
    y_first: bool = False

    def to_edges(self, boxes: Floats, sizes: Sizes) -> Floats:
        """Boxes as (x_min, y_min, x_max, y_max) in pixels, shape (m, 4).

        `sizes` are (height, width) of the image that each is in, shape (m, 2).
        """
        given = self._x_first(boxes)
        first, second = given[:, :2], given[:, 2:]
        if self.kind == "corner":
            second = first + second
        elif self.kind == "center":
            first, second = first - second / 2, first + second / 2
        return np.hstack([first, second]) * self._unit(sizes)

    def from_edges(self, edges: Floats, sizes: Sizes) -> Floats:
        """The inverse of `to_edges`."""
        first, second = edges[:, :2], edges[:, 2:]
        if self.kind == "corner":
            second = second - first
        elif self.kind == "center":
            first, second = (first + second) / 2, second - first
        with np.errstate(all="ignore"):  # an image without pixels
            return self._x_first(np.hstack([first, second]) / self._unit(sizes))

    def turn(self, boxes: Floats, turns: Turns) -> Floats:
        """Boxes after mirrors, quarter turns and shifts, their sides untouched.

        By way of pixels and edges a box would come back with its last bits changed. Relative boxes
        are those of images whose output is all of the input.
        """
        given = self._x_first(boxes)
        swap = turns.swap[:, np.newaxis]
        given = np.where(swap, given[:, [1, 0, 3, 2]], given)
        first, second = given[:, :2], given[:, 2:]
        shift = turns.backwards.astype(np.float64) if self.relative else turns.edge_shift()
        if self.kind == "edges":
            near, far = (added(shift, v, turns.backwards) for v in (first, second))
            first, second = np.where(turns.backwards, (far, near), (near, far))
        elif self.kind == "corner":
            moved = added(shift, first, turns.backwards)
            first = np.where(turns.backwards, moved - second, moved)
        else:
            first = added(shift, first, turns.backwards)
        return self._x_first(np.hstack([first, second]))

    def _x_first(self, boxes: Floats) -> Floats:
        return boxes[:, [1, 0, 3, 2]] if self.y_first else boxes

    def _unit(self, sizes: Sizes) -> Floats:
        if not self.relative:
            return np.ones(1)
        return sizes[:, [1, 0, 1, 0]].astype(np.float64)


_KERAS = {
    "xyxy": BoxFormat("edges"),
    "yxyx": BoxFormat("edges", y_first=True),
    "xywh": BoxFormat("corner"),
    "center_xywh": BoxFormat("center"),
    "center_yxhw": BoxFormat("center", y_first=True),
    "rel_xyxy": BoxFormat("edges", relative=True),
    "rel_yxyx": BoxFormat("edges", relative=True, y_first=True),
    "rel_xywh": BoxFormat("corner", relative=True),
    "rel_center_xywh": BoxFormat("center", relative=True),
}
FORMATS = _KERAS | {
    "pascal_voc": _KERAS["xyxy"],
    "coco": _KERAS["xywh"],
    "yolo": _KERAS["rel_center_xywh"],
    "albumentations": _KERAS["rel_xyxy"],
}


def as_box_format(name: Any) -> BoxFormat:
    """The format of this name, or an error that lists the names; upper case is Keras' habit."""
    if isinstance(name, str) and name.lower() in FORMATS:
        return FORMATS[name.lower()]
    raise ValueError(f"box_format must be one of {', '.join(FORMATS)}, got {name!r}")
