"""`flow_from_directory` and `flow_from_dataframe` against the installed Keras'."""

import os
from itertools import product
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest
from parity import agree
from PIL import Image

from fastaug.keras import ImageDataGenerator

pandas = pytest.importorskip("pandas")

AUGMENTED: dict[str, Any] = dict(
    rotation_range=30, zoom_range=0.2, horizontal_flip=True, brightness_range=(0.5, 1.5)
)
ATTRIBUTES = (
    "n",
    "samples",
    "batch_size",
    "seed",
    "shuffle",
    "total_batches_seen",
    "index_array",
    "filenames",
    "filepaths",
    "labels",
    "sample_weight",
    "directory",
    "target_size",
    "image_shape",
    "color_mode",
    "class_mode",
    "data_format",
    "split",
    "subset",
    "interpolation",
    "keep_aspect_ratio",
    "dtype",
    "white_list_formats",
    "allowed_class_modes",
)
OFTEN = ("classes", "class_indices", "num_classes")


def everything(flow: Any, batches: int = 0) -> Any:
    """Its attributes, batches by `next` over the ends of epochs, and by index."""
    count = batches or 2 * len(flow) + 1
    made = [next(flow) for _ in range(count)] if flow.n else []
    made += [flow[i] for i in range(len(flow))]
    flow.on_epoch_end()
    made += [flow[0]] if flow.n else []
    seen = {name: getattr(flow, name) for name in ATTRIBUTES}
    seen |= {name: getattr(flow, name) for name in OFTEN if hasattr(flow, name)}
    # Any sequence of strings will do; a list of millions of them is what nobody wants.
    seen |= {name: list(seen[name]) for name in ("filenames", "filepaths")}
    return made, seen


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Classes with all kinds of files, folders within folders, and what is no picture."""
    root = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(5)

    def save(name: str, mode: str = "RGB", size: tuple[int, int] = (17, 13)) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (*size, 4), dtype=np.uint8)
        picture = Image.fromarray(pixels).convert("RGB" if path.suffix == ".JPG" else mode)
        picture.save(path, "JPEG" if path.suffix == ".JPG" else None)

    for i in range(5):
        save(f"cats/{i}.png", size=(11 + i, 20 - i))
    save("cats/10.png")
    save("cats/kittens/b.bmp")
    save("cats/kittens/a/c.png", "L")
    for name in ("z.jpg", "B.JPG", "a.jpeg", "x.ppm", "y.tif"):
        save(f"dogs/{name}")
    save("dogs/rgba.png", "RGBA")
    save("dogs/palette.png", "P")
    grey = rng.integers(0, 2**16, (13, 17)).astype(np.uint16)
    Image.fromarray(grey).save(root / "dogs/16 bits.png")
    (root / "dogs/notes.txt").write_text("no picture")
    (root / "empty").mkdir()
    save("outside.png")
    return root


CLASS_MODES = ["categorical", "binary", "sparse", "input", None]


@pytest.mark.parametrize(
    ("class_mode", "color_mode"), list(product(CLASS_MODES, ["rgb", "rgba", "grayscale"]))
)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_modes(
    class_mode: str | None, color_mode: str, data_format: str, root: Path, keras_generator: Any
) -> None:
    # Channels first and brightness are an error in Keras.
    more = {} if data_format == "channels_last" else {"brightness_range": None}

    def action(cls: Any) -> Any:
        generator = cls(**AUGMENTED | more, rescale=1 / 255, data_format=data_format)
        return everything(
            generator.flow_from_directory(
                str(root),
                target_size=(9, 12),
                color_mode=color_mode,
                class_mode=class_mode,
                batch_size=5,
                seed=3,
            )
        )

    seen = agree(keras_generator, ImageDataGenerator, action)
    assert seen.error is None


@pytest.mark.parametrize(
    "interpolation", ["nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"]
)
@pytest.mark.parametrize("keep_aspect_ratio", [False, True])
@pytest.mark.parametrize("target_size", [(9, 12), (30, 8), [1, 1], (17, 13)], ids=str)
def test_sizes(
    target_size: Any,
    keep_aspect_ratio: bool,
    interpolation: str,
    root: Path,
    keras_generator: Any,
) -> None:
    def action(cls: Any) -> Any:
        flow = cls().flow_from_directory(
            root,
            target_size=target_size,
            interpolation=interpolation,
            keep_aspect_ratio=keep_aspect_ratio,
            shuffle=False,
        )
        return next(flow)

    agree(keras_generator, ImageDataGenerator, action)


DIRECTORY: list[dict[str, Any]] = [
    dict(),
    dict(shuffle=False),
    dict(seed=None),
    dict(batch_size=1),
    dict(batch_size=100),
    dict(classes=["dogs", "cats"]),
    dict(classes=["dogs"]),
    dict(classes=["dogs", "wolves"]),
    dict(classes=("empty", "cats")),
    dict(classes=[]),
    dict(follow_links=True),
    dict(subset="training"),
    dict(subset="validation"),
    dict(subset="training", classes=["cats"], shuffle=False),
    dict(subset="test"),
    dict(class_mode="multi_output"),
    dict(class_mode="raw"),
    dict(color_mode="gray"),
    dict(interpolation="cubic"),
    dict(target_size=8),
    dict(directory="does/not/exist"),
    dict(unknown=3),
]


@pytest.mark.parametrize("arguments", DIRECTORY, ids=str)
@pytest.mark.parametrize("split", [0.0, 0.3])
def test_folders(split: float, arguments: dict[str, Any], root: Path, keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        flow = cls(**AUGMENTED, validation_split=split).flow_from_directory(
            **dict(directory=str(root), target_size=(7, 8), batch_size=4, seed=1) | arguments
        )
        return everything(flow)

    agree(keras_generator, ImageDataGenerator, action)


@pytest.mark.parametrize("dtype", ["float64", "uint8"])
def test_dtypes(dtype: str, root: Path, keras_generator: Any) -> None:
    """Files are read as Keras' floatx whatever the dtype, which the batch alone has."""

    def action(cls: Any) -> Any:
        generator = cls(rotation_range=30, dtype=dtype, rescale=0.7)
        return everything(generator.flow_from_directory(str(root), (7, 8), seed=1))

    seen = agree(keras_generator, ImageDataGenerator, action)
    assert seen.error is None


