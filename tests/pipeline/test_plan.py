"""What a pipeline does, pass by pass; and what making one resample of several changes."""

from __future__ import annotations

import numpy as np
import pytest
from pipelines import photographs
from scipy import ndimage

import fastaug
import fastaug.transforms as ft
from fastaug.backends.passes import Stage

JUDGED = [
    ft.RandomRotation(20),
    ft.RandomZoom(0.1),
    ft.RandomTranslation(0.1),
    ft.RandomShear(10),
    ft.RandomFlip(),
    ft.RandomBrightness(0.2),
    ft.RandomContrast(0.2),
    ft.GaussianNoise(10),
    ft.Normalize(),
]


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> list[Stage]:
    """What the backend is asked to do."""
    seen: list[Stage] = []
    backend = type(fastaug.backends.current())
    original = backend.run_plan

    def listen(self, sources, outs, given):  # type: ignore[no-untyped-def]
        seen.extend(given)
        original(self, sources, outs, given)

    monkeypatch.setattr(backend, "run_plan", listen)
    return seen


def test_geometry_is_one_pass_and_values_another(stages: list[Stage]) -> None:
    pipeline = fastaug.Compose(JUDGED, seed=1)
    plan = pipeline.plan((224, 224, 3), np.uint8)
    assert [each.kind for each in plan.passes] == ["resample", "pointwise"]
    resample, pointwise = plan.passes
    assert [*resample.transforms, *pointwise.transforms] == JUDGED
    assert resample.form == (224, 224, 3, np.uint8)
    assert pointwise.form == (224, 224, 3, np.float32)
    pipeline(photographs(8, 32))
    assert [stage.op for stage in stages] == ["warp_affine", "point", "point", "noise", "normalize"]


def test_it_prints_itself() -> None:
    text = str(
        fastaug.Compose([ft.Resize(32), ft.GaussianBlur(1.0), ft.ToFloat()]).plan((64, 48, 1))
    )
    assert text.splitlines() == [
        "64 x 48 x 1 uint8",
        "1. resample: Resize -> 32 x 32 x 1 uint8",
        "2. neighbourhood: GaussianBlur -> 32 x 32 x 1 uint8",
        "3. pointwise: ToFloat -> 32 x 32 x 1 float32",
    ]


@pytest.mark.parametrize(
    ("transforms", "kinds"),
    [
        ([], []),
        (
            [ft.RandomFlip(), ft.RandomInvert(), ft.RandomFlip()],
            ["resample", "pointwise", "resample"],
        ),
        ([ft.RandomErosion(3), ft.RandomDilation(3)], ["neighbourhood"] * 2),
        ([ft.OneOf([ft.RandomRotation(9), ft.RandomFlip()]), ft.RandomZoom(0.1)], ["resample"]),
        # Other ways to read between and beyond pixels, and fill that must be fill:
        ([ft.RandomRotation(9), ft.RandomZoom(0.1, fill_mode="reflect")], ["resample"] * 2),
        ([ft.RandomRotation(9), ft.RandomZoom(0.1, interpolation="bicubic")], ["resample"] * 2),
        ([ft.RandomRotation(9), ft.RandomZoom(0.1, fill_value=3)], ["resample"] * 2),
        ([ft.CenterCrop(20), ft.PadOrCrop(40)], ["resample"] * 2),
        ([ft.PadOrCrop(80), ft.CenterCrop(40)], ["resample"]),
        ([ft.ElasticTransform(), ft.ElasticTransform()], ["resample"] * 2),
        ([ft.RandomRotation(9), ft.ElasticTransform(), ft.RandomPerspective()], ["resample"]),
    ],
)
def test_what_goes_together(transforms: list[ft.RandomFlip], kinds: list[str]) -> None:
    plan = fastaug.Compose(transforms).plan((64, 64, 3))
    assert [each.kind for each in plan.passes] == kinds
    apart = fastaug.Compose(transforms, fuse=False).plan((64, 64, 3))
    resamples = [each for each in apart.passes if each.kind == "resample"]
    assert all(len(each.transforms) == 1 for each in resamples)


@pytest.mark.parametrize(
    ("transforms", "ops"),
    [
        ([ft.RandomFlip(p=1)], ["flip"]),
        ([ft.RandomFlip("horizontal_and_vertical", p=1)], ["flip"]),
        ([ft.RandomFlip(p=1), ft.RandomFlip(p=1)], []),
        ([ft.RandomRotation((90, 90))], ["rot90"]),
        ([ft.RandomRotation((180, 180))], ["flip"]),
        ([ft.RandomRotation((0, 0)), ft.RandomZoom((1, 1))], []),
        ([ft.RandomRotation((90, 90)), ft.RandomFlip(p=1)], ["rot90", "flip"]),
        ([ft.RandomCrop(20)], ["window"]),
        ([ft.RandomCrop(20), ft.CenterCrop(10)], ["window"]),
        ([ft.RandomResizedCrop(20)], ["resize"]),
        ([ft.RandomCrop(30), ft.Resize(20)], ["resize"]),
        ([ft.RandomResizedCrop(20), ft.RandomFlip(p=1)], ["resize", "flip"]),
        ([ft.Resize(20), ft.RandomRotation((5, 9))], ["resize", "warp_affine"]),
        ([ft.Resize(30), ft.RandomRotation((5, 9))], ["warp_affine"]),
        ([ft.PadOrCrop(50)], ["warp_affine"]),
        ([ft.RandomPerspective(p=1)], ["warp_field"]),
        ([ft.RandomAffine(9), ft.ElasticTransform(), ft.RandomAffine(9)], ["warp_field"]),
    ],
)
def test_the_least_that_does(
    stages: list[Stage], transforms: list[ft.RandomFlip], ops: list[str]
) -> None:
    """Copies where a resample can be one; 32 pixels are not made 20 by leaving some out."""
    fastaug.Compose(transforms, seed=2)(photographs(1, 32)[0])
    assert [stage.op for stage in stages] == ops


