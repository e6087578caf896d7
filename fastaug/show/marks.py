"""What lies on an image, drawn over its picture: outlines of masks, boxes with labels, keypoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from ..arrays import Array
from ..ops.morphology import erode
from .sheet import INK, font

# Bright, apart for most eyes, and rare in photographs; each line has a dark one beside it.
_COLORS = (
    (255, 214, 10),
    (0, 229, 255),
    (255, 55, 120),
    (80, 255, 90),
    (200, 110, 255),
    (255, 149, 0),
    (110, 160, 255),
)
_LINE = 2
_RADIUS = 4
_TEXT = 12
# A mask's outline, and the dark line within it, as widths of the footprint that finds them.
_OUTLINE, _SHADOW = 5, 7

Color = tuple[int, int, int]


class Colors:
    """Gives each thing a colour of its own, as long as there are any, and always the same one."""

    def __init__(self) -> None:
        self._known: dict[Any, Color] = {}

    def of(self, *thing: Any) -> Color:
        return self._known.setdefault(thing, _COLORS[len(self._known) % len(_COLORS)])


@dataclass(frozen=True)
class Marks:
    """What lies on an image.

    Attributes:
        mask: (H, W) or (H, W, C): labels, or shares.
        is_soft: whether a mask of whole numbers has shares, too.
        boxes: (k, 4): x_min, y_min, x_max, y_max on pixel edges.
        labels: of the boxes, shape (k, …).
        keypoints: (k, 2) or (k, 3): x and y at pixel centres, and visibility as in COCO.
    """

    mask: Array | None = None
    is_soft: bool = False
    boxes: Array | None = None
    labels: Array | None = None
    keypoints: Array | None = None

    def draw(self, picture: Image.Image, size: tuple[int, int], colors: Colors) -> Image.Image:
        """The picture of an image of this size (height, width), with these marks on it."""
        height, width = size
        scale = np.array([picture.width / width, picture.height / height])
        if self.mask is not None:
            picture = self._outlined(picture, self.mask, colors)
        pen = ImageDraw.Draw(picture)
        for i, box in enumerate(() if self.boxes is None else self.boxes * np.tile(scale, 2)):
            label = None if self.labels is None else " ".join(map(str, np.ravel(self.labels[i])))
            _box(pen, box, label, colors.of("label", label))
        for i, (x, y, *visible) in enumerate(() if self.keypoints is None else self.keypoints):
            if -0.5 < x < width - 0.5 and -0.5 < y < height - 0.5 and visible[:1] != [0]:
                at = (np.array([x, y]) + 0.5) * scale - 0.5
                _point(pen, at, colors.of("keypoint", i), hollow=visible[:1] == [1])
        return picture

    def _outlined(self, picture: Image.Image, mask: Array, colors: Colors) -> Image.Image:
        pixels = np.array(picture)
        seen = _fitted(mask, picture.height, picture.width)
        channels = seen[..., np.newaxis] if seen.ndim == 2 else seen
        for c in range(channels.shape[-1]):
            labels = _labels(channels[..., c], self.is_soft)
            values, ranks = np.unique(labels, return_inverse=True)
            ranks = ranks.reshape(labels.shape).astype(np.float32)
            line, both = (ranks != erode(ranks, size) for size in (_OUTLINE, _SHADOW))
            pixels[both] = INK
            for rank in np.unique(ranks[line]).astype(int):
                pixels[line & (ranks == rank)] = colors.of("mask", c, values[rank].item())
        return Image.fromarray(pixels)


def _fitted(mask: Array, height: int, width: int) -> Array:
    """A mask of another size, by the nearest values."""
    y = (np.arange(height) + 0.5) * len(mask) / height
    x = (np.arange(width) + 0.5) * mask.shape[1] / width
    fitted: Array = mask[y.astype(np.intp)[:, np.newaxis], x.astype(np.intp)]
    return fitted


def _labels(mask: Array, is_soft: bool) -> Array:
    """A mask as labels: one of shares is in or out."""
    if mask.dtype.kind == "f" and (is_soft or (mask != np.rint(mask)).any()):
        return mask >= 0.5
    if is_soft and mask.dtype.kind in "iu":
        return mask > np.iinfo(mask.dtype).max // 2
    return mask


def _box(pen: ImageDraw.ImageDraw, box: Array, label: str | None, color: Color) -> None:
    x0, y0, x1, y1 = np.rint(box).astype(int).tolist()
    x1, y1 = max(x0, x1 - 1), max(y0, y1 - 1)
    pen.rectangle((x0, y0, x1, y1), outline=INK, width=_LINE + 2)
    if min(x1 - x0, y1 - y0) >= 2:
        pen.rectangle((x0 + 1, y0 + 1, x1 - 1, y1 - 1), outline=color, width=_LINE)
    if label is None:
        return
    width, height = round(font(_TEXT).getlength(label)) + 6, _TEXT + 4
    x0 = max(0, min(x0, pen.im.size[0] - width - 1))
    top = y0 - height if y0 >= height else y0  # above the box, or at its top
    pen.rectangle((x0, top, x0 + width, top + height), fill=color, outline=INK)
    pen.text((x0 + 4, top + height / 2), label, INK, font(_TEXT), anchor="lm")


def _point(pen: ImageDraw.ImageDraw, at: Array, color: Color, *, hollow: bool) -> None:
    x, y = at.tolist()
    for radius, ink in ((_RADIUS + 1, INK), (_RADIUS, color), (_RADIUS - 2, INK)):
        if hollow or radius >= _RADIUS:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