def test_bytes_are_cut_from_the_very_bits(tmp_path: Path, keras_generator: Any) -> None:
    """Of some million pixels a few lie so near a grey level that the fast warp ends on the other side."""
    rng = np.random.default_rng(5)
    (tmp_path / "a").mkdir()
    for i in range(8):
        Image.fromarray(rng.integers(0, 256, (96, 96, 3), np.uint8)).save(tmp_path / f"a/{i}.png")

    def batches(cls: Any) -> Any:
        generator = cls(rotation_range=20, zoom_range=0.2, dtype="uint8")
        flow = generator.flow_from_directory(str(tmp_path), (96, 96), batch_size=8, seed=1)
        return np.concatenate([next(flow)[0] for _ in range(20)])

    np.testing.assert_array_equal(batches(ImageDataGenerator), batches(keras_generator))


@pytest.mark.parametrize("class_mode", ["categorical", "input", None])
def test_saved_files(class_mode: str | None, root: Path, keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        folder = mkdtemp(dir=root.parent)
        flow = cls(rotation_range=20).flow_from_directory(
            str(root),
            target_size=(8, 8),
            class_mode=class_mode,
            batch_size=5,
            seed=2,
            save_to_dir=folder,
            save_prefix="saved",
            save_format="jpeg",
        )
        made = [next(flow) for _ in range(3)]
        return made, {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}

    agree(keras_generator, ImageDataGenerator, action)


def test_links_are_followed_if_asked(tmp_path: Path, root: Path, keras_generator: Any) -> None:
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "linked").symlink_to(root / "cats", target_is_directory=True)
    os.link(root / "outside.png", tmp_path / "pets" / "own.png")
    for follow in (False, True):

        def action(cls: Any, follow: bool = follow) -> Any:
            flow = cls().flow_from_directory(str(tmp_path), (8, 8), follow_links=follow, seed=1)
            return everything(flow)

        seen = agree(keras_generator, ImageDataGenerator, action)
        assert len(seen.result[1]["filenames"]) == (9 if follow else 1)


