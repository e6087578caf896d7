"""One file to one array: the pixels of Keras' `load_img` and `img_to_array`, and errors with names."""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from extension import BUILT
from PIL import Image, UnidentifiedImageError

from fastaug.keras import ImageDataGenerator, images
from fastaug.keras.files.decoding import INTERPOLATIONS, Decoder, ImageTooLargeError

SIZE = (36, 48)


def all_files(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("*/**/*.*") if path.suffix != ".txt")


@pytest.mark.parametrize("color_mode", ["rgb", "rgba", "grayscale"])
def test_pixels_are_those_of_keras(picture_files: Path, color_mode: Any) -> None:
    """Every kind of file, with every interpolation, cut or not."""
    files = all_files(picture_files)
    assert len(files) == 13
    for path, interpolation, keep in itertools.product(files, INTERPOLATIONS, [False, True]):
        options: dict[str, Any] = dict(
            color_mode=color_mode,
            target_size=SIZE,
            interpolation=interpolation,
            keep_aspect_ratio=keep,
        )
        expected = keras.utils.img_to_array(keras.utils.load_img(path, **options))
        got = Decoder(**options).image(str(path))
        np.testing.assert_array_equal(got, expected, err_msg=f"{path.name} {options}")
        deep = color_mode == "grayscale" and path.name.startswith("deep")
        assert got.dtype == (np.float32 if deep else np.uint8)
    assert not deep or got.max() > 255


