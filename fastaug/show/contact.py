"""Sheets of images side by side, with what lies on them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from PIL import Image

from ..arrays import Array
from .levels import Limits, levels
from .marks import Colors, Marks
from .sheet import Row, Tile, draw, picture

# Pixels across the pictures of a sheet, less the more of them there are.
_WIDTH = 1280
_LARGEST_TILE = 320


@dataclass(frozen=True, eq=False, repr=False)
class ContactSheet:
    """Pictures on one sheet; in a notebook it shows itself.

    Attributes:
        image: uint8, shape (height, width, 3).
    """

    image: Array

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the sheet to a file, of the kind that its suffix says, such as ``.png``.

        Raises:
            ValueError: if Pillow knows no such suffix.
            OSError: if it cannot be written.
        """
        Image.fromarray(self.image).save(path)

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        Image.fromarray(self.image).save(buffer, "PNG")
        return buffer.getvalue()

    def __repr__(self) -> str:
        height, width, _ = self.image.shape
        return f"<ContactSheet of {height} x {width} pixels>"


@dataclass(frozen=True)
class Panel:
    """An image on a sheet.

    Attributes:
        pixels: (H, W, C), of any dtype.
        limits: which values are black and white.
        caption: under it.
        details: after that, as far as there is room.
        marks: on it.
    """

    pixels: Array
    limits: Limits
    caption: str = ""
    details: str = ""
    marks: Marks = field(default_factory=Marks)


def tile_side(columns: int) -> int:
    """The sides that the pictures of a sheet may have, in pixels."""
    return min(_LARGEST_TILE, _WIDTH // columns)


def contact_sheet(
    groups: Sequence[tuple[str, Sequence[Panel]]], columns: int, *, title: str, subtitle: str
) -> ContactSheet:
    """Draws a sheet.

    Args:
        groups: labels and their panels, each group from a new row on.
        columns: how many panels in a row.
        title: above all of it, if there is one.
        subtitle: below the title.
    """
    colors = Colors()
    rows = []
    for label, panels in groups:
        tiles = [_tile(panel, tile_side(columns), colors) for panel in panels]
        lines = [tiles[i : i + columns] for i in range(0, len(tiles), columns)]
        rows += [Row(line, "" if i else label) for i, line in enumerate(lines)]
    return ContactSheet(np.asarray(draw(title, subtitle, rows)))


def _tile(panel: Panel, side: int, colors: Colors) -> Tile:
    pixels, note = levels(panel.pixels, panel.limits)
    height, width, _ = pixels.shape
    drawn = panel.marks.draw(picture(pixels, (side, side)), (height, width), colors)
    caption = ", ".join(filter(None, [panel.caption, note]))
    return Tile(drawn, ": ".join(filter(None, [caption, panel.details])))
