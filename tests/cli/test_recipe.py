"""The random augmentation: what is drawn, on what it depends, and what it does to pixels."""

from __future__ import annotations

from dataclasses import asdict, fields, replace

import numpy as np
import pytest

import fastaug
import fastaug.random
from fastaug.cli.recipe import _DRAWS, Parameters, Recipe, Where, sample_of

FULL = Recipe(
    rotation=30,
    width_shift=0.2,
    height_shift=12,
    shear=10,
    zoom=0.25,
    horizontal_flip=True,
    vertical_flip=True,
    erosion=5,
    dilation=4,
    gaussian_noise=30,
    salt_and_pepper=0.1,
)
SIZE = (60, 80)


def draws(recipe, n=400, seed=3, sample=11):
    return [recipe.draw(Where(seed, sample, i), *SIZE) for i in range(n)]


def test_parameters_keep_to_their_ranges_and_fill_them():
    drawn = {f.name: [getattr(p, f.name) for p in draws(FULL)] for f in fields(Parameters)}
    for name, low, high in [
        ("rotation", -30, 30),
        ("shift_x", -16, 16),
        ("shift_y", -12, 12),
        ("shear", -10, 10),
        ("scale", 0.75, 1.25),
        ("gaussian_noise", 0, 30),
        ("salt_and_pepper", 0, 0.1),
    ]:
        assert low <= min(drawn[name]) < low + 0.05 * (high - low), name
        assert high >= max(drawn[name]) > high - 0.05 * (high - low), name
    assert set(drawn["erosion"]) == {1, 2, 3, 4, 5}
    assert set(drawn["dilation"]) == {1, 2, 3, 4}
    for name, off in [("erosion", 1), ("gaussian_noise", 0), ("salt_and_pepper", 0)]:
        assert 150 < sum(value == off for value in drawn[name]) < 250, name
    for name in ("flip_horizontal", "flip_vertical"):
        assert 150 < sum(drawn[name]) < 250, name


def test_an_option_moves_no_draw_of_another():
    whole = draws(FULL, 20)
    for field in fields(Recipe):
        if field.name.startswith("fill"):
            continue
        alone = draws(Recipe(**{field.name: getattr(FULL, field.name)}), 20)
        for one, all_ in zip(alone, whole, strict=True):
            for name, value in asdict(one).items():
                if value != getattr(Parameters(), name):
                    assert value == getattr(all_, name)


def test_draws_are_those_of_the_counter():
    u = fastaug.random.uniform(3, [11], epoch=6, size=len(_DRAWS))[0]
    p = FULL.draw(Where(3, 11, 6), *SIZE)
    assert p.rotation == 30 * (2 * u[0] - 1)
    assert p.scale == 1 + 0.25 * (2 * u[4] - 1)
    assert p.flip_horizontal == (u[5] < 0.5)


def test_every_coordinate_matters():
    where = Where(1, 2, 3)
    for other in (where._replace(seed=2), where._replace(sample=3), where._replace(variant=4)):
        assert FULL.draw(where, *SIZE) != FULL.draw(other, *SIZE)


def test_a_sample_is_a_checksum_of_the_name_however_it_is_composed():
    assert sample_of("cat.jpg") == 294389760
    assert sample_of("caf\N{LATIN SMALL LETTER E WITH ACUTE}") == sample_of("cafe\u0301")
    assert sample_of("a") != sample_of("b")


def test_nothing_drawn_is_the_image_itself(photographs):
    image = photographs[0]
    assert (Recipe().variant(image, Where(0, 0, 0)) == image).all()


def test_the_image_is_left_alone(photographs):
    image = photographs[0].copy()
    image.flags.writeable = False
    for n in range(5):
        assert FULL.variant(image, Where(0, 0, n)).dtype == np.uint8
    assert (image == photographs[0]).all()


@pytest.mark.parametrize("horizontal", [False, True])
@pytest.mark.parametrize("vertical", [False, True])
def test_flips_come_after_the_warp(photographs, horizontal, vertical):
    image = photographs[1]
    flips = {"flip_horizontal": horizontal, "flip_vertical": vertical}
    p = Parameters(rotation=17, shift_x=8.5, shear=4, scale=1.1)
    recipe, where = Recipe(), Where(0, 0, 0)
    warped = recipe.apply(image, p, where).astype(int)
    both = recipe.apply(image, replace(p, **flips), where).astype(int)
    expected = fastaug.flip(warped, horizontal=horizontal, vertical=vertical)
    assert abs(both - expected).max() <= 1
    only = recipe.apply(image, Parameters(**flips), where)
    assert (only == fastaug.flip(image, horizontal=horizontal, vertical=vertical)).all()


@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_moves_along_and_takes_no_noise(channels):
    image = np.full((40, 50, channels), 200, np.uint8)
    image[..., -1] = 255
    recipe = Recipe(fill_mode="constant", fill_value=90)
    p = Parameters(shift_x=10, erosion=3, gaussian_noise=20, salt_and_pepper=0.2)
    result = recipe.apply(image, p, Where(0, 0, 0))
    assert result.shape == image.shape
    assert (result[:, :10, -1] == 0).all()
    assert (result[:, 10:, -1] == 255).all()
    assert len(np.unique(result[..., 0])) > 20


def test_fill_value_comes_in_from_outside(photographs):
    recipe = Recipe(fill_mode="constant", fill_value=77)
    result = recipe.apply(photographs[0], Parameters(shift_y=5), Where(0, 0, 0))
    assert (result[:5] == 77).all()
    assert (result[5:] == photographs[0][:-5]).all()


def test_morphology_and_noise_are_the_ops_of_that_name(photographs):
    image, where = photographs[0][:100, :120], Where(9, 8, 7)
    recipe = Recipe()
    assert (
        recipe.apply(image, Parameters(erosion=4, dilation=3), where)
        == fastaug.dilate(fastaug.erode(image, 4), 3)
    ).all()
    at = {"seed": 9, "index": [8], "epoch": 7}
    noisy = fastaug.gaussian_noise(image, 12.5, stream=1, **at)
    expected = fastaug.salt_and_pepper(noisy, 0.05, stream=2, **at)
    p = Parameters(gaussian_noise=12.5, salt_and_pepper=0.05)
    assert (recipe.apply(image, p, where) == expected).all()
