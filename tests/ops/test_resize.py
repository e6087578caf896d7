"""resize against Pillow, to the bit, and against OpenCV, PyTorch, NumPy and plain means."""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import PIL
import pytest
from cases import pixels
from PIL import Image
from processes import output_of
from references import same_bits

import fastaug

Array = npt.NDArray[Any]
Size = tuple[int, int]

PILLOW = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
}
OPENCV = {"bilinear": cv2.INTER_LINEAR, "area": cv2.INTER_AREA}
ALL_ROWS_FIRST = int(PIL.__version__.split(".")[0]) < 13
# Three and four are the usual ones, 16 more than a block of bytes holds the taps of.
CHANNELS = (1, 2, 3, 4, 5, 8, 15, 16)

interpolations = pytest.mark.parametrize("interpolation", PILLOW)
weighted = pytest.mark.parametrize("interpolation", [name for name in PILLOW if name != "nearest"])


def pillow(image: Array, size: Size, interpolation: str, box: Any = None) -> Array:
    """Pillow's answer for an (H, W, C) image, channel by channel; a box as `resize` takes it."""
    (rows, columns, _), how = image.shape, PILLOW[interpolation]
    top, left, height, width = (
        float(v) for v in (box if box is not None else (0, 0, rows, columns))
    )
    lost_rows, lost_columns = rows - size[0], columns - size[1]
    planes = []
    for c in range(image.shape[2]):
        plane = Image.fromarray(np.ascontiguousarray(image[:, :, c]))
        if ALL_ROWS_FIRST and lost_rows > 0 and lost_rows > 2 * lost_columns:
            # From version 13 on it goes along columns first here.
            plane = plane.resize((columns, size[0]), how, (0, top, columns, top + height))
            top, height = 0, size[0]
        planes.append(plane.resize(size[::-1], how, (left, top, left + width, top + height)))
    return np.stack([np.asarray(plane) for plane in planes], axis=-1)


def random_box(rng: np.random.Generator, height: int, width: int) -> Array:
    """A box with fractions, from a sliver to nearly all."""
    corner = rng.uniform(0, 0.9, 2) * (height, width)
    side = rng.uniform(0.01, 0.999, 2) * (height - corner[0], width - corner[1])
    return np.concatenate([corner, side])


# Pillow.


@pytest.mark.usefixtures("level")
@interpolations
def test_bytes_of_any_size_are_those_of_pillow(
    interpolation: str, rng: np.random.Generator, trials: int
) -> None:
    for trial in range(8 * trials):
        channels = CHANNELS[trial % len(CHANNELS)]
        image = pixels(rng, (*rng.integers(1, 70, 2), channels), "uint8")
        size = tuple(rng.integers(1, 110, 2).tolist())
        box = random_box(rng, *image.shape[:2]) if trial % 3 else None
        got = fastaug.resize(image, size, interpolation=interpolation, box=box)
        same_bits(got, pillow(image, size, interpolation, box), f"{image.shape} {size} {box}")


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_width_around_registers(channels: int, rng: np.random.Generator) -> None:
    image = pixels(rng, (5, 23, channels), "uint8")
    for width in [*range(1, 70), 127, 128, 129]:
        for height in (4, 9):
            got = fastaug.resize(image, (height, width))
            same_bits(got, pillow(image, (height, width), "bilinear"), f"{height} {width}")


@pytest.mark.usefixtures("level")
@weighted
@pytest.mark.parametrize("channels", CHANNELS)
def test_far_smaller(channels: int, interpolation: str, rng: np.random.Generator) -> None:
    """Windows longer than a block of bytes, and sums of many rows, in either order of the axes."""
    image = pixels(rng, (260, 300, channels), "uint8")
    for size in ((7, 5), (3, 290), (255, 6), (1, 1)):
        got = fastaug.resize(image, size, interpolation=interpolation)
        same_bits(got, pillow(image, size, interpolation), str(size))


@pytest.mark.usefixtures("level")
def test_black_and_white_saturate() -> None:
    image = np.zeros((40, 40, 3), np.uint8)
    image[10:20, 5:30] = 255
    for size in ((97, 83), (61, 7), (13, 17)):
        got = fastaug.resize(image, size, interpolation="bicubic")
        same_bits(got, pillow(image, size, "bicubic"), str(size))
        assert got.min() == 0
        assert got.max() == 255


