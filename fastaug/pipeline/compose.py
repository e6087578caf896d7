"""The pipeline: transforms in order, drawn by counter and done image by image."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array, DataFormat, as_array, choice, filled, per_sample_integers
from ..backends.passes import Form
from ..random import PIPELINE, WORD
from ..targets.formats import as_box_format
from ..transforms.base import Slot
from ..transforms.composition import ROOT, Composition
from ..transforms.draws import Flags, Numbers, Samples
from ..transforms.mixing import Mixing
from ..transforms.ranges import Span, as_span
from .images import Images, as_images
from .masks import as_masks
from .plan import Plan, describe
from .preview import preview
from .records import as_records, from_records
from .run import Masks, Track, run
from .targets import BoxOptions, Targets
from .written import VERSION, from_written, read, to_plain, write

if TYPE_CHECKING:
    from ..show import ContactSheet


# Threads that share a pipeline must not get the same samples. A child of a fork has a lock of its own.
_one_at_a_time = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_one_at_a_time._at_fork_reinit)  # type: ignore[attr-defined]


class Compose(Composition):
    """Transforms in order: a pipeline, or, within another one, a part of it.

    Args:
        transforms: done in this order, each with its own probability.
        seed: 0 to 2**64 - 1; default one that is drawn once. The same seed, index and epoch give the
            same picture, whatever the batch, the backend, the machine and the number of threads; but for
            `MixUp` and `CutMix` with partners from the batch.
        data_format: ``"channels_last"`` or ``"channels_first"``, of images and masks.
        value_range: (black, white) of the images; default the dtype's range for integers, (0, 1) for
            floats.
        fuse: whether moves that follow each other become one resample.
        mask_interpolation: of masks, ``"nearest"``; or ``"bilinear"``, for soft ones of uint8 or float32.
        mask_fill: what is beyond the edges of masks, where that of their images is a constant.
        box_format: of boxes, as in `fastaug.targets.warp_boxes`.
        min_visibility: share of a moved box, 0 to 1, that must lie in the image; else it is dropped.
        min_area: of what lies in the image, in pixels.
        p: probability of all of it.

    Raises:
        TypeError, ValueError: if an argument is not as expected.

    Attributes:
        count: how many samples it has had without an index.

    Examples:
        >>> import numpy as np, fastaug
        >>> import fastaug.transforms as ft
        >>> pipeline = fastaug.Compose([ft.RandomFlip(), ft.RandomBrightness(0.2)], seed=7)
        >>> images = np.full((4, 32, 32, 3), 100, np.uint8)
        >>> pipeline(images, index=[0, 1, 2, 3], epoch=5)[:, 0, 0, 0]
        array([ 97, 100,  89, 107], dtype=uint8)
        >>> pipeline(images[2], index=2, epoch=5)[0, 0, 0]
        np.uint8(89)
    """

    seed: int | None = field(default=None, kw_only=True)
    data_format: DataFormat = field(default="channels_last", kw_only=True)
    value_range: tuple[float, float] | None = field(default=None, kw_only=True)
    fuse: bool = field(default=True, kw_only=True)
    mask_interpolation: str = field(default="nearest", kw_only=True)
    mask_fill: float = field(default=0, kw_only=True)
    box_format: str = field(default="pascal_voc", kw_only=True)
    min_visibility: float = field(default=0.0, kw_only=True)
    min_area: float = field(default=0.0, kw_only=True)
    count: int = field(default=0, init=False, compare=False)

    def check(self) -> None:
        super().check()
        if self.seed is not None:
            per_sample_integers(self.seed, 1, "seed", np.uint64, 0, 2**64 - 1)
        choice(self.data_format, "data_format", {"channels_last": 0, "channels_first": 1})
        if self.value_range is not None:
            as_span(self.value_range, "value_range", Span())
        if not isinstance(self.fuse, bool):
            raise TypeError(f"fuse must be a bool, got {self.fuse!r}")
        choice(self.mask_interpolation, "mask_interpolation", {"nearest": 0, "bilinear": 1})
        as_box_format(self.box_format)
        as_span(self.min_visibility, "min_visibility", Span(least=0.0, most=1.0))
        as_span(self.min_area, "min_area", Span(least=0.0))

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterable[Slot]:
        if self.p < 1.0:
            active = active & Numbers(samples, PIPELINE if place == ROOT else place).flags(self.p)
        slots: list[Slot] = []
        for child, where in self.children(place):
            slots += child.slots(samples, where, active)
        return slots

    def __call__(
        self,
        array: Any = None,
        /,
        *,
        images: Any = None,
        masks: Any = None,
        boxes: Any = None,
        keypoints: Any = None,
        labels: Any = None,
        index: Any = None,
        epoch: Any = 0,
        out: Array | None = None,
    ) -> Any:
        """Augments images, and moves what lies on them along.

        Args:
            array: the images, where they are all there is: a batch (N, H, W, C), one image (H, W, C) or
                (H, W), or with channels first; or a list of images of any sizes. uint8 or float32, and
                other dtypes where all transforms take them.
            images: the same by name.
            masks: of the images: (N, H, W) or (N, H, W, C), (H, W) or (H, W, C) of one image, or a list of
                such; bools, integers or float32.
            boxes: of the images: a list of N arrays (k, 4), an array (N, k, 4), or (k, 4) of one image,
                in the pipeline's `box_format`; or a dictionary of such as ``"boxes"`` and of whatever
                belongs to each box, as in `fastaug.targets.warp_boxes`.
            keypoints: of the images: a list of N arrays (k, 2) or (k, 3), an array (N, k, 2 or 3), or
                (k, 2 or 3) of one image: x and y in pixels, and visibility.
            labels: of the boxes, where there are any: as many. Else of the images, shape (N,) or (N,
                classes); `MixUp` and `CutMix` make them (N, classes).
            index: sample index of each image, shape (N,), or a number for a single one; default the
                next ones that this pipeline has not had.
            epoch: 0 to 2**32 - 1, or one for each image.
            out: array for the resulting batch of images.

        Returns:
            The images in kind, if they came as the only argument without a name; else a dictionary of
            what was given, each in kind. A list becomes one batch if all results are alike.

        Raises:
            TypeError, ValueError: if an argument is not as expected, or the images of a batch come out
                in different sizes.
        """
        given = self._images(array, images)
        others = _given(masks=masks, boxes=boxes, keypoints=keypoints, labels=labels)

        def drawn() -> tuple[Samples, list[Slot]]:
            samples = self._samples(given.n, index, epoch)
            return samples, self._draw(samples)

        results = self._run(given, others, drawn, out)
        return results if others or images is not None else results["images"]

    def parameters(self, index: Any, epoch: Any = 0) -> Any:
        """What is drawn for samples, whatever their images.

        Args:
            index: sample index, or several, shape (N,).
            epoch: 0 to 2**32 - 1, or one for each.

        Returns:
            A dictionary of plain numbers, fit for a line of JSON, or a list of them: seed, index, epoch,
            and under ``"transforms"``, in order, those that are done with what they drew.

        Examples:
            >>> import fastaug, fastaug.transforms as ft
            >>> pipeline = fastaug.Compose([ft.RandomRotation(20)], seed=7)
            >>> pipeline.parameters(4711, epoch=12)["transforms"]
            [{'transform': 'RandomRotation', 'place': 0, 'rotation': -10.970699935541726}]
        """
        many = np.atleast_1d(as_array(index, "index"))
        samples = self._samples(len(many), many, epoch)
        records = as_records(self._draw(samples), samples)
        return records if np.ndim(index) else records[0]

    def apply(
        self,
        parameters: Any,
        array: Any = None,
        /,
        *,
        images: Any = None,
        masks: Any = None,
        boxes: Any = None,
        keypoints: Any = None,
        labels: Any = None,
        out: Array | None = None,
    ) -> Any:
        """Does again what was drawn once.

        Args:
            parameters: what `parameters` returned, one for each image.
            array: as in a call of the pipeline.
            images: as in a call of the pipeline.
            masks: as in a call of the pipeline.
            boxes: as in a call of the pipeline.
            keypoints: as in a call of the pipeline.
            labels: as in a call of the pipeline.
            out: array for the resulting batch of images.

        Returns:
            What a call with their index and epoch returns.

        Raises:
            TypeError, ValueError: if `parameters` are not of this pipeline, or as in a call.

        Examples:
            >>> import json, numpy as np, fastaug, fastaug.transforms as ft
            >>> pipeline = fastaug.Compose([ft.RandomFlip(), ft.GaussianNoise(9)], seed=7)
            >>> image = np.zeros((8, 8, 3), np.uint8)
            >>> line = json.dumps(pipeline.parameters(4711, epoch=12))
            >>> again = pipeline.apply(json.loads(line), image)
            >>> bool((again == pipeline(image, index=4711, epoch=12)).all())
            True
        """
        given = self._images(array, images)
        records = [parameters] if isinstance(parameters, Mapping) else list(parameters)
        if len(records) != given.n:
            raise ValueError(
                f"parameters must be {given.n}, one for each image, got {len(records)}"
            )
        others = _given(masks=masks, boxes=boxes, keypoints=keypoints, labels=labels)
        results = self._run(given, others, lambda: from_records(records, self), out)
        return results if others or images is not None else results["images"]

    def plan(self, shape: Sequence[int], dtype: Any = np.uint8) -> Plan:
        """What is done to images of a shape, pass by pass, if every transform is.

        Args:
            shape: (H, W, C), or (N, H, W, C), in the pipeline's data format.
            dtype: of the images.

        Examples:
            >>> import fastaug, fastaug.transforms as ft
            >>> flips = fastaug.Compose([ft.RandomFlip(), ft.RandomRotation(9), ft.GaussianNoise(5)])
            >>> flips.plan((224, 224, 3))
            224 x 224 x 3 uint8
            1. resample: RandomFlip, RandomRotation -> 224 x 224 x 3 uint8
            2. pointwise: GaussianNoise -> 224 x 224 x 3 uint8
        """
        sides = tuple(shape)[-3:]
        if len(tuple(shape)) not in (3, 4):
            raise ValueError(f"shape must be (H, W, C) or (N, H, W, C), got {shape!r}")
        if self.data_format == "channels_first":
            sides = (*sides[1:], sides[0])
        height, width, channels = (int(side) for side in sides)
        form = Form(height, width, channels, np.dtype(dtype))
        return describe(self, form, self.value_range, self.fuse)

    def preview(
        self,
        images: Any,
        *,
        masks: Any = None,
        boxes: Any = None,
        keypoints: Any = None,
        labels: Any = None,
        index: Any = None,
        epoch: int = 0,
        variants: int | None = None,
        columns: int = 4,
        title: str = "",
    ) -> ContactSheet:
        """Draws images and what becomes of them, epoch by epoch, on one sheet.

        Under each picture stand its epoch and what was done. On it lie the outlines of masks, the boxes
        with their labels, and the keypoints that are in the image. Images on another scale, by
        `Normalize` say, are shown as on the one before. Values that are far from black and white are
        shown from their least to their largest, and their picture says so.

        Args:
            images: one image, a batch, or a list of images of any sizes, as in a call of the pipeline.
            masks: as in a call of the pipeline.
            boxes: as in a call of the pipeline.
            keypoints: as in a call of the pipeline.
            labels: as in a call of the pipeline.
            index: sample index of each image; default 0, 1, and so on. The pipeline's count stays.
            epoch: of the first variant of an image; those that follow are of the next ones.
            variants: how many of each image; default 11 of a single one, else as fit into its row.
            columns: how many pictures in a row, 1 to 50.
            title: above all of it.

        Returns:
            A sheet that shows itself in a notebook, with `.save(path)` and the pixels as `.image`.

        Raises:
            TypeError, ValueError: if an argument is not as expected, or there are more than 2500
                pictures.
            RuntimeError: if Pillow is not installed.

        Examples:
            >>> import numpy as np, fastaug, fastaug.transforms as ft
            >>> pipeline = fastaug.Compose([ft.RandomRotation(20)], seed=7)
            >>> image = np.full((60, 80, 3), 200, np.uint8)
            >>> sheet = pipeline.preview(image, boxes=[[10, 10, 50, 40]], labels=["cat"])
            >>> sheet.save("sheet.png")
        """
        targets = {"masks": masks, "boxes": boxes, "keypoints": keypoints, "labels": labels}
        return preview(self, images, targets, index, epoch, variants, columns, title)

    def to_dict(self) -> dict[str, Any]:
        """The pipeline as plain data, from which `from_dict` makes an equal one.

        Raises:
            ValueError: if a transform holds a function that cannot be imported by its name.

        Examples:
            >>> import fastaug, fastaug.transforms as ft
            >>> fastaug.Compose([ft.RandomRotation(20)], seed=7).to_dict()["transforms"]
            [{'transform': 'RandomRotation', 'rotation': 20}]
        """
        return {"fastaug": VERSION, **to_plain(self)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Compose:
        """The pipeline that `to_dict` describes.

        Raises:
            TypeError, ValueError: if it is not one, or names a transform or an argument that does not
                exist; the message says which.

        Examples:
            >>> import fastaug
            >>> fastaug.Compose.from_dict({"transforms": [{"transform": "RandomRotate"}]})
            Traceback (most recent call last):
            ValueError: transforms[0] has an unknown transform 'RandomRotate'; did you mean 'RandomRotate90'?
        """
        return from_written(cls, plain)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the pipeline to a file that `load` reads, JSON or YAML by its suffix.

        Raises:
            ValueError: if the suffix is another one, or as in `to_dict`.
            RuntimeError: if it is YAML and PyYAML is not installed.
        """
        write(self.to_dict(), Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Compose:
        """The pipeline that a file describes, JSON or YAML by its suffix.

        Raises:
            OSError: if it cannot be read.
            TypeError, ValueError: if it holds no pipeline; the message says what is wrong.
            RuntimeError: if it is YAML and PyYAML is not installed.
        """
        return cls.from_dict(read(Path(path)))

    def _samples(self, n: int, index: Any, epoch: Any) -> Samples:
        with _one_at_a_time:
            if self.seed is None:
                object.__setattr__(self, "seed", secrets.randbits(64))
            given = index
            if index is None:
                given = np.arange(self.count, self.count + n) % (WORD + 1)
            samples = Samples(
                per_sample_integers(self.seed, n, "seed", np.uint64, 0, 2**64 - 1),
                per_sample_integers(given, n, "index", np.uint32, 0, WORD),
                per_sample_integers(epoch, n, "epoch", np.uint32, 0, WORD),
            )
            if index is None:
                object.__setattr__(self, "count", self.count + n)
        return samples

    def _draw(self, samples: Samples) -> list[Slot]:
        return list(self.slots(samples, ROOT, filled(samples.n, True, np.bool_)))

    def _images(self, array: Any, images: Any) -> Images:
        if (array is None) == (images is None):
            raise TypeError("images must be given, and once: without a name or as images=")
        return as_images(array if images is None else images, "images", self.data_format)

    def _run(
        self,
        given: Images,
        others: dict[str, Any],
        drawn: Callable[[], tuple[Samples, list[Slot]]],
        out: Array | None,
    ) -> dict[str, Any]:
        options = BoxOptions(self.box_format, self.min_visibility, self.min_area)
        named = others.get("boxes"), others.get("keypoints"), others.get("labels")
        targets = Targets(given, *named, options)
        masks = None
        if "masks" in others:
            reading = self.mask_interpolation, float(self.mask_fill)
            masks, fill, restored = as_masks(others["masks"], given, self.data_format, *reading)
        # Whatever is drawn: labels of two batches must not be of two kinds. Images need nothing.
        for transform, _ in self.leaves(ROOT) if others else ():
            if isinstance(transform, Mixing):
                targets.prepare(transform, has_masks=masks is not None)
        samples, slots = drawn()
        images = Track(given, samples, self.value_range)
        track = None
        if masks is not None:
            track = Masks(masks, samples, self.mask_interpolation, fill)
        run(slots, samples, images, track, targets, fuse=self.fuse)
        results = {"images": images.finish("images", out)}
        if track is not None:
            results["masks"] = restored(track.finish("masks"))
        return {**results, **targets.results()}


def _given(**others: Any) -> dict[str, Any]:
    """What there is besides images."""
    return {name: other for name, other in others.items() if other is not None}
