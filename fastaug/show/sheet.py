"""Rows of pictures with labels, drawn with Pillow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..arrays import Array

BACKGROUND = (250, 250, 251)
INK = (28, 35, 48)
MUTED = (107, 114, 128)
LINE = (222, 225, 231)
_MARGIN = 28
_GAP = 10
_GROUP_GAP = 26
_CAPTION = 20


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture fit for the sheet, and a line under it. `starts_group` keeps its distance."""

    picture: Image.Image
    caption: str = ""
    starts_group: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Tiles side by side; the label and the note stand to their left."""

    tiles: Sequence[Tile]
    label: str = ""
    note: str = ""


def picture(pixels: Array, box: tuple[int, int]) -> Image.Image:
    """Fits uint8 pixels of shape (H, W, C) into a box (height, width), on squares where clear."""
    height, width, channels = pixels.shape
    image = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
    scale = min(box[0] / height, box[1] / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # Small images show their pixels; large ones lose none.
    method = Image.Resampling.NEAREST if scale >= 2 else Image.Resampling.LANCZOS
    if channels in (1, 3):
        return image.convert("RGB").resize(size, method)
    clear = image.convert("RGBA").resize(size, method)
    return Image.alpha_composite(_squares(size), clear).convert("RGB")


def _squares(size: tuple[int, int]) -> Image.Image:
    y, x = np.indices((size[1], size[0])) // 8
    grey = np.where((x + y) % 2, 255, 225).astype(np.uint8)
    return Image.fromarray(grey).convert("RGBA")


def draw(title: str, subtitle: str, rows: Sequence[Row]) -> Image.Image:
    """Draws a sheet with a title, a line under it, and rows of tiles in straight columns."""
    columns = max(len(row.tiles) for row in rows)
    widths = [
        max(row.tiles[i].picture.width for row in rows if i < len(row.tiles))
        for i in range(columns)
    ]
    first = max(rows, key=lambda row: len(row.tiles)).tiles
    gutter = max(_label_width(row) for row in rows)
    left = _MARGIN + (gutter + _GROUP_GAP if gutter else 0)
    starts = []
    x = left
    for i in range(columns):
        if i:
            x += _GROUP_GAP if first[i].starts_group else _GAP
        starts.append(x)
        x += widths[i]
    title_width = max(_width(title, 28), _width(subtitle, 15)) + 2 * _MARGIN
    heights = [_row_height(row) for row in rows]
    heading = 42 if title else 0
    top = _MARGIN + heading + (42 if subtitle else heading // 3)
    size = (
        max(x + _MARGIN, title_width),
        top + sum(heights) + _GAP * (len(rows) - 1) + _MARGIN,
    )
    sheet = Image.new("RGB", size, BACKGROUND)
    pen = ImageDraw.Draw(sheet)
    pen.text((_MARGIN, _MARGIN - 4), title, INK, font(28))
    pen.text((_MARGIN, _MARGIN + heading - 4), subtitle, MUTED, font(15))
    y = top
    for row, height in zip(rows, heights, strict=True):
        _draw_row(sheet, pen, row, y, starts, widths)
        y += height + _GAP
    return sheet


def _draw_row(
    sheet: Image.Image,
    pen: ImageDraw.ImageDraw,
    row: Row,
    top: int,
    starts: Sequence[int],
    widths: Sequence[int],
) -> None:
    tallest = max(tile.picture.height for tile in row.tiles)
    middle = top + tallest / 2
    pen.text((_MARGIN, middle - (11 if row.note else 0)), row.label, INK, font(18), anchor="lm")
    pen.text((_MARGIN, middle + 13), row.note, MUTED, font(14), anchor="lm")
    for tile, start, width in zip(row.tiles, starts, widths, strict=False):
        x = start + (width - tile.picture.width) // 2
        y = top + (tallest - tile.picture.height) // 2
        sheet.paste(tile.picture, (x, y))
        edge = (x - 1, y - 1, x + tile.picture.width, y + tile.picture.height)
        pen.rectangle(edge, outline=LINE)
        if tile.caption:
            at = (start + width / 2, top + tallest + 5)
            pen.text(at, _shortened(tile.caption, width), MUTED, font(13), anchor="mt")


def _row_height(row: Row) -> int:
    captions = _CAPTION if any(tile.caption for tile in row.tiles) else 0
    return max(tile.picture.height for tile in row.tiles) + captions


def _label_width(row: Row) -> int:
    return max(_width(row.label, 18), _width(row.note, 14))


def _shortened(text: str, width: int) -> str:
    while text and _width(text, 13) > width:
        text = text.rstrip(".")[:-1].rstrip() + "..."
        if text == "...":
            return ""
    return text


def _width(text: str, size: int) -> int:
    return round(font(size).getlength(text))


def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font in a size."""
    loaded = ImageFont.load_default(size)
    assert isinstance(loaded, ImageFont.FreeTypeFont)  # it is, for a size is given
    return loaded
