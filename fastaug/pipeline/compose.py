"""The pipeline: transforms in order, drawn by counter and done image by image."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

import numpy as np

from .. import backends
from ..arrays import Array, DataFormat, as_array, choice, per_sample_integers
from ..backends.passes import Form
from ..random import WORD
from ..transforms.base import Slot
from ..transforms.composition import ROOT, Composition
from ..transforms.draws import Flags, Numbers, Samples
from ..transforms.ranges import Span, as_span
from .images import Images, as_images
from .lowering import Lowering
from .plan import Plan, describe
from .planner import plan_batch
from .records import Record, as_records, from_records


class Compose(Composition):
    """Transforms in order: a pipeline, or, within another one, a part of it.

    Args:
        transforms: done in this order, each with its own probability.
        seed: 0 to 2**64 - 1; default one that is drawn once. The same seed, index and epoch give the
            same picture, whatever the batch, the backend, the machine and the number of threads.
        data_format: ``"channels_last"`` or ``"channels_first"``, of images and masks.
        value_range: (black, white) of the images; default the dtype's range for integers, (0, 1) for
            floats.
        fuse: whether moves that follow each other become one resample.
        p: probability of all of it.

    Raises:
        TypeError, ValueError: if an argument is not as expected.

    Examples:
        >>> import numpy as np, fastaug
        >>> import fastaug.transforms as ft
        >>> pipeline = fastaug.Compose([ft.RandomFlip(), ft.RandomBrightness(0.2)], seed=7)
        >>> images = np.full((4, 32, 32, 3), 100, np.uint8)
        >>> pipeline(images, index=[0, 1, 2, 3], epoch=5)[:, 0, 0, 0]
        array([ 96, 119, 111, 107], dtype=uint8)
        >>> pipeline(images[2], index=2, epoch=5)[0, 0, 0]
        np.uint8(111)
    """

    seed: int | None = field(default=None, kw_only=True)
    data_format: DataFormat = field(default="channels_last", kw_only=True)
    value_range: tuple[float, float] | None = field(default=None, kw_only=True)
    fuse: bool = field(default=True, kw_only=True)

    def check(self) -> None:
        super().check()
        if self.seed is not None:
            per_sample_integers(self.seed, 1, "seed", np.uint64, 0, 2**64 - 1)
        choice(self.data_format, "data_format", {"channels_last": 0, "channels_first": 1})
        if self.value_range is not None:
            as_span(self.value_range, "value_range", Span())
        if not isinstance(self.fuse, bool):
            raise TypeError(f"fuse must be a bool, got {self.fuse!r}")
        object.__setattr__(self, "_count", 0)

    def slots(self, samples: Samples, place: int, active: Flags) -> Iterator[Slot]:
        # The pipeline itself has no place before its first transform: its number is of the last one.
        if self.p < 1.0:
            active = active & Numbers(samples, max(place, 0)).flags(self.p)
        for child, where in self.children(place):
            yield from child.slots(samples, where, active)

    def __call__(
        self,
        images: Any = None,
        *,
        index: Any = None,
        epoch: Any = 0,
        out: Array | None = None,
    ) -> Any:
        """Augments images.

        Args:
            images: a batch (N, H, W, C), one image (H, W, C) or (H, W), or with channels first; or a list
                of images of any sizes. uint8 or float32, and other dtypes where all transforms take
                them.
            index: sample index of each image, shape (N,), or a number for a single one; default the
                next ones that this pipeline has not had.
            epoch: 0 to 2**32 - 1, or one for each image.
            out: array for the resulting batch.

        Returns:
            What was given, augmented. A list becomes one batch if all results are alike.

        Raises:
            TypeError, ValueError: if an argument is not as expected, or the images of a batch come out
                in different sizes.
        """
        given = as_images(images, "images", self.data_format)
        samples = self._samples(given.n, index, epoch)
        return self._run(given, self._draw(samples), samples, out)

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
            [{'transform': 'RandomRotation', 'place': 0, 'rotation': 0.8}]
        """
        many = np.atleast_1d(as_array(index, "index"))
        samples = self._samples(len(many), many, epoch)
        records = as_records(self._draw(samples), samples)
        return records if np.ndim(index) else records[0]

    def apply(self, parameters: Any, images: Any, *, out: Array | None = None) -> Any:
        """Does again what was drawn once.

        Args:
            parameters: what `parameters` returned, one for each image.
            images: as in a call of the pipeline.
            out: array for the resulting batch.

        Returns:
            What a call with their index and epoch returns.

        Raises:
            TypeError, ValueError: if `parameters` are not of this pipeline, or as in a call.
        """
        records: Sequence[Record] = (
            [dict(parameters)] if isinstance(parameters, Mapping) else list(parameters)
        )
        given = as_images(images, "images", self.data_format)
        if len(records) != given.n:
            raise ValueError(
                f"parameters must be {given.n}, one for each image, got {len(records)}"
            )
        samples, slots = from_records(records, self)
        return self._run(given, slots, samples, out)

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

    def _samples(self, n: int, index: Any, epoch: Any) -> Samples:
        if index is None:
            first = self._count
            index = np.arange(first, first + n) % (WORD + 1)
            object.__setattr__(self, "_count", first + n)
        if self.seed is None:
            object.__setattr__(self, "seed", secrets.randbits(64))
        return Samples(
            per_sample_integers(self.seed, n, "seed", np.uint64, 0, 2**64 - 1),
            per_sample_integers(index, n, "index", np.uint32, 0, WORD),
            per_sample_integers(epoch, n, "epoch", np.uint32, 0, WORD),
        )

    def _draw(self, samples: Samples) -> list[Slot]:
        return list(self.slots(samples, ROOT, np.ones(samples.n, np.bool_)))

    def _run(self, given: Images, slots: list[Slot], samples: Samples, out: Array | None) -> Any:
        actions, _ = plan_batch(slots, samples, given.sizes, fuse=self.fuse)
        lowering = Lowering(samples, given.forms, self.value_range)
        for action in actions:
            lowering.lower(action)
        outs, finish = given.results(lowering.forms, "images", out)
        if given.batches:
            backend = backends.of(given.batches[0])
            backend.run_plan(given.sources, outs, lowering.stages)
        return finish()