@interpolations
def test_floats_are_near_those_of_pillow(interpolation: str, rng: np.random.Generator) -> None:
    for trial in range(40):
        image = pixels(rng, (*rng.integers(1, 70, 2), 3), "float32")
        size = tuple(rng.integers(1, 110, 2).tolist())
        box = random_box(rng, *image.shape[:2]) if trial % 2 else None
        got = fastaug.resize(image, size, interpolation=interpolation, box=box)
        expected = pillow(image, size, interpolation, box)
        tolerance = 0 if interpolation == "nearest" else 2e-6 * 255
        np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance)
        assert got.dtype == np.float32


@weighted
def test_words_are_those_of_pillow(interpolation: str, rng: np.random.Generator) -> None:
    """Within a range that bicubic does not leave: beyond, Pillow does not saturate."""
    for trial in range(40):
        image = rng.integers(20000, 45000, (*rng.integers(1, 70, 2), 2)).astype(np.uint16)
        size = tuple(rng.integers(1, 110, 2).tolist())
        box = random_box(rng, *image.shape[:2]) if trial % 2 else None
        got = fastaug.resize(image, size, interpolation=interpolation, box=box)
        same_bits(got, pillow(image, size, interpolation, box))


def test_words_saturate() -> None:
    image = np.zeros((1, 30), np.uint16)
    image[:, 10:20] = 65535
    got = fastaug.resize(image, (1, 97), interpolation="bicubic")
    assert (got[0, [0, 48, 96]] == [0, 65535, 0]).all()
    assert (np.diff(got[0, 48:].astype(int)) <= 0).all() or got.min() == 0
    floats = fastaug.resize(image.astype(np.float64), (1, 97), interpolation="bicubic")
    assert floats.max() > 65535
    assert floats.min() < 0
    np.testing.assert_allclose(got, floats.clip(0, 65535), atol=0.51)


