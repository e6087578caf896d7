"""The demo's contact sheet: a row for each augmentation, a column for each picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from ...arrays import Array
from ...show.sheet import Row, Tile, draw, picture
from ..recipe import Parameters, Recipe, Where
from .samples import DIGIT, Samples

SEED = 7
_DIGITS = (2, 3, 4, 8)
# Erosion and the like come to half of the variants only.
_TRIES = 50
_TILE = 5 * DIGIT
_WIDE = _TILE * 3 // 2
_ROWS = (
    ("original", "", Recipe()),
    ("rotation", "up to 25\N{DEGREE SIGN} either way", Recipe(rotation=25)),
    ("shift", "up to 20 % of the sides", Recipe(width_shift=0.2, height_shift=0.2)),
    ("zoom", "up to 35 % in or out", Recipe(zoom=0.35)),
    ("shear", "up to 25\N{DEGREE SIGN} either way", Recipe(shear=25)),
    ("flip", "sideways, upside down or both", Recipe(horizontal_flip=True, vertical_flip=True)),
    ("erosion", "by 2 to 4 pixels", Recipe(erosion=4)),
    ("dilation", "by 2 to 4 pixels", Recipe(dilation=4)),
    ("Gaussian noise", "up to 50 of 255 grey levels", Recipe(gaussian_noise=50)),
    ("salt and pepper", "up to 15 % of the pixels", Recipe(salt_and_pepper=0.15)),
    (
        "many at once",
        "mild geometry, strokes, noise",
        Recipe(
            rotation=15,
            width_shift=0.1,
            height_shift=0.1,
            zoom=0.15,
            shear=10,
            horizontal_flip=True,
            erosion=2,
            dilation=2,
            gaussian_noise=25,
            salt_and_pepper=0.03,
        ),
    ),
)


def contact_sheet(samples: Samples) -> Image.Image:
    """Draws the sheet: the same picture every time."""
    china, flower = samples.photographs
    pictures = [_small(china), _small(china[130:330, 130:430]), _small(flower)]
    first_digit = len(pictures)
    pictures += [samples.digits[i] for i in _DIGITS]
    rows = []
    for label, note, recipe in _ROWS:
        tiles = []
        for i, pixels in enumerate(pictures):
            # Black goes on around a digit.
            of_digit = replace(recipe, fill_mode="constant") if i >= first_digit else recipe
            shown = picture(_changed(of_digit, pixels, i), (_TILE, _WIDE))
            tiles.append(Tile(shown, starts_group=i == first_digit))
        rows.append(Row(tiles, label, note))
    return draw(
        "fastaug",
        "Photographs and handwritten digits from scikit-learn, and variants of them",
        rows,
    )


def _small(photograph: Array) -> Array:
    """Photographs are altered at the size they are shown, so that one sees what was done."""
    image = Image.fromarray(photograph)
    height = round(_WIDE * image.height / image.width)
    return np.asarray(image.resize((_WIDE, height), Image.Resampling.LANCZOS))


def _changed(recipe: Recipe, pixels: Array, sample: int) -> Array:
    """The first of a few variants in which something happens."""
    height, width, _ = pixels.shape
    for n in range(_TRIES):
        where = Where(SEED, sample, n)
        parameters = recipe.draw(where, height, width)
        if parameters != Parameters():
            return recipe.apply(pixels, parameters, where)
    return pixels