@pytest.mark.parametrize(
    "transforms",
    [
        [ft.RandomCrop((30, 40)), ft.RandomFlip("horizontal_and_vertical"), ft.RandomRotate90()],
        [ft.RandomRotation((90, 90)), ft.RandomFlip(p=1), ft.RandomCrop(17)],
        [ft.RandomTranslation(0.5), ft.RandomFlip(p=1)],
        [ft.PadOrCrop(70, fill_value=9), ft.RandomRotate90(), ft.CenterCrop(44)],
    ],
)
def test_exact_moves_stay_exact(transforms: list[ft.RandomFlip]) -> None:
    """Moves by whole pixels are the same pixels, one by one or at once, on any dtype that moves."""
    images = photographs(6, 48)
    if isinstance(transforms[0], ft.RandomTranslation):  # whole pixels only
        transforms = [ft.RandomTranslation((0.25, 0.25)), *transforms[1:]]
    at_once = fastaug.Compose(transforms, seed=4)
    one_by_one = fastaug.Compose(transforms, seed=4, fuse=False)
    for image in images:
        np.testing.assert_array_equal(at_once(image, index=1), one_by_one(image, index=1))


def test_one_interpolation_instead_of_several() -> None:
    """There and back is nearly where it was; by two resamples detail is lost. No pixel is elsewhere."""
    image = np.random.default_rng(1).integers(0, 256, (120, 120, 3), np.uint8)
    there_and_back = [ft.RandomRotation((17, 17)), ft.RandomRotation((-17, -17))]
    middle = np.s_[40:80, 40:80]
    original = image[middle].astype(np.float64)
    errors = []
    for fuse in (True, False):
        result = fastaug.Compose(there_and_back, seed=1, fuse=fuse)(image)
        errors.append(np.abs(result[middle] - original).mean())
    assert errors[0] < 0.01 < 1 < errors[1]


def test_composing_never_changes_the_geometry(rng: np.random.Generator) -> None:
    """A smooth picture, which any number of interpolations leaves alone, is the same either way."""
    y, x = np.mgrid[:80, :80].astype(np.float32)
    image = np.stack([x, y, x + y], axis=-1) / 80
    for seed in range(30):
        transforms = [
            ft.RandomAffine(rotation=30, translation=0.1, scale=0.2, shear=10),
            ft.RandomPerspective(0.2, p=1),
            ft.RandomFlip("horizontal_and_vertical"),
            ft.RandomZoom(0.2),
            ft.ElasticTransform(10, 6, p=0.5),
        ]
        rng.shuffle(transforms)  # type: ignore[arg-type]
        masks = np.ones((80, 80), np.uint8)
        at_once, one_by_one = (
            fastaug.Compose(transforms, seed=seed, fuse=fuse)(images=image, masks=masks, index=seed)
            for fuse in (True, False)
        )
        both = (at_once["masks"] & one_by_one["masks"]).astype(bool)
        both = ndimage.binary_erosion(both, iterations=6)
        difference = np.abs(at_once["images"] - one_by_one["images"])[both]
        assert both.sum() > 300
        assert difference.max() < 0.5 / 80  # half a pixel of the ramp


def test_nothing_comes_back_where_padding_was_asked_for() -> None:
    image = photographs(1, 64)[0] | 1
    cut_and_padded = fastaug.Compose([ft.CenterCrop(20), ft.PadOrCrop(64)])(image)
    expected = np.zeros_like(image)
    expected[22:42, 22:42] = image[22:42, 22:42]
    np.testing.assert_array_equal(cut_and_padded, expected)


def test_shrinking_smooths_first() -> None:
    """A fine chequered floor becomes grey, not a pattern that is not there."""
    y, x = np.mgrid[:512, :512]
    floor = ((x + y) % 2 * 255).astype(np.uint8)
    small = fastaug.Compose([ft.Resize(64), ft.RandomRotation((10, 10))], seed=1)(floor)
    assert np.abs(small[16:-16, 16:-16].astype(int) - 127).max() <= 3


def test_shapes_are_checked() -> None:
    pipeline = fastaug.Compose([ft.RandomFlip()], data_format="channels_first")
    assert pipeline.plan((3, 20, 30)).form == (20, 30, 3, np.uint8)
    assert pipeline.plan((8, 3, 20, 30)).form == (20, 30, 3, np.uint8)
    with pytest.raises(ValueError, match=r"shape must be .*got \(20, 30\)"):
        pipeline.plan((20, 30))