@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
def test_doubles_are_near_those_of_torch(mode: str, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch")
    for _ in range(20):
        image = rng.normal(size=(*rng.integers(2, 50, 2), 2))
        size = tuple(rng.integers(1, 90, 2).tolist())
        planes = torch.from_numpy(image).permute(2, 0, 1)[None]
        expected = torch.nn.functional.interpolate(planes, size, mode=mode, antialias=True)
        got = fastaug.resize(image, size, interpolation=mode)
        np.testing.assert_allclose(got, expected[0].permute(1, 2, 0), rtol=0, atol=1e-12)


# Without antialiasing.


def plain_reference(line: Array, width: int, interpolation: str) -> Array:
    """Pillow's sample at each centre: from a box so small that nothing is widened."""
    image, scale = Image.fromarray(line[np.newaxis]), len(line) / width
    centres = (np.arange(width) + 0.5) * scale
    boxes = [(c - 0.125, 0, c + 0.125, 1) for c in centres]
    return np.array(
        [image.resize((1, 1), PILLOW[interpolation], box).getpixel((0, 0)) for box in boxes]
    )


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("count", [96, 64, 40, 17, 8])
def test_plain_bicubic_samples_at_the_centres(count: int, rng: np.random.Generator) -> None:
    line = pixels(rng, (64,), "uint8")
    expected = plain_reference(line, count, "bicubic")
    for image, size in ((line[np.newaxis], (1, count)), (line[:, np.newaxis], (count, 1))):
        got = fastaug.resize(image, size, interpolation="bicubic", antialias=False).ravel()
        # Centres that float32 holds are Pillow's to the bit.
        exact = count in (64, 8)
        np.testing.assert_allclose(got.astype(int), expected, atol=0 if exact else 1)
    line = line.astype(np.float32)
    expected = plain_reference(line, count, "bicubic")
    got = fastaug.resize(line[np.newaxis], (1, count), interpolation="bicubic", antialias=False)
    np.testing.assert_allclose(got[0], expected, rtol=0, atol=1e-3)


def exact_bilinear(image: Array, size: Size) -> Array:
    """NumPy's interpolation along columns and rows, at half-pixel centres."""
    exact = image.astype(np.float64)
    for axis, count in enumerate(size):
        given = exact.shape[axis]
        at = (np.arange(count) + 0.5) * given / count - 0.5
        exact = np.apply_along_axis(
            lambda line, at=at: np.interp(at, np.arange(len(line)), line), axis, exact
        )
    return exact


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("channels", [*CHANNELS, 17])
def test_plain_bilinear_bytes(channels: int, rng: np.random.Generator, trials: int) -> None:
    for trial in range(trials):
        image = pixels(rng, (*rng.integers(1, 70, 2), channels), "uint8")
        size = tuple(rng.integers(1, 150, 2).tolist())
        if trial % 2:
            image[image > 127] = 255
            image[image < 128] = 0
        got = fastaug.resize(image, size, antialias=False)
        exact = exact_bilinear(image, size)
        np.testing.assert_allclose(got, exact, rtol=0, atol=0.54, err_msg=f"{image.shape} {size}")
        theirs = cv2.resize(image, size[::-1], interpolation=cv2.INTER_LINEAR).reshape(got.shape)
        np.testing.assert_allclose(got.astype(int), theirs, rtol=0, atol=1)


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_plain_bilinear_of_every_width(channels: int, rng: np.random.Generator) -> None:
    for from_width in (1, 2, 16, 23, 64, 200):
        image = pixels(rng, (3, from_width, channels), "uint8")
        for width in [*range(1, 40), 63, 64, 65, 130]:
            got = fastaug.resize(image, (5, width), antialias=False)
            np.testing.assert_allclose(got, exact_bilinear(image, (5, width)), rtol=0, atol=0.54)


def test_plain_bilinear_floats(rng: np.random.Generator) -> None:
    for _ in range(20):
        image = rng.uniform(-1, 1, (*rng.integers(1, 50, 2), 3))
        size = tuple(rng.integers(1, 90, 2).tolist())
        expected = exact_bilinear(image, size)
        np.testing.assert_allclose(
            fastaug.resize(image, size, antialias=False), expected, rtol=0, atol=1e-13
        )
        got = fastaug.resize(image.astype(np.float32), size, antialias=False)
        np.testing.assert_allclose(got, expected, rtol=0, atol=5e-7)


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_plain_area_is_that_of_opencv(channels: int, rng: np.random.Generator) -> None:
    for _ in range(30):
        height, width = rng.integers(2, 70, 2).tolist()
        size = tuple(int(rng.integers(1, side + 1)) for side in (height, width))
        image = pixels(rng, (height, width, channels), "uint8")
        how: dict[str, Any] = {"interpolation": "area", "antialias": False}
        theirs = cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA)
        got = fastaug.resize(image, size, **how)
        np.testing.assert_allclose(got.astype(int), theirs.reshape(got.shape), rtol=0, atol=1)
        image = image.astype(np.float64)
        theirs = cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA)
        got = fastaug.resize(image, size, **how)
        np.testing.assert_allclose(got, theirs.reshape(got.shape), rtol=0, atol=1e-4)


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_bytes_of_half_the_size(channels: int, rng: np.random.Generator) -> None:
    """Without weights: bilinear as OpenCV, the mean of four; areas as Pillow, rounded twice."""
    for height, width in ((1, 1), (2, 5), (3, 16), (9, 33), (40, 150), (90, 7)):
        image = pixels(rng, (2 * height, 2 * width, channels), "uint8")
        size = (height, width)
        fours = image.reshape(height, 2, width, 2, channels).astype(int).sum(axis=(1, 3))
        plain = fastaug.resize(image, size, antialias=False)
        same_bits(plain, ((fours + 2) >> 2).astype(np.uint8))
        if channels in (1, 3, 4):  # of others it is up to a level off
            theirs = cv2.resize(image, size[::-1], interpolation=cv2.INTER_LINEAR)
            same_bits(plain, theirs.reshape(plain.shape))
        for antialias in (False, True):
            got = fastaug.resize(image, size, interpolation="area", antialias=antialias)
            same_bits(got, pillow(image, size, "area"))
        # Not where the images lie, and not from their first pixel on.
        strided = np.repeat(image, 2, axis=1)[:, ::2]
        same_bits(fastaug.resize(strided, size, antialias=False), plain)
        wide = np.pad(image, ((0, 0), (2, 2), (0, 0)), "edge")
        boxed = fastaug.resize(wide, size, box=(0, 2, 2 * height, 2 * width), antialias=False)
        same_bits(boxed[:, 1:-1], plain[:, 1:-1])


@pytest.mark.usefixtures("level")
def test_rows_that_no_pixel_needs_are_left_out(rng: np.random.Generator) -> None:
    """Of a batch too large for any cache, whose rows are asked for ahead."""
    image = np.broadcast_to(pixels(rng, (1, 3000, 40, 3), "uint8"), (100, 3000, 40, 3))
    box = (100, 7, 2500, 30)
    for interpolation in ("bilinear", "nearest", "bicubic"):
        how = {"box": box, "interpolation": interpolation, "antialias": False}
        got = fastaug.resize(image, (12, 9), **how)
        same_bits(got, np.broadcast_to(fastaug.resize(image[:1], (12, 9), **how), got.shape))


