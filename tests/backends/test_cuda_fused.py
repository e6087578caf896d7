"""Passes as one kernel each, compiled for their lists of ops: few launches, and native's bits."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import nvrtc
import pytest
from cases import pixels
from emulator import Emulated
from extension import needs_extension
from pretend_cupy import asarray, install
from references import same_bits

import fastaug
import fastaug.transforms as ft
from fastaug.backends.cuda import compiler, kernels, steps

pytestmark = [
    needs_extension,
    pytest.mark.skipif(shutil.which("c++") is None, reason="the emulator needs a C++ compiler"),
]

INDEX = np.arange(8)
SMALL = (13, 19)  # not even a whole row of threads
LARGE = (37, 41)  # more than one block of threads
MOVES = [ft.RandomAffine(20, 0.1, 0.2, 10), ft.RandomFlip()]
NORMALIZE = ft.Normalize(0.4, 0.3)
BRANCHES = [
    ft.OneOf(
        [
            ft.RandomRotate90(),
            ft.RandomAffine(30, fill_mode="reflect", interpolation="bicubic"),
            ft.RandomAffine(30, interpolation="nearest"),
            ft.ElasticTransform(30, 4),
            ft.RandomInvert(),
        ]
    ),
    ft.OneOf([ft.Posterize(3), ft.Solarize(0.4), ft.RandomGamma((0.5, 2.0)), ft.ChannelShuffle()]),
    ft.SaltAndPepper(0.2, p=0.5),
    NORMALIZE,
]
TRAINING = [*MOVES, ft.RandomBrightness(0.2), ft.GaussianNoise(9), NORMALIZE]


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Emulated:
    return install(monkeypatch)


@pytest.fixture(params=["pretended", pytest.param("real", marks=pytest.mark.gpu)])
def cupy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    if request.param == "real":
        return pytest.importorskip("cupy")
    install(monkeypatch)
    return sys.modules["cupy"]


def agree(transforms: list[Any], images: npt.NDArray[Any], **options: Any) -> None:
    """What a pipeline does on the card, and natively."""
    pipeline, on_card = fastaug.Compose(transforms, seed=3, **options), sys.modules["cupy"].asarray
    got, expected = pipeline(on_card(images), index=INDEX), pipeline(images, index=INDEX)
    same_bits(got.get(), expected)


def test_one_launch(card: Emulated, rng: np.random.Generator) -> None:
    agree(TRAINING, pixels(rng, (8, *LARGE, 3), "uint8"))
    assert card.host.started == {"fused_warp_affine_point_gaussian_noise_normalize"}
    assert (card.host.launches, card.host.uploads) == (1, 1)


def test_contrast_looks_at_what_was_stored(card: Emulated, rng: np.random.Generator) -> None:
    agree([*MOVES, ft.RandomContrast(0.4), *TRAINING[2:]], pixels(rng, (8, *SMALL, 3), "uint8"))
    first, last = "fused_warp_affine", "fused_point_point_gaussian_noise_normalize"
    assert card.host.started == {first, "point_sums_u8", "point_found", last}
    assert (card.host.launches, card.host.uploads) == (4, 1)


def test_images_that_are_looked_at_where_they_lie(card: Emulated, rng: np.random.Generator) -> None:
    agree([ft.Equalize(), ft.RandomContrast(0.4)], pixels(rng, (8, *SMALL, 3), "uint8"))
    assert card.host.started >= {"levels_count_u8", "fused_levels", "fused_point"}
    assert card.host.launches == 5


def test_an_op_of_its_own_writes_the_result(card: Emulated, rng: np.random.Generator) -> None:
    agree([ft.RandomInvert(), ft.RandomErosion(3, p=1.0)], pixels(rng, (8, *SMALL, 3), "uint8"))
    assert card.host.started == {"fused_point", "erode_tile_u8"}
    assert card.host.launches == 2


def test_users_ops_are_between_passes(card: Emulated, rng: np.random.Generator) -> None:
    pytest.importorskip("numba")

    @fastaug.pixel_op(elementwise=True)
    def darker(value: Any, factor: Any) -> Any:
        return value * factor

    pipeline = [*MOVES, ft.Custom(darker, parameters={"factor": (0.2, 0.9)}), *TRAINING[3:]]
    agree(pipeline, pixels(rng, (8, *SMALL, 3), "uint8"))
    last = "fused_gaussian_noise_normalize"
    assert card.host.started == {"fused_warp_affine", "thread", last}


def test_branches_are_one_launch(card: Emulated, rng: np.random.Generator) -> None:
    """Samples that are turned, warped and bent, or left where they are."""
    agree(BRANCHES, pixels(rng, (8, 24, 24, 3), "uint8"))
    assert card.host.launches == 1
    (name,) = card.host.started
    assert name.startswith("fused_rot90_warp_affine_warp_field_point_")
    assert name.endswith("_shuffle_channels_salt_and_pepper_normalize")


# What a list may be made of, in other types and channels each.
LISTS: dict[str, tuple[str, int, list[Any]]] = {
    "grey": ("uint8", 1, [*MOVES, ft.SpeckleNoise(0.2), ft.ShotNoise(40), ft.ToFloat()]),
    "colours": (
        "uint8",
        3,
        [
            ft.RandomHue(0.2),
            ft.RandomGrayscale(),
            ft.RandomErasing(p=0.7),
            ft.SaltAndPepper(0.1, per_channel=True),
        ],
    ),
    "floats": ("float32", 3, [*TRAINING, ft.UniformNoise(0.1), ft.PixelDropout(0.1)]),
    "alpha": ("float32", 4, [ft.RandomSaturation(0.5), ft.ChannelShift(0.2), ft.RandomGamma(0.7)]),
    "five": ("uint8", 5, [ft.PixelDropout(0.2), ft.ChannelDropout(), *TRAINING]),
    "doubles": ("float64", 2, [ft.RandomFlip(), ft.ShotNoise(40), ft.GaussianNoise(0.1)]),
    "shorts": ("uint16", 3, [ft.RandomRotate90(), ft.RandomBrightness(0.3), ft.AutoContrast()]),
    "windows": ("float32", 6, [ft.RandomCrop((9, 17)), ft.GaussianNoise(0.1), NORMALIZE]),
}


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("listed", LISTS.values(), ids=LISTS)
def test_lists(
    listed: tuple[str, int, list[Any]],
    data_format: Any,
    cupy: Any,
    rng: np.random.Generator,
) -> None:
    dtype, channels, transforms = listed
    size = (19, 19) if dtype == "uint16" else SMALL
    images = pixels(rng, (8, *size, channels), dtype)
    if dtype.startswith("float"):
        images /= 255
        images[0, 0, :4, 0] = [np.inf, np.nan, -0.0, 1e-42]
    if data_format == "channels_first":
        images = np.moveaxis(images, 3, 1)
    with np.errstate(invalid="ignore"):
        agree(transforms, images, data_format=data_format)


def test_a_strided_result(card: Emulated, rng: np.random.Generator) -> None:
    images = pixels(rng, (8, *LARGE, 3), "uint8")
    backward, pipeline = images[::-1, ::-1, ::-1], fastaug.Compose(TRAINING, seed=3)
    memory = np.full((8, *LARGE, 7), 5.0, np.float32)
    view = asarray(memory)[..., 1:7:2]
    pipeline(asarray(backward)[::-1, ::-1, ::-1], index=INDEX, out=view)
    same_bits(view.get(), pipeline(images, index=INDEX))
    assert card.host.launches == 1


def test_a_long_list_is_several(card: Emulated, rng: np.random.Generator) -> None:
    agree([ft.RandomInvert(p=0.5)] * 30, pixels(rng, (8, *SMALL, 1), "uint8"))
    assert card.host.launches == 3


def test_a_kernel_with_idle_steps_is_not_compiled_anew(
    card: Emulated, rng: np.random.Generator
) -> None:
    images = pixels(rng, (8, *SMALL, 3), "uint8")
    agree(TRAINING, images)
    agree([*MOVES, NORMALIZE], images)
    agree([*MOVES[:1], *TRAINING[3:]], images)
    assert len(card.host.started) == 1
    agree([*MOVES, NORMALIZE], images.astype(np.float32))
    agree(TRAINING[::-1], images)
    assert len(card.host.started) == 3


def test_what_is_too_much_for_a_kernel(
    card: Emulated, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree([ft.RandomFlip(), ft.RandomBrightness(0.2)], pixels(rng, (8, *SMALL, 7), "uint8"))
    monkeypatch.setattr(kernels, "MOST_LISTS", 0)
    agree(TRAINING, pixels(rng, (8, *SMALL, 3), "uint8"))
    assert not any("fused" in name for name in card.host.started)


def sources_of(
    listed: tuple[str, int, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> list[compiler.Source]:
    """What a pipeline has compiled for its passes."""
    dtype, channels, transforms = listed
    with monkeypatch.context() as patched:
        card, found = install(patched), []
        patched.setattr(card.host, "launch", lambda source, *_: found.append(source))
        images = np.zeros((8, 24, 24, channels), dtype)
        fastaug.Compose(transforms, seed=3)(asarray(images))
    return [source for source in found if source.text is not None]


# The pipeline of the benchmarks.
MEASURED = "uint8", 3, [*MOVES, ft.RandomBrightness(0.2), ft.RandomContrast(0.2), *TRAINING[3:]]
COMPILED = {**LISTS, "branches": ("uint8", 3, BRANCHES), "measured": MEASURED}


@pytest.mark.skipif(nvrtc.find() is None, reason="nvidia-cuda-nvrtc is not installed")
@pytest.mark.parametrize("architecture", ["sm_90", pytest.param("sm_75", marks=pytest.mark.slow)])
@pytest.mark.parametrize("listed", COMPILED.values(), ids=COMPILED)
def test_nvrtc(
    listed: tuple[str, int, list[Any]],
    architecture: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FASTAUG_CACHE_DIR", str(tmp_path))
    sources = sources_of(listed, monkeypatch)
    assert sources
    code = [compiler.compile_source(source, architecture, nvrtc) for source in sources]
    assert all(each.startswith(b"\x7fELF") for each in code)
    monkeypatch.setattr(nvrtc, "createProgram", None)
    kept = [compiler.compile_source(source, architecture, nvrtc) for source in sources]
    assert kept == code


def test_every_step_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the tests above."""
    sources = [each for listed in COMPILED.values() for each in sources_of(listed, monkeypatch)]
    files = {file for source in sources for file in re.findall(r"(\w+)\.cu", source.text or "")}
    assert files == set(steps.TYPES)


@pytest.mark.skipif(shutil.which("nvcc") is None, reason="nvcc is not installed")
def test_registers_suffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the pipeline that is measured, none are spilled."""
    for source in sources_of(MEASURED, monkeypatch):
        text = tmp_path / f"{source.name}.cu"
        text.write_text(compiler.text_of(source))
        options = ["-std=c++17", "--fmad=false", "-I", str(compiler.sources() / "cuda")]
        target = ["-cubin", "-arch=sm_90", "-o", str(tmp_path / "code.cubin"), str(text)]
        command = ["nvcc", *options, "-Xptxas", "-v", *target]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "0 bytes spill stores, 0 bytes spill loads" in done.stderr
        (registers,) = re.findall(r"Used (\d+) registers", done.stderr)
        assert int(registers) <= 64, "fewer than four blocks of threads at once"
