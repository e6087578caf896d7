"""``fastaug preview`` and the sheets it draws."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from fastaug.cli.images import load
from fastaug.cli.preview import describe
from fastaug.cli.recipe import Parameters
from fastaug.show.sheet import Row, Tile, draw, picture


def test_a_sheet_of_the_image_and_its_variants(invoke, photo, tmp_path):
    path = tmp_path / "sheets" / "sheet.png"
    result = invoke("preview", photo, "--output", path, "--rows", 2, "--columns", 3)
    assert result.stdout == f"wrote {path}\n"
    sheet = load(path).pixels
    tile = np.asarray(picture(load(photo).pixels, (320, 320)))
    where = find(sheet, tile)
    assert where is not None, "the first picture is the image itself"


def find(sheet, tile):
    """Where a tile lies in a sheet."""
    height, width, _ = tile.shape
    for y, x in zip(*np.nonzero((sheet == tile[0, 0]).all(axis=-1)), strict=True):
        part = sheet[y : y + height, x : x + width]
        if part.shape == tile.shape and (part == tile).all():
            return y, x
    return None


def test_variants_are_those_that_generate_makes(invoke, photo, tmp_path):
    options = ["--rotation", 25, "--erosion", 5, "--seed", 3]
    sheet_path = tmp_path / "sheet.png"
    invoke("preview", photo, "--output", sheet_path, "--rows", 1, "--columns", 4, *options)
    command = ["generate", "--image", photo, "--output", tmp_path / "out", "--total", 3]
    invoke(*command, "--format", "png", *options)
    sheet = load(sheet_path).pixels
    for n in range(3):
        made = load(tmp_path / "out" / f"china-{n:05d}.png").pixels
        assert find(sheet, np.asarray(picture(made, (320, 320)))) is not None


def test_named_after_the_image_and_the_same_each_time(invoke, photo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    invoke("preview", photo, "--size", 64)
    first = (tmp_path / "china-preview.png").read_bytes()
    invoke("preview", photo, "--size", 64)
    assert (tmp_path / "china-preview.png").read_bytes() == first


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--output", "sheet.jpg"], ".png"),
        (["--output", ""], "empty"),
        (["--size", "65536x65536"], "67,108,864"),
        (["--rows", 1, "--columns", 1], "--rows"),
        (["--rows", 0], "--rows"),
        (["--size", "x"], "--size"),
    ],
)
def test_wrong_options_are_named(invoke, photo, options, word):
    assert word in invoke("preview", photo, *options, status=2).stderr


def test_the_image_itself_is_never_overwritten(invoke, folder):
    path = folder / "flowers" / "grey.png"
    before = path.read_bytes()
    invoke("preview", path, "--output", path, status=2)
    assert path.read_bytes() == before


def test_a_file_that_is_no_image(invoke, folder):
    result = invoke("preview", folder / "flowers" / "notes.txt", status=1)
    assert "notes.txt is not an image that can be read" in result.stderr


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 900), (700, 3), (50, 60)])
def test_pictures_fit_their_box(channels, height, width):
    image = picture(np.full((height, width, channels), 200, np.uint8), (120, 100))
    assert image.mode == "RGB"
    assert image.height <= 120
    assert image.width <= 100
    assert image.height == 120 or image.width == 100


def test_sheets_have_even_margins_and_straight_columns():
    tile = Image.new("RGB", (60, 40), (255, 0, 0))
    rows = [Row([Tile(tile, "caption")] * 3, "label", "note"), Row([Tile(tile)] * 2)]
    sheet = np.asarray(draw("title", "subtitle", rows))
    red = (sheet == (255, 0, 0)).all(axis=-1)
    columns, lines = np.flatnonzero(red.any(axis=0)), np.flatnonzero(red.any(axis=1))
    assert red.sum() == 5 * 60 * 40
    assert len(columns) == 3 * 60
    assert sheet.shape[1] - columns[-1] - 1 == sheet.shape[0] - lines[-1] - 1 == 28


def test_captions_are_cut_to_the_width_of_their_tile():
    tile = Image.new("RGB", (60, 40), (255, 0, 0))
    text = "a caption that is much longer than the picture above it is wide"
    sheet = np.asarray(draw("", "", [Row([Tile(tile, text)])]))
    inked = np.flatnonzero((sheet[-45:] < 200).all(axis=-1).any(axis=0))
    assert inked[0] >= 28
    assert inked[-1] < 28 + 60


def test_parameters_in_words():
    assert describe(Parameters()) == "unchanged"
    words = describe(
        Parameters(rotation=-12.4, shift_x=3, scale=1.1, flip_vertical=True, erosion=3)
    )
    assert words == "-12\N{DEGREE SIGN}  right 3  x1.10  flip  erode 3"
