"""Draws docs/gallery.md: every transform with its picture, its call and its speed.

    python examples/gallery.py [FOLDER] [--measure]

FOLDER (default docs/) gets gallery.md and images/gallery/. With --measure the speeds are measured anew,
on one core, which takes a minute and wants a quiet machine; without it those of the last time stay.
Needs scikit-learn, for the photographs, and Pillow; `pip install 'fastaug[demo]'` brings both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_images

import fastaug
import fastaug.transforms as ft
from fastaug.cli.bench.report import machine
from fastaug.transforms.composition import ROOT
from fastaug.transforms.mixing import Mixing

DOCS = Path(__file__).parent.parent / "docs"
SIDE, GAP, VARIANTS = 112, 4, 4
SEED = 14284  # of those whose first four samples are not alike
SHAPE, ROUNDS = (32, 224, 224, 3), 9
CHINA, FLOWER = 0, 1


@dataclass(frozen=True)
class Entry:
    """A transform of the gallery.

    Attributes:
        call: what makes it, as people would write it.
        photo: which photograph it is done to.
        before: what is done to that first, for what shows only on some images.
        note: what else is to be said.
    """

    call: str
    photo: int = CHINA
    before: tuple[Any, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        return self.call.partition("(")[0].removeprefix("ft.")

    @property
    def file(self) -> str:
        return f"images/gallery/{self.name}.jpg"

    def pipeline(self) -> fastaug.Compose:
        return fastaug.Compose([eval(self.call)], seed=SEED)


def scanlines(image: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """A function of one's own, for `Custom`: every eighth row is darkened, from a row that is drawn."""
    result = image.copy()
    result[int(8 * numbers[0]) :: 8] //= 2
    return result


FADED = (ft.RandomContrast((0.35, 0.35)), ft.RandomBrightness((0.8, 0.8)))
SPECKLED = (ft.SaltAndPepper(0.03),)
SCALED = "Shown from its least value, black, to its greatest, white."