def test_plain_area_shares_pixels_out_when_enlarging() -> None:
    line = np.array([[0.0, 12.0]])
    got = fastaug.resize(line, (1, 3), interpolation="area", antialias=False)
    np.testing.assert_allclose(got, [[0, 6, 12]], atol=1e-12)


@pytest.mark.parametrize("antialias", [True, False])
def test_area_by_whole_factors_is_the_mean(antialias: bool, rng: np.random.Generator) -> None:
    image = rng.uniform(size=(12, 20, 3))
    got = fastaug.resize(image, (4, 5), interpolation="area", antialias=antialias)
    np.testing.assert_allclose(got, image.reshape(4, 3, 5, 4, 3).mean(axis=(1, 3)), atol=1e-14)


# Nearest.


@pytest.mark.usefixtures("level")
@pytest.mark.parametrize("dtype", ["bool", "uint8", "int16", "float16", "int32", "float64"])
@pytest.mark.parametrize("channels", [1, 3, 4, 5])
def test_nearest_moves_elements_of_any_kind(
    channels: int, dtype: str, rng: np.random.Generator
) -> None:
    """To where Pillow moves a number that says where an element was."""
    for trial in range(20):
        height, width = rng.integers(1, 40, 2).tolist()
        size = tuple(rng.integers(1, 90, 2).tolist())
        box = random_box(rng, height, width) if trial % 2 else None
        where = np.arange(height * width, dtype=np.int32).reshape(height, width, 1)
        at = pillow(where, size, "nearest", box)[..., 0]
        image = pixels(rng, (height, width, channels), dtype)
        got = fastaug.resize(image, size, interpolation="nearest", box=box)
        np.testing.assert_array_equal(got, image.reshape(-1, channels)[at])
        assert got.dtype == dtype


# Boxes, sizes, values.


@interpolations
@pytest.mark.parametrize("antialias", [True, False])
def test_a_box_for_every_image(
    antialias: bool, interpolation: str, rng: np.random.Generator
) -> None:
    images = pixels(rng, (6, 33, 41, 3), "uint8")
    boxes = np.array([random_box(rng, 33, 41) for _ in images])
    boxes[2] = boxes[1]
    boxes[4] = [0, 0, 33, 41]
    how: dict[str, Any] = {"interpolation": interpolation, "antialias": antialias}
    got = fastaug.resize(images, (20, 30), box=boxes, **how)
    for image, box, result in zip(images, boxes, got, strict=True):
        same_bits(result, fastaug.resize(image, (20, 30), box=box, **how))
        if antialias:
            same_bits(result, pillow(image, (20, 30), interpolation, box))
    same_bits(got[4], fastaug.resize(images[4], (20, 30), **how))


def test_one_number_is_a_square(rng: np.random.Generator) -> None:
    images = pixels(rng, (2, 9, 7, 3), "uint8")
    for size in (5, np.int64(5)):
        same_bits(fastaug.resize(images, size), fastaug.resize(images, (5, 5)))


@interpolations
@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
def test_the_same_size_is_a_copy(
    dtype: str, antialias: bool, interpolation: str, rng: np.random.Generator
) -> None:
    image = pixels(rng, (19, 23, 3), dtype)
    if dtype.startswith("float"):
        image.flat[:3] = [np.nan, -np.inf, -0.0]
    got = fastaug.resize(image, (19, 23), interpolation=interpolation, antialias=antialias)
    same_bits(got, image)