def test_16_bit_grey(root: Path, keras_generator: Any) -> None:
    """Deep grey files keep their depth, and brightness then stretches them."""
    for more in ({}, dict(brightness_range=(0.5, 1.5))):

        def action(cls: Any, more: Any = more) -> Any:
            flow = cls(**more).flow_from_directory(
                root, (13, 17), "grayscale", shuffle=False, seed=1
            )
            return next(flow)

        seen = agree(keras_generator, ImageDataGenerator, action)
        assert seen.result[0].max() > 255


def frame(root: Path, absolute: bool = False) -> Any:
    names = sorted(str(path.relative_to(root)) for path in (root / "cats").glob("*.png"))
    names += sorted(str(path.relative_to(root)) for path in (root / "dogs").glob("*.p*"))
    rng = np.random.default_rng(3)
    kinds = [name.split(os.sep)[0] for name in names]
    return pandas.DataFrame(
        {
            "filename": [str(root / name) for name in names] if absolute else names,
            "class": kinds,
            "labels": [[kind, "small"] if i % 2 else [kind] for i, kind in enumerate(kinds)],
            "pair": [(kind, "big") for kind in kinds],
            "number": rng.integers(0, 9, len(names)),
            "share": rng.uniform(size=len(names)),
            "vector": list(rng.uniform(size=(len(names), 3))),
            "mixed": [3 if i == 2 else kind for i, kind in enumerate(kinds)],
        },
        index=list(range(100, 100 + len(names))),
    )


FRAMES: list[dict[str, Any]] = [
    dict(),
    dict(class_mode="binary"),
    dict(class_mode="sparse"),
    dict(class_mode="input"),
    dict(class_mode=None),
    dict(class_mode="raw", y_col="number"),
    dict(class_mode="raw", y_col=["number", "share"]),
    dict(class_mode="other", y_col="number"),
    dict(class_mode="multi_output", y_col=["number", "share", "vector"]),
    dict(class_mode="multi_output", y_col="number"),
    dict(y_col="labels"),
    dict(y_col="pair"),
    dict(y_col="labels", classes=["small", "cats"]),
    dict(y_col="labels", class_mode="sparse"),
    dict(y_col="mixed"),
    dict(y_col="number"),
    dict(y_col="number", class_mode="binary"),
    dict(y_col="nothing"),
    dict(x_col="number"),
    dict(x_col="class"),
    dict(weight_col="share"),
    dict(weight_col="class"),
    dict(weight_col="share", class_mode=None),
    dict(classes=["dogs", "cats"]),
    dict(classes=["dogs", "dogs"]),
    dict(classes=["dogs"]),
    dict(classes=["dogs"], class_mode="binary"),
    dict(classes=["dogs"], class_mode="raw", y_col="number"),
    dict(classes=("cats", "wolves", "dogs"), class_mode="sparse"),
    dict(subset="training"),
    dict(subset="validation", weight_col="share"),
    dict(subset="test"),
    dict(shuffle=False),
    dict(seed=None, batch_size=100),
    dict(color_mode="grayscale", interpolation="bicubic"),
    dict(validate_filenames=False),
    dict(class_mode="nothing"),
    dict(has_ext=True),
    dict(sort=True, drop_duplicates=True),
]


