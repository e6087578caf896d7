"""The CUDA backend on a card: pytest -m gpu."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from cases import CASES, SAMPLES, Case, pixels
from pipelines import everything, photographs
from references import same_bits

import fastaug

cupy = pytest.importorskip("cupy")
pytestmark = pytest.mark.gpu

LAYOUTS = [(1, "channels_last"), (3, "channels_last"), (4, "channels_last"), (5, "channels_first")]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bits(case: Case, rng: np.random.Generator) -> None:
    height, width = (31, 31) if "odd" in str(case) else (23, 31)
    for dtype in case.dtypes:
        for channels, data_format in LAYOUTS:
            images = pixels(rng, (SAMPLES, height, width, channels), dtype)
            if data_format == "channels_first":
                images = np.moveaxis(images, -1, 1)
            if dtype.startswith("float") and "shot" not in str(case):
                images.flat[:4] = [np.inf, -0.0, np.nan, 1e-42]
            with np.errstate(invalid="ignore"):
                expected = case(images, range(SAMPLES), data_format=data_format)
            got = case(cupy.asarray(images), range(SAMPLES), data_format=data_format)
            assert isinstance(got, cupy.ndarray)
            same_bits(got.get(), expected)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_a_large_batch(dtype: str) -> None:
    """Photograph-sized images, every path that whole words take."""
    rng = np.random.default_rng(1)
    images = (rng.random((16, 224, 224, 3)) * 255).astype(dtype)
    on_card = cupy.asarray(images)
    matrices = fastaug.affine_matrix(
        rotation=np.linspace(-180, 180, 16), scale=0.8, size=(224, 224)
    )
    half = np.arange(16) % 2 == 0
    for function in (
        lambda x: fastaug.warp_affine(x, matrices, fill_mode="reflect"),
        lambda x: fastaug.warp_affine(x, matrices, interpolation=1, fill_mode="nearest"),
        lambda x: fastaug.flip(x, horizontal=half, vertical=~half),
        lambda x: fastaug.rot90(x, np.arange(16)),
        lambda x: fastaug.white_tophat(x, 5),
        lambda x: fastaug.gaussian_noise(x, 20, seed=3, value_range=(0, 255)),
        lambda x: fastaug.shot_noise(x, 60, seed=3, value_range=(0, 255)),
        lambda x: fastaug.salt_and_pepper(x, 0.1, seed=3),
    ):
        same_bits(function(on_card).get(), function(images))


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_pipeline(data_format: Any) -> None:
    images, index = photographs(8, 48), np.arange(8)
    images = np.moveaxis(images, 3, 1) if data_format == "channels_first" else images
    pipeline = everything(data_format=data_format)
    on_card, expected = cupy.asarray(images), pipeline(images, index=index)
    for given in (on_card, list(on_card)):
        same_bits(pipeline(given, index=index).get(), expected)


def test_beyond_two_to_the_31_elements() -> None:
    images = cupy.zeros((3, 20_000, 40_000), cupy.uint8)[..., None]
    images[-1, -1, 0] = 7
    flipped = fastaug.flip(images, horizontal=True, vertical=True)
    assert int(flipped[-1, 0, -1, 0]) == 7
    assert images.size > 2**31
    noisy = fastaug.salt_and_pepper(images, 1.0, salt_ratio=1.0, seed=1)
    assert int(noisy.min()) == 255


def test_streams_out_and_in_place() -> None:
    images = cupy.asarray(np.full((4, 64, 64, 3), 100, np.uint8))
    with cupy.cuda.Stream(non_blocking=True) as stream:
        out = cupy.empty_like(images)
        assert fastaug.gaussian_noise(images, 10, seed=1, out=out) is out
        fastaug.gaussian_noise(images, 10, seed=1, out=images)
    stream.synchronize()
    assert bool((out == images).all())
    assert bool((images != 100).any())
    # A view of every other column, written where it lies.
    wide = cupy.zeros((4, 64, 128, 3), cupy.uint8)
    fastaug.flip(out, horizontal=True, out=wide[:, :, ::2])
    assert bool((wide[:, :, ::2] == out[:, :, ::-1]).all())
    assert not bool(wide[:, :, 1::2].any())


def test_mixed_devices_and_shared_memory_are_refused() -> None:
    on_card = cupy.zeros((2, 8, 8, 3), cupy.uint8)
    on_host = np.zeros((2, 8, 8, 3), np.uint8)
    with pytest.raises(TypeError, match="out must be on the images' CUDA device"):
        fastaug.flip(on_card, out=on_host)
    with pytest.raises(TypeError, match="out must be a NumPy array"):
        fastaug.flip(on_host, out=on_card)
    with pytest.raises(ValueError, match="share memory"):
        fastaug.flip(on_card, out=on_card)


def test_torch_tensors_come_back_as_torch_tensors() -> None:
    torch = pytest.importorskip("torch")
    images = torch.arange(2 * 6 * 5 * 3, dtype=torch.float32, device="cuda").reshape(2, 6, 5, 3)
    flipped = fastaug.flip(images, vertical=True)
    assert isinstance(flipped, torch.Tensor)
    assert torch.equal(flipped, images.flip(1))
    out = torch.empty_like(images)
    assert fastaug.flip(images, horizontal=True, out=out) is out
    assert torch.equal(out, images.flip(2))


def test_a_forked_child_is_refused() -> None:
    script = """
import os, cupy, fastaug
fastaug.flip(cupy.zeros((1, 4, 4, 1), cupy.uint8))
images = cupy.zeros((1, 4, 4, 1), cupy.uint8)
if os.fork() == 0:
    try:
        fastaug.flip(images)
    except RuntimeError as error:
        os._exit(7 if "spawn" in str(error) else 1)
    os._exit(2)
raise SystemExit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
    done = subprocess.run([sys.executable, "-P", "-c", script], timeout=120, env={**os.environ})
    assert done.returncode == 7