FAMILIES: dict[str, list[Entry]] = {
    "Geometry": [
        Entry("ft.RandomAffine(rotation=25, translation=0.1, scale=0.2, shear=15)"),
        Entry("ft.RandomRotation(30)"),
        Entry('ft.RandomTranslation(0.2, fill_mode="reflect")'),
        Entry("ft.RandomZoom((0.7, 1.6))"),
        Entry("ft.RandomShear(20)"),
        Entry("ft.ShiftScaleRotate(p=1)"),
        Entry('ft.RandomFlip("horizontal_and_vertical")'),
        Entry("ft.RandomRotate90()"),
        Entry("ft.RandomPerspective(0.5, p=1)"),
        Entry("ft.ElasticTransform(alpha=(20, 90), sigma=6)"),
    ],
    "Crops and sizes": [
        Entry("ft.Resize((56, 96))"),
        Entry("ft.RandomCrop(72)"),
        Entry("ft.CenterCrop(72)"),
        Entry("ft.RandomResizedCrop(112)"),
        Entry("ft.PadOrCrop((84, 112), fill_value=127)"),
    ],
    "Colour": [
        Entry("ft.RandomBrightness(0.5)", FLOWER),
        Entry("ft.RandomContrast(0.7)", FLOWER),
        Entry("ft.RandomBrightnessContrast(0.4, 0.5)", FLOWER),
        Entry("ft.RandomSaturation((0, 2))", FLOWER),
        Entry("ft.RandomHue(0.5)", FLOWER),
        Entry("ft.ColorJitter(brightness=0.4, contrast=0.4, saturation=0.6, hue=0.2)", FLOWER),
        Entry("ft.RandomGrayscale(p=1)", FLOWER),
    ],
    "Tones": [
        Entry("ft.RandomGamma((0.4, 2.5))"),
        Entry("ft.RandomInvert(p=1)", FLOWER),
        Entry("ft.Posterize((1, 4))", FLOWER),
        Entry("ft.Solarize((0.25, 0.75))", FLOWER),
        Entry("ft.AutoContrast()", CHINA, FADED),
        Entry("ft.Equalize()", CHINA, FADED),
        Entry("ft.ChannelShift(60)", FLOWER),
        Entry("ft.Rescale(1 / 127.5, offset=-1)", note=SCALED),
        Entry("ft.Normalize()", note=SCALED),
        Entry("ft.ToFloat()", note=SCALED),
    ],
    "Noise": [
        Entry("ft.GaussianNoise(std=(10, 50))", FLOWER),
        Entry("ft.SpeckleNoise(std=(0.1, 0.6))", FLOWER),
        Entry("ft.UniformNoise(amplitude=(20, 90))", FLOWER),
        Entry("ft.ShotNoise(photons=(3, 60))", FLOWER),
        Entry("ft.SaltAndPepper(amount=(0.01, 0.2))", FLOWER),
    ],
    "Blur and sharpness": [
        Entry("ft.GaussianBlur(sigma=(0.5, 4))"),
        Entry("ft.BoxBlur((3, 9))"),
        Entry("ft.MotionBlur((5, 15))"),
        Entry("ft.MedianBlur((3, 9))", FLOWER, SPECKLED),
        Entry("ft.RandomSharpness((0, 6))"),
    ],
    "Morphology": [
        Entry('ft.RandomErosion((2, 6), shape=("square", "disk", "cross"))'),
        Entry('ft.RandomDilation((2, 6), shape=("square", "disk", "cross"))'),
        Entry("ft.RandomOpening((2, 6))"),
        Entry("ft.RandomClosing((2, 6))"),
        Entry("ft.RandomMorphologicalGradient((2, 5))"),
    ],
    "Dropout": [
        Entry("ft.RandomErasing(scale=(0.05, 0.3), p=1)"),
        Entry("ft.CoarseDropout(holes=(2, 6), size=(0.1, 0.3))"),
        Entry("ft.GridDropout(ratio=(0.3, 0.7), cells=6)"),
        Entry("ft.PixelDropout(amount=(0.02, 0.3))"),
        Entry("ft.ChannelDropout(channels=(1, 2))", FLOWER),
        Entry("ft.ChannelShuffle()", FLOWER),
    ],
    "Mixing": [
        Entry("ft.MixUp(alpha=1)", FLOWER),
        Entry("ft.CutMix(alpha=1)", FLOWER),
    ],
    "Policies": [
        Entry("ft.RandAugment(num_ops=3, magnitude=15)"),
        Entry("ft.TrivialAugment()", FLOWER),
    ],
    "Composition": [
        Entry("ft.OneOf([ft.RandomRotation(30), ft.RandomErosion(4), ft.RandomHue(0.5)])", FLOWER),
        Entry(
            "ft.SomeOf([ft.RandomZoom(0.5), ft.RandomHue(0.5), ft.GaussianNoise(30)], n=(1, 2))",
            FLOWER,
        ),
        Entry("ft.RandomApply([ft.RandomRotation(30), ft.RandomInvert(p=1)], p=0.5)", FLOWER),
        Entry("ft.RandomOrder([ft.RandomErosion(5), ft.RandomDilation(5)])", CHINA),
        Entry(
            "ft.Custom(scanlines, draws=1)",
            note="A NumPy function of an image and of numbers that are drawn for it.",
        ),
    ],
}


def entries() -> Iterator[Entry]:
    for family in FAMILIES.values():
        yield from family


def photographs() -> np.ndarray:
    """The two photographs of scikit-learn, cut to squares, as a batch (2, SIDE, SIDE, 3) uint8."""
    squares = []
    for photo in load_sample_images().images:
        side = min(photo.shape[:2])
        left = (photo.shape[1] - side) // 2
        square = np.ascontiguousarray(photo[:side, left : left + side])
        squares.append(np.asarray(Image.fromarray(square).resize((SIDE, SIDE), Image.LANCZOS)))
    return np.stack(squares)


