"""What moves along with the images of a batch: masks, boxes and keypoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array, as_array
from ..ops.geometry import flip, warp_spline
from ..targets import warp_boxes, warp_keypoints
from ..targets.formats import as_box_format
from .draws import Draws
from .matrices import affine_matrices

if TYPE_CHECKING:
    from .generator import ImageDataGenerator

_EXACT = ("uint8", "float32", "float64")


@dataclass(frozen=True)
class Motion:
    """How the images of a batch were moved."""

    matrices: Array | None  # (n, 2, 3), output to input (row, column)
    mirror: Array  # (n, 2): upside down, left to right, after the warp
    size: tuple[int, int]

    @classmethod
    def of(cls, generator: ImageDataGenerator, draws: Draws, size: tuple[int, int]) -> Motion:
        """The motion that a generator drew."""
        mirror = np.empty((draws.n, 2), bool)
        mirror[:, 0], mirror[:, 1] = draws.flip_vertical, draws.flip_horizontal
        return cls(affine_matrices(draws, *size, generator.compat), mirror, size)


class Targets:
    """Masks, boxes and keypoints of N images, and what `ImageDataGenerator.flow` says of them.

    Raises:
        TypeError: if masks are no array of numbers.
        ValueError: if there is no such box format.
    """

    def __init__(
        self,
        masks: Any = None,
        boxes: Any = None,
        keypoints: Any = None,
        *,
        mask_cval: float = 0.0,
        box_format: str = "xyxy",
        min_visibility: float = 0.0,
        min_area: float = 0.0,
    ) -> None:
        self.masks = None if masks is None else as_array(masks, "masks")
        self.mask_cval = mask_cval
        self.boxes = boxes
        as_box_format(box_format)  # wrong without boxes, too
        self.box_options = {
            "box_format": box_format,
            "min_visibility": min_visibility,
            "min_area": min_area,
        }
        self.keypoints = keypoints

    def __bool__(self) -> bool:
        return not (self.masks is None and self.boxes is None and self.keypoints is None)

    def check(self, shape: tuple[int, ...], data_format: str) -> None:
        """Holds lengths and sizes against those of the images.

        Raises:
            ValueError: if they differ, or boxes or keypoints are none.
        """
        named = {"masks": self.masks, "keypoints": self.keypoints}
        if isinstance(self.boxes, dict):
            named |= {f"boxes[{key!r}]": value for key, value in self.boxes.items()}
        else:
            named["boxes"] = self.boxes
        for name, values in named.items():
            if values is not None and len(values) != shape[0]:
                raise ValueError(
                    f"`x` (images tensor) and `{name}` should have the same length. "
                    f"Found: x.shape = {shape}, len({name}) = {len(values)}"
                )
        first = data_format == "channels_first"
        height, width = size = shape[2:] if first else shape[1:3]
        if self.masks is not None:
            found = self.masks.shape
            rows = 2 if first and len(found) == 4 else 1
            if len(found) not in (3, 4) or found[rows : rows + 2] != size:
                raise ValueError(
                    f"`masks` should have the height and width of the images, {size}, and their "
                    f"layout, {data_format}. Found: masks.shape = {found}"
                )
        nothing = Motion(None, np.zeros((shape[0], 2), bool), (height, width))
        if self.boxes is not None:
            self._boxes(np.arange(shape[0]), nothing)
        if self.keypoints is not None:
            self._keypoints(np.arange(shape[0]), nothing)

    def part(self, chosen: slice) -> Targets:
        """Those of some of the images."""
        boxes = self.boxes
        if isinstance(boxes, dict):
            boxes = {name: values[chosen] for name, values in boxes.items()}
        elif boxes is not None:
            boxes = boxes[chosen]
        return Targets(
            None if self.masks is None else self.masks[chosen],
            boxes,
            None if self.keypoints is None else self.keypoints[chosen],
            mask_cval=self.mask_cval,
            **self.box_options,  # type: ignore[arg-type]  # one type each
        )

    def take(
        self, generator: ImageDataGenerator, index_array: Array, motion: Motion
    ) -> dict[str, Any]:
        """The targets of these samples, moved; by their names."""
        moved: dict[str, Any] = {}
        if self.masks is not None:
            moved["masks"] = warp_masks(
                self.masks[index_array], generator, motion, cval=self.mask_cval
            )
        if self.boxes is not None:
            moved["boxes"] = self._boxes(index_array, motion)
        if self.keypoints is not None:
            moved["keypoints"] = self._keypoints(index_array, motion)
        return moved

    def _boxes(self, index_array: Array, motion: Motion) -> Any:
        if isinstance(self.boxes, dict):
            boxes: Any = {k: _chosen(v, index_array) for k, v in self.boxes.items()}
        else:
            boxes = _chosen(self.boxes, index_array)
        return warp_boxes(
            boxes,
            motion.matrices,
            size=motion.size,
            mirror=motion.mirror,
            **self.box_options,  # type: ignore[arg-type]  # one type each
        )

    def _keypoints(self, index_array: Array, motion: Motion) -> Any:
        return warp_keypoints(
            _chosen(self.keypoints, index_array),
            motion.matrices,
            size=motion.size,
            mirror=motion.mirror,
        )


def warp_masks(
    masks: Array, generator: ImageDataGenerator, motion: Motion, *, cval: float = 0.0
) -> Array:
    """Moves masks as a generator moved their images, by nearest, so that no new label appears.

    Args:
        masks: (n, H, W), (n, H, W, C) or (n, C, H, W), of any real dtype.
        generator: whose fill mode is taken.
        motion: of the images.
        cval: value outside for ``fill_mode="constant"``.

    Returns:
        Array of the same shape and dtype.
    """
    layout = "channels_last" if masks.ndim == 3 else generator.data_format
    pixels = masks[..., np.newaxis] if masks.ndim == 3 else masks
    if motion.matrices is None:
        upside_down, sideways = motion.mirror.T
        moved = flip(pixels, horizontal=sideways, vertical=upside_down, data_format=layout)
    else:
        exact = pixels if pixels.dtype.name in _EXACT else pixels.astype(np.float64)
        moved = warp_spline(
            exact,
            motion.matrices,
            order=0,
            fill_mode=generator.fill_mode,
            fill_value=cval,
            mirror=motion.mirror,
            data_format=layout,
        ).astype(masks.dtype, copy=False)
    return moved.reshape(masks.shape)


def combined(y: Any, moved: dict[str, Any]) -> Any:
    """The targets of a batch: one by itself, several under their names."""
    named = moved if y is None else {"y": y} | moved
    return next(iter(named.values())) if len(named) == 1 else named


def _chosen(values: Any, index_array: Array) -> Any:
    return (
        [values[i] for i in index_array]
        if isinstance(values, list | tuple)
        else values[index_array]
    )