@pytest.mark.parametrize("split", [0.0, 0.4])
@pytest.mark.parametrize("arguments", FRAMES, ids=str)
def test_data_frames(
    arguments: dict[str, Any], split: float, root: Path, keras_generator: Any
) -> None:
    given = frame(root)

    def action(cls: Any) -> Any:
        flow = cls(**AUGMENTED, validation_split=split).flow_from_dataframe(
            given,
            **dict(directory=str(root), target_size=(7, 8), batch_size=4, seed=1) | arguments,
        )
        return everything(flow)

    agree(keras_generator, ImageDataGenerator, action)
    pandas.testing.assert_frame_equal(given, frame(root))


def test_data_frames_of_absolute_paths(root: Path, keras_generator: Any) -> None:
    def action(cls: Any) -> Any:
        flow = cls(**AUGMENTED).flow_from_dataframe(
            frame(root, absolute=True), target_size=(7, 8), seed=1
        )
        return everything(flow)

    agree(keras_generator, ImageDataGenerator, action)


@pytest.mark.parametrize("validate", [True, False])
def test_files_that_are_missing(validate: bool, root: Path, keras_generator: Any) -> None:
    """Left out with one warning, or an error once they are read."""
    given = frame(root)
    given.loc[101, "filename"] = "gone.png"
    given.loc[102, "filename"] = "dogs/notes.txt"

    def action(cls: Any) -> Any:
        flow = cls().flow_from_dataframe(
            given, str(root), target_size=(7, 8), seed=1, validate_filenames=validate
        )
        return everything(flow)

    agree(keras_generator, ImageDataGenerator, action)


def test_labels_that_are_missing(root: Path, keras_generator: Any) -> None:
    given = frame(root)
    given.loc[101, "class"] = None

    def action(cls: Any) -> Any:
        return everything(cls().flow_from_dataframe(given, str(root), target_size=(7, 8), seed=1))

    agree(keras_generator, ImageDataGenerator, action)


def test_what_is_printed(
    root: Path, keras_generator: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for cls in (keras_generator, ImageDataGenerator):
        cls().flow_from_directory(root)
        cls().flow_from_dataframe(frame(root), root)
        cls().flow_from_dataframe(frame(root), root, class_mode=None, validate_filenames=False)
        printed.append(capsys.readouterr().out)
    assert "Found 16 images belonging to 3 classes." in printed[0]
    assert printed[0] == printed[1]


def test_the_iterators_by_themselves(root: Path) -> None:
    """Their defaults are not those of the methods."""
    import keras.src.legacy.preprocessing.image as theirs

    import fastaug.keras as ours

    def action(module: Any) -> Any:
        generator = module.ImageDataGenerator(**AUGMENTED)
        one = module.DirectoryIterator(str(root), generator, (7, 8), seed=4)
        two = module.DataFrameIterator(
            frame(root), str(root), generator, target_size=(7, 8), seed=4
        )
        three = module.DirectoryIterator(str(root), None, (7, 8), seed=4)
        assert isinstance(one, module.Iterator)
        return everything(one), everything(two), everything(three)

    seen = agree(theirs, ours, action)
    assert seen.error is None


def test_what_keras_swallows(root: Path) -> None:
    """Keras ignores any keyword here, silently; even the aspect ratio, which we keep."""
    names = [str(path) for path in sorted(root.glob("cats/*.png"))]
    frame = pandas.DataFrame({"filename": names})
    options: dict[str, Any] = dict(class_mode=None, target_size=(8, 20), shuffle=False)
    with pytest.warns(UserWarning, match="`anything`"):
        flow = ImageDataGenerator().flow_from_dataframe(frame, **options, anything=1, workers=2)
    assert flow.workers == 2
    kept = ImageDataGenerator().flow_from_dataframe(frame, **options, keep_aspect_ratio=True)
    assert not np.array_equal(next(flow), next(kept))
