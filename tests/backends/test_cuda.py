"""The CUDA backend on a card: pytest -m gpu.

Without one most of it runs all the same, on the emulator and arrays that pretend to be CuPy's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pretend_cupy
import pytest
from cases import CASES, SAMPLES, Case, pixels, waves
from extension import needs_extension
from pipelines import everything, photographs
from references import same_bits

import fastaug
import fastaug.transforms as ft

pytestmark = needs_extension
on_card = pytest.mark.gpu
Op = Callable[[Any], Any]

LAYOUTS = [(1, "channels_last"), (3, "channels_last"), (4, "channels_last"), (5, "channels_first")]
# What arithmetic may treat otherwise on a card: subnormals, and what becomes one; zeros with a sign;
# what is no number, or becomes infinite.
AWKWARD = [np.inf, -np.inf, np.nan, 0.0, -0.0, 1e-42, -1e-42, 1.2e-38, -3e38]


@pytest.fixture(params=["pretended", pytest.param("real", marks=on_card)])
def cupy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    if request.param == "real":
        module = pytest.importorskip("cupy")
        if "FASTAUG_SANITIZED" in os.environ:
            module.cuda.set_allocator(None)  # no pool: what is read beyond an array is seen
        return module
    if shutil.which("c++") is None:
        pytest.skip("the emulator needs a C++ compiler")
    pretend_cupy.install(monkeypatch)
    return sys.modules["cupy"]


@pytest.fixture
def pretended(request: pytest.FixtureRequest) -> bool:
    return "pretended" in request.node.name


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bits(case: Case, cupy: Any, rng: np.random.Generator) -> None:
    height, width = (31, 31) if "odd" in str(case) else (23, 31)
    for dtype in case.dtypes:
        for channels, data_format in LAYOUTS:
            images = pixels(rng, (SAMPLES, height, width, channels), dtype)
            if dtype.startswith("float") and "shot" not in str(case):
                with np.errstate(over="ignore"):
                    values = np.array(AWKWARD).astype(dtype)
                images[:2].reshape(-1)[::13] = np.resize(values, images[:2].size // 13 + 1)
            if data_format == "channels_first":
                images = np.moveaxis(images, -1, 1)
            with np.errstate(invalid="ignore", over="ignore"):
                expected = case(images, range(SAMPLES), data_format=data_format)
            got = case(cupy.asarray(images), range(SAMPLES), data_format=data_format)
            assert isinstance(got, cupy.ndarray)
            same_bits(got.get(), expected)


def ops(n: int, size: int) -> dict[str, Op]:
    """An op of every kind, for so many uint8 or float32 images on a scale of 0 to 255."""
    matrices = fastaug.affine_matrix(
        rotation=np.linspace(-180, 180, n), scale=0.8, size=(size, size)
    )
    square = np.array([(0, 0), (size, 0), (size, size), (0, size)], float)
    bent = fastaug.perspective_matrix(
        square, square + np.array([(3, 5), (-9, 2), (-4, -7), (6, -1)])
    )
    half, range_255 = np.arange(n) % 2 == 0, {"value_range": (0, 255)}
    boxes = np.tile([size // 8, size // 4, size // 2, size // 3], (n, 1, 1))
    kernel = np.array([[0, -1, 0.5], [0.25, 2, -1], [0.5, 0, -0.25]])

    def field(x: Any) -> Any:
        made = waves(size, size, np.arange(n))
        return made if isinstance(x, np.ndarray) else sys.modules["cupy"].asarray(made)

    return {
        "bilinear": lambda x: fastaug.warp_affine(x, matrices, fill_mode="reflect"),
        "bicubic": lambda x: fastaug.warp_affine(x, matrices, interpolation="bicubic"),
        "nearest": lambda x: fastaug.warp_affine(x, matrices, interpolation="nearest"),
        "spline": lambda x: fastaug.warp_affine(x, matrices, interpolation=3, fill_mode="nearest"),
        "perspective": lambda x: fastaug.warp_perspective(x, bent),
        "elastic": lambda x: fastaug.elastic(x, field(x)),
        "flip": lambda x: fastaug.flip(x, horizontal=half, vertical=~half),
        "rot90": lambda x: fastaug.rot90(x, np.arange(n)),
        "crop": lambda x: fastaug.crop(x, 3, 5, size - 9, size - 11),
        "pad": lambda x: fastaug.pad(x, 17, fill_mode="mirror"),
        "resize": lambda x: fastaug.resize(x, (size // 3, 2 * size)),
        "tophat": lambda x: fastaug.white_tophat(x, 5),
        "gradient": lambda x: fastaug.morphological_gradient(x, np.tri(7, dtype=int)),
        "gaussian_blur": lambda x: fastaug.gaussian_blur(x, 1.5),
        "box_blur": lambda x: fastaug.box_blur(x, 9),
        "median_blur": lambda x: fastaug.median_blur(x, 3),
        "motion_blur": lambda x: fastaug.motion_blur(x, 9, angle=30),
        "correlate": lambda x: fastaug.correlate(x, kernel),
        "sharpen": lambda x: fastaug.sharpen(x, 1.7, **range_255),
        "gaussian_noise": lambda x: fastaug.gaussian_noise(x, 20, seed=3, **range_255),
        "speckle_noise": lambda x: fastaug.speckle_noise(x, 0.2, seed=3, **range_255),
        "shot_noise": lambda x: fastaug.shot_noise(x, 60, seed=3, **range_255),
        "uniform_noise": lambda x: fastaug.uniform_noise(x, 9, seed=3),
        "salt_and_pepper": lambda x: fastaug.salt_and_pepper(x, 0.1, seed=3),
        "pixel_dropout": lambda x: fastaug.pixel_dropout(x, 0.1, seed=3),
        "erase": lambda x: fastaug.erase(x, boxes, value=7),
        "shuffle_channels": lambda x: fastaug.shuffle_channels(x, np.array([[2, 0, 1]] * n)),
        "blend": lambda x: fastaug.blend(x, fastaug.flip(x, vertical=True), 0.3),
        "paste": lambda x: fastaug.paste(x, fastaug.flip(x, vertical=True), boxes[:, 0]),
        "brightness": lambda x: fastaug.adjust_brightness(x, 1.3, **range_255),
        "contrast": lambda x: fastaug.adjust_contrast(x, 1.3, **range_255),
        "saturation": lambda x: fastaug.adjust_saturation(x, 0.4, **range_255),
        "hue": lambda x: fastaug.adjust_hue(x, 0.2, **range_255),
        "gamma": lambda x: fastaug.adjust_gamma(x, 0.7, **range_255),
        "equalize": lambda x: fastaug.equalize(x, **range_255),
        "normalize": lambda x: fastaug.normalize(x, 0.4, 0.2),
    }


@pytest.mark.parametrize("name", list(ops(2, 8)))
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_a_large_batch(dtype: str, name: str, cupy: Any, pretended: bool) -> None:
    """Photograph-sized images, every path that whole words take."""
    n, size = (2, 32) if pretended else (16, 224)
    images = (np.random.default_rng(1).random((n, size, size, 3)) * 255).astype(dtype)
    op = ops(n, size)[name]
    same_bits(op(cupy.asarray(images)).get(), op(images))


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_pipeline(data_format: Any, cupy: Any) -> None:
    images, index = photographs(8, 48), np.arange(8)
    images = np.moveaxis(images, 3, 1) if data_format == "channels_first" else images
    pipeline = everything(data_format=data_format)
    given, expected = cupy.asarray(images), pipeline(images, index=index)
    for each in (given, list(given)):
        same_bits(pipeline(each, index=index).get(), expected)


def test_a_pipeline_of_mixtures(cupy: Any) -> None:
    images, index = photographs(8, 48), np.arange(8)
    regions = [ft.RandomErasing(), ft.CoarseDropout(), ft.MixUp(num_classes=4)]
    pipeline = fastaug.Compose([*regions, ft.CutMix(num_classes=4)], seed=4)
    expected = pipeline(images=images, labels=index % 4, index=index)
    got = pipeline(images=cupy.asarray(images), labels=index % 4, index=index)
    same_bits(got["images"].get(), expected["images"])


def test_beyond_two_to_the_31_elements(cupy: Any, pretended: bool) -> None:
    """Each result is known without a second one: the last pixels of the last image."""
    height, width = (20, 40) if pretended else (20_000, 40_000)
    images = cupy.zeros((3, height, width, 1), cupy.uint8)
    assert pretended or images.size > 2**31
    images[2, height - 1, 0, 0] = 7
    flipped = fastaug.flip(images, horizontal=True, vertical=True)
    assert int(flipped[2, 0, width - 1, 0]) == 7
    assert int(fastaug.rot90(images)[2, width - 1, height - 1, 0]) == 7
    grown = fastaug.dilate(images, 3)
    assert [int(grown[2, height - 2, x, 0]) for x in range(3)] == [7, 7, 0]
    moved = fastaug.warp_affine(images, np.array([[1.0, 0, -2], [0, 1, 0]]))
    assert [int(moved[2, height - 1, x, 0]) for x in range(4)] == [0, 0, 7, 0]
    blurred = fastaug.box_blur(images, 3, mode="constant")
    assert int(blurred[2, height - 1, 1, 0]) == 1
    assert int(fastaug.median_blur(images, 3, mode="nearest")[2, height - 1, 0, 0]) == 0
    assert int(fastaug.invert(images)[2, height - 1, 0, 0]) == 248
    assert int(fastaug.resize(images, (height, 2 * width))[2, height - 1, 0, 0]) == 7
    noisy = fastaug.salt_and_pepper(images, 1.0, salt_ratio=1.0, seed=1)
    assert int(noisy.min()) == 255


def test_streams_out_and_in_place(cupy: Any) -> None:
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


def test_mixed_devices_and_shared_memory_are_refused(cupy: Any) -> None:
    given = cupy.zeros((2, 8, 8, 3), cupy.uint8)
    on_host = np.zeros((2, 8, 8, 3), np.uint8)
    with pytest.raises(TypeError, match="out must be on the images' CUDA device"):
        fastaug.flip(given, out=on_host)
    with pytest.raises(TypeError, match="out must be a NumPy array"):
        fastaug.flip(on_host, out=given)
    for one, other in ((given, on_host), (on_host, given)):
        with pytest.raises(TypeError, match="both on a CUDA device, or neither"):
            fastaug.blend(one, other, 0.5)
    with pytest.raises(TypeError, match="displacement must be on the images' CUDA device"):
        fastaug.elastic(given, waves(8, 8, np.arange(2)))
    with pytest.raises(ValueError, match="share memory"):
        fastaug.flip(given, out=given)


def test_torch_tensors_come_back_as_torch_tensors(cupy: Any, pretended: bool) -> None:
    torch = pytest.importorskip("torch")

    class OnCard(torch.Tensor):  # type: ignore[misc, name-defined]
        """A tensor that is said to be on a card."""

        __module__ = "torch"

        @property
        def __cuda_array_interface__(self) -> dict[str, Any]:
            plain = self.as_subclass(torch.Tensor).numpy()
            return {**plain.__array_interface__, "owner": plain}

    def sent(tensor: Any) -> Any:
        return tensor.as_subclass(OnCard) if pretended else tensor.cuda()

    images = sent(torch.arange(2 * 6 * 5 * 3, dtype=torch.float32).reshape(2, 6, 5, 3))
    flipped = fastaug.flip(images, vertical=True)
    assert isinstance(flipped, torch.Tensor)
    assert torch.equal(flipped, images.flip(1))
    out = sent(torch.zeros(2, 6, 5, 3))
    assert fastaug.flip(images, horizontal=True, out=out) is out
    assert torch.equal(out, images.flip(2))
    planes = fastaug.flip(sent(torch.rand(2, 3, 8, 9)), data_format="channels_first")
    assert isinstance(planes, torch.Tensor)
    pipeline = fastaug.Compose([ft.RandomRotation(20), ft.Normalize()], seed=1)
    photos = photographs(4, 16)
    got = pipeline(sent(torch.from_numpy(photos)), index=np.arange(4))
    assert isinstance(got, torch.Tensor)
    same_bits(got.cpu().numpy(), pipeline(photos, index=np.arange(4)))


@on_card
def test_calls_do_not_wait_for_the_card() -> None:
    cupy = pytest.importorskip("cupy")
    spin = cupy.RawKernel(
        'extern "C" __global__ void spin(long long ticks) {'
        " long long since = clock64(); while (clock64() - since < ticks) {} }",
        "spin",
    )
    images = cupy.zeros((16, 64, 64, 3), cupy.uint8)
    calls = ops(16, 64)
    calls["pipeline"] = everything()
    del calls["elastic"]  # the test's own upload of a field
    with cupy.cuda.Stream(non_blocking=True) as stream:
        for name, call in calls.items():
            call(images)  # compiles, and fills the pools
            stream.synchronize()
            spin((1,), (1,), (np.int64(10**9),))
            call(images)
            assert not stream.done, name
            stream.synchronize()


@on_card
def test_nothing_is_copied_on_the_way() -> None:
    cupy = pytest.importorskip("cupy")
    images = cupy.zeros((64, 224, 224, 3), cupy.uint8)
    out = cupy.empty_like(images)
    sizes: list[int] = []

    class Allocations(cupy.cuda.MemoryHook):  # type: ignore[misc]
        name = "Allocations"

        def malloc_preprocess(self, *, size: int, **_: Any) -> None:
            sizes.append(size)

    with Allocations():
        fastaug.flip(images, horizontal=True, out=out)
        fastaug.warp_affine(images, np.array([[1.0, 0.1, 0], [0, 1, 0]]), out=out)
        fastaug.gaussian_noise(images, 9, seed=1, out=out)
        fastaug.adjust_brightness(images, 1.1, out=out)
        fastaug.erode(images, 3, out=out)
    assert sizes
    assert max(sizes) < images.nbytes // 100


@on_card
def test_two_cards_are_not_mixed() -> None:
    cupy = pytest.importorskip("cupy")
    if cupy.cuda.runtime.getDeviceCount() < 2:
        pytest.skip("needs two cards")
    with cupy.cuda.Device(1):
        images = cupy.zeros((2, 8, 8, 3), cupy.uint8)
    with cupy.cuda.Device(0), pytest.raises(ValueError, match=r"is on CUDA device 1.*work within"):
        fastaug.flip(images)
    with cupy.cuda.Device(1):
        assert fastaug.flip(images).device.id == 1


@on_card
@pytest.mark.parametrize("fastaug_first", [True, False])
def test_a_forked_child_is_refused(fastaug_first: bool) -> None:
    pytest.importorskip("cupy")
    before = "fastaug.flip(cupy.zeros((1, 4, 4, 1), cupy.uint8))" if fastaug_first else ""
    script = f"""
import os, cupy, fastaug
{before}
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


@on_card
@pytest.mark.slow
@pytest.mark.parametrize("tool", ["memcheck", "racecheck", "synccheck"])
def test_compute_sanitizer(tool: str) -> None:
    """Every op under CUDA's own checks, in a process of its own."""
    pytest.importorskip("cupy")
    if "FASTAUG_SANITIZED" in os.environ or shutil.which("compute-sanitizer") is None:
        pytest.skip("compute-sanitizer is not installed")
    checked = [
        "compute-sanitizer",
        f"--tool={tool}",
        "--error-exitcode=9",
        "--target-processes=all",
    ]
    tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "gpu", str(Path(__file__))]
    done = subprocess.run(
        [*checked, sys.executable, *tests, "-k", "bits or large_batch or pipeline"],
        env={**os.environ, "FASTAUG_SANITIZED": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