def picture(entry: Entry, photos: np.ndarray) -> Image.Image:
    """Before, and variants after; where these are all alike, both photographs before and after."""
    pipeline, chosen = entry.pipeline(), [entry.photo] * VARIANTS
    if any(isinstance(leaf, Mixing) for leaf, _ in pipeline.leaves(ROOT)):
        chosen = [entry.photo, 1 - entry.photo] * (VARIANTS // 2)
    before, after = run(entry, photos[chosen])
    tiles = [before[0], *after]
    if all(np.array_equal(image, after[0]) for image in after):
        before, after = run(entry, photos)
        tiles = [before[0], after[0], before[1], after[1]]
    side = max(SIDE, *(max(tile.shape[:2]) for tile in tiles))
    sheet = Image.new("RGB", (len(tiles) * (side + GAP) - GAP, side), "white")
    for column, tile in enumerate(tiles):
        height, width = tile.shape[:2]
        corner = column * (side + GAP) + (side - width) // 2, (side - height) // 2
        sheet.paste(Image.fromarray(tile), corner)
    return sheet


def run(entry: Entry, images: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Images before and after, as samples 0, 1 and so on."""
    before = fastaug.Compose(entry.before, seed=SEED)(images)
    after = entry.pipeline()(list(before), index=np.arange(len(before)))
    return before, [shown(image) for image in after]


def shown(image: np.ndarray) -> np.ndarray:
    """An image as grey levels."""
    if image.dtype == np.uint8:
        return image
    low, high = image.min(), image.max()
    return np.rint((image - low) * (255 / (high - low))).astype(np.uint8)


def timed(entry: Entry, batches: np.ndarray, seconds: float) -> list[float]:
    """How long batch after batch takes, each of them out of the cache."""
    pipeline = entry.pipeline()
    made = pipeline(list(batches[0]), index=np.arange(len(batches[0])))
    # Images that come out in different sizes can only be a list.
    out = made if isinstance(made, np.ndarray) else None
    taken: list[float] = []
    began = time.perf_counter()
    while len(taken) < 2 or time.perf_counter() - began < seconds:
        batch = batches[len(taken) % len(batches)]
        index = len(batch) * len(taken) + np.arange(len(batch))
        given = list(batch) if out is None else batch
        start = time.perf_counter()
        pipeline(given, index=index, out=out)
        taken.append(time.perf_counter() - start)
    return taken


def measure() -> dict[str, Any]:
    """The speeds of all of them, with what they were measured on."""
    n, height, width, channels = SHAPE
    photos = [np.asarray(photo) for photo in load_sample_images().images]
    cuts = [photos[i % 2][(7 * i) % 200 :, (11 * i) % 400 :][:height, :width] for i in range(8 * n)]
    # 39 MB in all, so that no batch is in the cache when its turn comes.
    batches = np.stack(cuts).reshape(8, n, height, width, channels)
    fastaug.set_num_threads(1)
    taken: dict[str, list[float]] = {entry.name: [] for entry in entries()}
    for _ in range(ROUNDS):  # so that a machine's slow moments do not all fall on one of them
        for entry in entries():
            taken[entry.name] += timed(entry, batches, 0.1)
    return {
        "date": date.today().isoformat(),
        "cpu": machine()["cpu"],
        "isa": fastaug.build_info()["isa"],
        "images_per_second": {
            name: round(n / statistics.median(times), -1) for name, times in taken.items()
        },
    }


def first_line(name: str) -> str:
    return (getattr(ft, name).__doc__ or "").partition("\n")[0]


def page(measured: dict[str, Any]) -> str:
    """The Markdown of the gallery."""
    lines = [
        "# Gallery",
        "",
        "Every transform of `fastaug.transforms`: first the image before, then what it made of samples 0 to 3, "
        f"in `fastaug.Compose([…], seed={SEED})`. Those that draw nothing show two photographs, before and "
        "after. What their arguments mean stands in [Pipelines](pipelines.md#in-short) and in each one's "
        "docstring: `help(ft.RandomAffine)`. `examples/gallery.py` makes this page.",
        "",
        f"Speeds are images per second on one core, for batches of 32 of 224×224×3 uint8 that are not in the "
        f"cache, drawing included, into an array that is there, the median of many: {measured['cpu']} "
        f"({measured['isa']}), {measured['date']}. In a pipeline most cost less, since it does what it can in "
        "one pass: [the plan](pipelines.md#the-plan).",
    ]
    for family, members in FAMILIES.items():
        lines += ["", f"## {family}"]
        for entry in members:
            rate = measured["images_per_second"].get(entry.name)
            per_second = f" · {rate:,.0f} images/s" if rate else ""
            lines += [
                "",
                f"### {entry.name}",
                "",
                " ".join([first_line(entry.name), entry.note]).strip(),
                "",
                f"`{entry.call}`{per_second}",
                "",
                f"![{entry.name}: before, and variants after]({entry.file})",
            ]
    return "\n".join(lines) + "\n"


def draw(folder: Path, *, anew: bool) -> None:
    kept = DOCS / "images" / "gallery" / "speed.json"
    measured = measure() if anew else json.loads(kept.read_text(encoding="utf-8"))
    images = folder / "images" / "gallery"
    images.mkdir(parents=True, exist_ok=True)
    if anew:
        text = json.dumps(measured, indent=1) + "\n"
        (images / kept.name).write_text(text, encoding="utf-8")
    photos = photographs()
    for entry in entries():
        picture(entry, photos).save(folder / entry.file, quality=80, optimize=True)
    (folder / "gallery.md").write_text(page(measured), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the gallery of transforms.")
    parser.add_argument("folder", nargs="?", type=Path, default=DOCS)
    parser.add_argument("--measure", action="store_true", help="measure the speeds anew")
    options = parser.parse_args()
    draw(options.folder, anew=options.measure)
