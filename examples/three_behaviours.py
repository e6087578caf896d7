"""Draws docs/images/compat.png: one photograph under the three behaviours of `compat`.

    python examples/three_behaviours.py [FILE]

Needs scikit-learn, for the photograph, Keras and Pillow; `pip install 'fastaug[demo]'` brings them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_sample_image

from fastaug.keras import ImageDataGenerator

WIDTH, HEIGHT, GAP, LABEL, CAPTION = 204, 109, 8, 176, 20
CENTRE = (WIDTH / 2 - 0.5, HEIGHT / 2 - 0.5)
BEHAVIOURS = ("keras", "keras2", "fixed")

# Lines of the label; arguments; whether the images are in 0 to 1; the seed.
ROWS: list[tuple[str, dict[str, Any], bool, int]] = [
    ("rotation_range=30\nabout the cross", {"rotation_range": 30}, False, 9),
    ("height_shift_range=[30]\n30 pixels up or down", {"height_shift_range": [30]}, False, 1),
    (
        "brightness_range=[0.6, 0.6]\nof an image in 0 to 1",
        {"brightness_range": [0.6, 0.6]},
        True,
        0,
    ),
]


def photograph() -> np.ndarray:
    """A photograph, nearly twice as wide as high, with a cross at its centre."""
    image = Image.fromarray(load_sample_image("china.jpg")[40:382])
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    pen, (x, y) = ImageDraw.Draw(image), CENTRE
    for colour, width in (("white", 5), ("#D55E00", 3)):
        pen.line([(x - 9, y), (x + 9, y)], colour, width)
        pen.line([(x, y - 9), (x, y + 9)], colour, width)
    return np.asarray(image)


def augmented(
    image: np.ndarray, compat: Any, settings: dict[str, Any], unit: bool, seed: int
) -> Image.Image:
    """What a training would get, shown as it is: less than black is black, more than white white."""
    white = 255 if not unit else 1
    x = image[None].astype("float32") * (white / 255)
    generator = ImageDataGenerator(**settings, compat=compat, fill_mode="constant")
    [made] = next(generator.flow(x, batch_size=1, seed=seed))
    return Image.fromarray((made * (255 / white)).clip(0, 255).astype(np.uint8))


def draw(file: Path) -> None:
    image = photograph()
    columns = ["before", *(f'compat="{compat}"' for compat in BEHAVIOURS)]
    size = (
        LABEL + len(columns) * (WIDTH + GAP) + GAP,
        CAPTION + len(ROWS) * (HEIGHT + GAP) + GAP,
    )
    sheet = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=12)
    for column, name in enumerate(columns):
        pen.text((LABEL + GAP + column * (WIDTH + GAP), 3), name, "black", font)
    for row, (label, settings, unit, seed) in enumerate(ROWS):
        top = CAPTION + row * (HEIGHT + GAP)
        pen.multiline_text((GAP, top + HEIGHT / 2 - 16), label, "black", font)
        pictures = [Image.fromarray(image)]
        pictures += [augmented(image, compat, settings, unit, seed) for compat in BEHAVIOURS]
        for column, picture in enumerate(pictures):
            sheet.paste(picture, (LABEL + GAP + column * (WIDTH + GAP), top))
    file.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(256).save(file, optimize=True)


if __name__ == "__main__":
    default = Path(__file__).parent.parent / "docs" / "images" / "compat.png"
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
