"""Functions of the user's within a pipeline."""

from __future__ import annotations

import pickle
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from pipelines import photographs

import fastaug
import fastaug.transforms as ft


def flipped_and_darker(image: np.ndarray) -> np.ndarray:
    return (image[::-1] // 2).astype(np.uint8)


def test_between_native_passes() -> None:
    images = photographs(5, 40)
    native = [ft.RandomBrightness(0.3), ft.RandomRotation(15)]
    pipeline = fastaug.Compose([native[0], ft.Custom(flipped_and_darker, p=0.5), native[1]], seed=1)
    result = pipeline(images, index=np.arange(5))
    seen = 0
    for i, record in enumerate(pipeline.parameters(np.arange(5))):
        expected = images[i]
        for step in record["transforms"]:
            if step["transform"] == "Custom":
                expected, seen = flipped_and_darker(expected), seen + 1
            elif step["transform"] == "RandomBrightness":
                expected = fastaug.adjust_brightness(expected, step["brightness"])
            else:
                matrix = fastaug.affine_matrix(rotation=step["rotation"], size=(40, 40))
                expected = fastaug.warp_affine(expected, matrix)
        np.testing.assert_array_equal(result[i], expected)
    assert 0 < seen < 5


def test_its_numbers_are_those_of_the_sample() -> None:
    def tint(image: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        assert numbers.shape == (2,)
        return (image * numbers[0] + numbers[1]).astype(np.float32)

    images = photographs(4, 8)
    pipeline = fastaug.Compose([ft.Custom(tint, draws=2)], seed=3)
    result = pipeline(images, index=[3, 1, 2, 0])
    assert result.dtype == np.float32
    np.testing.assert_array_equal(pipeline(images[1], index=1), result[1])
    assert len({float(each.max()) for each in result}) == 4


def test_it_may_change_the_size() -> None:
    pipeline = fastaug.Compose(
        [ft.Custom(lambda image: image[:20, :30]), ft.RandomRotate90(), ft.Resize(16)]
    )
    assert pipeline(photographs(3, 40)).shape == (3, 16, 16, 3)


def test_it_cannot_change_what_it_is_given() -> None:
    def careless(image: np.ndarray) -> np.ndarray:
        image[:] = 0
        return image

    with pytest.raises(ValueError, match="read-only"):
        fastaug.Compose([ft.Custom(careless)])(photographs(1, 8))


@fastaug.pixel_op
def warmer(pixel, by, least=10.0):
    red, green, blue = pixel
    return max(red * (1.0 + by), least), green, blue * (1.0 - by)


@fastaug.pixel_op(elementwise=True)
def inverted(value):
    return 255.0 - value


@pytest.mark.parametrize("backend", ["native", "numba"])
def test_an_op_is_part_of_the_native_pass(backend: str) -> None:
    pytest.importorskip("numba")
    if fastaug.backends.unavailable(backend):
        pytest.skip("there is no such backend here")
    custom = ft.Custom(warmer, parameters={"by": (0.1, 0.4)}, p=0.6)
    pipeline = fastaug.Compose(
        [ft.RandomRotation(20), custom, ft.Custom(inverted, p=0.5), ft.Normalize()], seed=5
    )
    images, index = photographs(6, 40), np.arange(6)
    assert not custom.outside
    assert [each.kind for each in pipeline.plan((40, 40, 3)).passes] == ["resample", "pointwise"]
    with fastaug.use_backend(backend):
        result = pipeline(images, index=index)
        seen = set()
        for i, record in enumerate(pipeline.parameters(index)):
            expected = images[i]
            for step in record["transforms"]:
                seen.add((step["transform"], step["place"]))
                if step["transform"] == "RandomRotation":
                    matrix = fastaug.affine_matrix(rotation=step["rotation"], size=(40, 40))
                    expected = fastaug.warp_affine(expected, matrix)
                elif step["transform"] == "Normalize":
                    expected = fastaug.normalize(
                        expected, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
                    )
                elif "by" in step:
                    assert 0.1 <= step["by"] < 0.4
                    expected = warmer(expected, step["by"])
                else:
                    expected = inverted(expected)
            np.testing.assert_array_equal(result[i], expected)
        np.testing.assert_array_equal(pipeline.apply(pipeline.parameters(index), images), result)
        assert len(seen) == 4


def test_an_op_of_single_values_is_one_table_with_its_neighbours() -> None:
    pytest.importorskip("numba")
    if fastaug.backends.unavailable("native"):
        pytest.skip("the extension was not built")
    backend = fastaug.backends.current()
    stages: list[str] = []

    def listening(all_: object, native: object) -> object:
        for stage in merged(all_, native):
            stages.append(stage.op)
            yield stage

    merged = fastaug.backends.native.merged
    pipeline = fastaug.Compose(
        [ft.RandomBrightness(0.2), ft.Custom(inverted), ft.RandomGamma((0.5, 2))], seed=2
    )
    images = photographs(3, 40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fastaug.backends.native, "merged", listening)
        got = pipeline(images, index=[0, 1, 2])
    assert stages == ["lookup"]
    assert backend is fastaug.backends.current()
    for i, record in enumerate(pipeline.parameters([0, 1, 2])):
        brightness, _, gamma = record["transforms"]
        expected = fastaug.adjust_brightness(images[i], brightness["brightness"])
        expected = fastaug.adjust_gamma(inverted(expected), gamma["gamma"])
        np.testing.assert_array_equal(got[i], expected)


def test_an_op_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    module = types.ModuleType("ops_of_users")
    monkeypatch.setitem(sys.modules, "ops_of_users", module)
    exec("def darker(pixel, by):\n    return (pixel[0] * by,)", module.__dict__)
    module.__dict__["darker"] = fastaug.pixel_op(module.__dict__["darker"])
    custom = ft.Custom(module.__dict__["darker"], parameters={"by": (0.2, 0.8)})
    pipeline = fastaug.Compose([ft.RandomFlip(), custom], seed=3)
    pipeline.save(tmp_path / "policy.json")
    assert '"ops_of_users:darker"' in (tmp_path / "policy.json").read_text()
    again = fastaug.Compose.load(tmp_path / "policy.json")
    assert again == pipeline
    assert pickle.loads(pickle.dumps(pipeline)) == pipeline
    images = photographs(2, 16)[..., :1]
    np.testing.assert_array_equal(again(images, index=[0, 1]), pipeline(images, index=[0, 1]))


def test_an_op_that_raises_or_does_not_compile() -> None:
    pytest.importorskip("numba")

    @fastaug.row_op
    def careless(row, y, height):
        if y > 3:
            raise ValueError("too far")

    images = photographs(2, 8)
    with pytest.raises(RuntimeError, match="careless raised an exception"):
        fastaug.Compose([ft.RandomFlip(), ft.Custom(careless)])(images)

    @fastaug.pixel_op
    def misspelt(pixel):
        return pixel.red

    with pytest.raises(
        TypeError, match=r"(?s)\AUnknown attribute 'red' of type UniTuple.*misspelt"
    ):
        fastaug.Compose([ft.RandomFlip(), ft.Custom(misspelt)])(images)


def test_parameters_of_an_op() -> None:
    with pytest.raises(
        ValueError, match=r"parameters must be those of <fastaug.pixel_op .*got none"
    ):
        ft.Custom(warmer)
    with pytest.raises(ValueError, match=r"parameters must be those of .*got \['by', 'more'\]"):
        ft.Custom(warmer, parameters={"by": 0.1, "more": 2})
    with pytest.raises(ValueError, match="draws must be 0 for an op"):
        ft.Custom(warmer, draws=1, parameters={"by": 0.1})
    with pytest.raises(ValueError, match=r"parameters\['by'\] must be a pair \(low, high\)"):
        ft.Custom(warmer, parameters={"by": (2, 1)})
    with pytest.raises(TypeError, match="parameters must be a dictionary"):
        ft.Custom(warmer, parameters=[("by", 1)])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="parameters are those of an op"):
        ft.Custom(np.flipud, parameters={"by": 1})


def test_bad_input() -> None:
    with pytest.raises(TypeError, match="function must be a function of an image, got 3"):
        ft.Custom(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="draws must be a whole number of at least 0, got -1"):
        ft.Custom(np.negative, draws=-1)
    with pytest.raises(
        TypeError, match=r"function must give an image \(H, W, C\) of numbers, got \(8, 8\)"
    ):
        fastaug.Compose([ft.Custom(lambda image: image[..., 0])])(photographs(1, 8))