@pytest.mark.parametrize("otherwise", ["", "in pieces", "no extension"])
def test_pixels_that_are_picked(
    otherwise: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pillow's nearest, of sizes that do not divide each other, also where nobody can pick them."""
    noise = np.random.default_rng(1).integers(0, 256, (97, 131, 3)).astype(np.uint8)
    path = str(tmp_path / "a.png")
    Image.fromarray(noise).save(path)
    if otherwise == "in pieces":
        monkeypatch.setattr(Image.Image, "__arrow_c_array__", _in_pieces, raising=False)
    elif otherwise:
        monkeypatch.setattr("fastaug.keras.files.decoding.pick_pixels", lambda *pixels: False)
    picked = BUILT and hasattr(Image.Image, "__arrow_c_array__") and not otherwise
    sizes = [(97, 131), (1, 1), (224, 7), (13, 500), (96, 130), (98, 132), (50, 66), (194, 262)]
    for size, keep in itertools.product(sizes, [False, True]):
        options: dict[str, Any] = dict(target_size=size, keep_aspect_ratio=keep)
        expected = np.asarray(keras.utils.load_img(path, interpolation="nearest", **options))
        got = Decoder(**options).image(path)
        np.testing.assert_array_equal(got, expected, err_msg=str(options))
        assert got.flags.writeable == picked


def _in_pieces(self: Image.Image) -> None:
    raise ValueError("Image rows are not contiguous in memory.")


@pytest.mark.skipif(not hasattr(Image.Image, "__arrow_c_array__"), reason="an older Pillow")
def test_pixels_are_picked_from_nothing_else() -> None:
    native = pytest.importorskip("fastaug._native")
    rows, columns, out = np.arange(4), np.arange(3), np.zeros((4, 3, 3), np.uint8)
    schema, pixels = Image.new("RGB", (3, 4), (1, 2, 3)).__arrow_c_array__()
    assert native.pick_pixels(pixels, 4, 3, rows, columns, out)
    assert (out == [1, 2, 3]).all()
    _, grey = Image.new("L", (3, 4)).__arrow_c_array__()
    assert not native.pick_pixels(grey, 4, 3, rows, columns, out)
    assert not native.pick_pixels(pixels, 5, 3, rows, columns, out)
    for bad, message in (
        ((schema, 4, 3, rows, columns, out), "arrow_array"),
        ((pixels, 4, 3, rows + 1, columns, out), "index"),
        ((pixels, 4, 3, rows, columns - 1, out), "index"),
        ((pixels, 4, 3, rows[:3], columns, out), "rows"),
        ((pixels, 4, 3, rows, columns, out[..., :2]), "out"),
    ):
        with pytest.raises(ValueError, match=message):
            native.pick_pixels(*bad)


def test_the_functions_are_keras_own() -> None:
    for name in set(images.__all__) - {"smart_resize"}:
        assert getattr(images, name) is getattr(keras.utils, name)


def test_fast_decode_is_close_and_only_where_there_is_enough(tmp_path: Path) -> None:
    from sklearn.datasets import load_sample_images

    photograph = Image.fromarray(load_sample_images().images[0]).crop((0, 0, 637, 425))
    path = str(tmp_path / "a.jpg")
    photograph.save(path, quality=95)
    for size, keep in itertools.product([(100, 150), (40, 40), (53, 79)], [False, True]):
        options: dict[str, Any] = dict(interpolation="bilinear", keep_aspect_ratio=keep)
        exact = Decoder(size, **options).image(path).astype(float)
        fast = Decoder(size, **options, fast_decode=True).image(path).astype(float)
        assert fast.shape == exact.shape
        # Half a pixel beside would be twice as much.
        assert 0 < np.abs(fast - exact).mean() < 2.5, (size, keep)
    for size in [(425, 637), (300, 400), (600, 800)]:
        fast = Decoder(size, fast_decode=True).image(path)
        np.testing.assert_array_equal(fast, Decoder(size).image(path))
    grey = Decoder((40, 60), "grayscale", "box", fast_decode=True).image(path)
    assert grey.shape == (40, 60, 1)


def test_fast_decode_of_other_formats_changes_nothing(picture_files: Path) -> None:
    path = str(picture_files / "a" / "old.ppm")
    np.testing.assert_array_equal(
        Decoder((20, 20), fast_decode=True).image(path), Decoder((20, 20)).image(path)
    )


def broken(folder: Path, whole: Path) -> dict[str, Path]:
    data = whole.read_bytes()
    contents = {
        "empty.jpg": b"",
        "text.jpg": b"this is no image at all",
        "truncated.jpg": data[: len(data) // 2],
        "head.jpg": data[:20],
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "folder.jpg").mkdir()
    return {name: folder / name for name in [*contents, "folder.jpg", "vanished.jpg"]}


@pytest.mark.parametrize("name", ["empty", "text", "truncated", "head", "folder", "vanished"])
def test_what_cannot_be_read_is_named(picture_files: Path, tmp_path: Path, name: str) -> None:
    """An error of the kind that Keras raises, with the path in it."""
    path = broken(tmp_path, picture_files / "b" / "plain.jpg")[f"{name}.jpg"]
    with pytest.raises(OSError) as theirs:  # noqa: PT011  # the kind is what is compared
        keras.utils.img_to_array(keras.utils.load_img(path, target_size=SIZE))
    for read in (Decoder(SIZE).image, Decoder(SIZE).mask):
        with pytest.raises(theirs.type, match=re.escape(str(path))) as ours:
            read(str(path))
        assert "BytesIO" not in str(ours.value)
    causes = {"empty": "is empty", "text": "no image", "truncated": "truncated"}
    assert causes.get(name, "") in str(ours.value)


def test_other_errors_of_pillow_become_errors_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.ppm").write_bytes(b"P6 2\x01 3 255 " + b"\0" * 99)
    with pytest.raises(OSError, match=r"a\.ppm.*ValueError: invalid literal"):
        Decoder(SIZE).image(str(tmp_path / "a.ppm"))


@pytest.mark.parametrize(
    "limit",
    [
        pytest.param(2000, id="where Pillow raises"),
        pytest.param(
            4000,
            id="where Pillow warns",
            marks=pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
        ),
        pytest.param(4000, id="where the warning is an error"),
    ],
)
def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: int) -> None:
    path = tmp_path / "bomb.png"
    Image.new("L", (80, 60)).save(path)
    decoder = Decoder((8, 8))
    assert decoder.image(str(path)).shape == (8, 8, 3)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    for read in (decoder.image, decoder.mask):
        with pytest.raises(ImageTooLargeError, match=r"bomb\.png' is refused .* bomb") as raised:
            read(str(path))
        assert isinstance(raised.value, Image.DecompressionBombError)
        assert isinstance(raised.value, ValueError)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    decoder.image(str(path))


def test_masks_keep_their_values(tmp_path: Path) -> None:
    labels = (np.arange(40 * 60).reshape(40, 60) // 7 % 21).astype("uint8")
    rows, columns = (np.arange(8) * 5 + 2)[:, None], np.arange(10) * 6 + 3
    palette = Image.fromarray(labels)
    palette.putpalette([200, 10, 30] * 256)
    kinds = {
        "grey.png": Image.fromarray(labels),
        "palette.png": palette,
        "deep.png": Image.fromarray(labels.astype("uint16")),
        "colour.bmp": Image.fromarray(labels).convert("RGB"),
    }
    decoder = Decoder((8, 10), interpolation="bicubic")
    for name, image in kinds.items():
        image.save(tmp_path / name)
        mask = decoder.mask(str(tmp_path / name))
        assert mask.dtype == np.uint8
        np.testing.assert_array_equal(mask[..., 0], labels[rows, columns], err_msg=name)
    Image.fromarray(labels.astype("uint16") + 300).save(tmp_path / "wrong.png")
    with pytest.raises(OSError, match=r"wrong\.png.* from 0 to 255"):
        decoder.mask(str(tmp_path / "wrong.png"))


def test_wrong_settings() -> None:
    with pytest.raises(ValueError, match="Invalid color mode: cmyk"):
        Decoder((4, 4), "cmyk")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Invalid interpolation method cubic"):
        Decoder((4, 4), interpolation="cubic")


def test_a_missing_pillow_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, picture_files: Path
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "PIL"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "fastaug.keras.files.decoding")
    with pytest.raises(ImportError, match=re.escape("pip install 'fastaug[data]'")):
        ImageDataGenerator().flow_from_directory(picture_files)


def test_an_unknown_format_is_pillows_error(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG nearly")
    with pytest.raises(UnidentifiedImageError):
        Decoder((4, 4)).image(str(tmp_path / "a.png"))