@interpolations
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_one_pixel_fills_everything(dtype: str, interpolation: str) -> None:
    image = np.array([[[7, 250, 3]]], dtype)
    for antialias in (True, False):
        got = fastaug.resize(image, (31, 5), interpolation=interpolation, antialias=antialias)
        np.testing.assert_allclose(got, np.broadcast_to(image, (31, 5, 3)), rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nan_stays_within_the_reach_of_its_pixel(dtype: str, rng: np.random.Generator) -> None:
    image = pixels(rng, (30, 30), dtype)
    spoilt = image.copy()
    spoilt[15, 15] = np.nan
    for size, reach in (((60, 60), 3), ((15, 15), 2), ((47, 11), 4)):
        clean, got = fastaug.resize(image, size), fastaug.resize(spoilt, size)
        y, x = np.nonzero(np.isnan(got))
        assert y.size
        assert np.abs(y - (15.5 * size[0] / 30)).max() <= reach
        assert np.abs(x - (15.5 * size[1] / 30)).max() <= reach
        same_bits(np.where(np.isnan(got), clean, got), clean)


@pytest.mark.usefixtures("level")
def test_what_is_kept_between_calls_does_not_leak(rng: np.random.Generator) -> None:
    """Tables serve the next call of the same sizes, and no other."""
    images = pixels(rng, (2, 20, 30, 3), "uint8")
    calls: list[dict[str, Any]] = [
        {"size": (11, 13)},
        {"size": (11, 13), "antialias": False},
        {"size": (11, 13), "box": (0, 0, 20, 29.5)},
        {"size": (11, 13), "interpolation": "area"},
        {"size": (11, 13), "interpolation": "area", "antialias": False},
        {"size": (11, 13), "interpolation": "nearest"},
        {"size": (40, 50)},
        {"size": (40, 50), "interpolation": "bicubic"},
    ]
    for dtype in ("uint8", "float32", "float64", "uint16"):
        typed = images.astype(dtype)
        single = typed[..., :1]
        alone = [[fastaug.resize(x, **call) for _ in range(2)] for call in calls for x in (typed,)]
        for _ in range(2):
            for call, (first, again) in zip(calls, alone, strict=True):
                same_bits(first, again)
                same_bits(fastaug.resize(single, **call), first[..., :1])
                same_bits(fastaug.resize(typed, **call), first)


def test_no_pixels() -> None:
    images = np.zeros((2, 0, 5, 3), np.uint8)
    with pytest.raises(ValueError, match=r"images has no pixels to resize, got shape \(2, 0, 5, 3"):
        fastaug.resize(images, (4, 4))
    assert fastaug.resize(images, (0, 7)).shape == (2, 0, 7, 3)
    assert fastaug.resize(images[:0], (4, 4)).shape == (0, 4, 4, 3)
    assert fastaug.resize(images[:0], (4, 4), box=np.empty((0, 4))).shape == (0, 4, 4, 3)
    assert fastaug.resize(np.zeros((2, 3, 5, 0)), 4).shape == (2, 4, 4, 0)
    assert fastaug.resize(np.zeros((2, 3, 5, 1)), (0, 4)).shape == (2, 0, 4, 1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="protects memory by mprotect")
def test_nothing_beyond_the_memory_is_touched() -> None:
    """Images and results that end where memory ends, or begin where it begins."""
    code = """
        import ctypes, mmap
        import numpy as np
        import fastaug

        PAGE = mmap.PAGESIZE
        protect = ctypes.CDLL(None, use_errno=True).mprotect
        protect.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
        kept = []

        def fenced(shape, dtype, at_end):
            size = int(np.prod(shape)) * np.dtype(dtype).itemsize
            pages = -(-size // PAGE)
            memory = mmap.mmap(-1, (pages + 2) * PAGE)
            whole = np.frombuffer(memory, np.uint8)
            kept.append(memory)
            for page in (0, pages + 1):
                assert protect(whole.ctypes.data + page * PAGE, PAGE, 0) == 0
            start = (pages + 1) * PAGE - size if at_end else PAGE
            return whole[start : start + size].view(dtype).reshape(shape)

        rng = np.random.default_rng(3)
        levels = fastaug.build_info()["isa_available"]
        for trial in range(400):
            if levels:
                fastaug._native.use_level(levels[trial % len(levels)])
            dtype = ("uint8", "float32", "uint16", "float64")[trial // 3 % 4]
            channels = int(rng.choice([1, 2, 3, 4, 5, 17]))
            height, width, to_height, to_width = rng.integers(1, 60, 4).tolist()
            for at_end in (True, False):
                images = fenced((1, height, width, channels), dtype, at_end)
                out = fenced((1, to_height, to_width, channels), dtype, at_end)
                images[...] = rng.integers(0, 200, images.shape)
                for interpolation in ("nearest", "bilinear", "bicubic", "area"):
                    for antialias in (True, False):
                        fastaug.resize(images, out.shape[1:3], interpolation=interpolation,
                                       antialias=antialias, out=out)
                        backwards = images[:, ::-1]
                        fastaug.resize(backwards, out.shape[1:3], interpolation=interpolation,
                                       antialias=antialias, out=out)
        print("done")
    """
    assert output_of(textwrap.dedent(code)) == "done"
