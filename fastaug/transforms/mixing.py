"""Transforms that mix images with each other, and their labels alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..arrays import Array, as_array, as_numbers
from ..ops.mixing import blend, paste
from .base import At
from .custom import Outside, Rows, Whole
from .draws import Floats, Numbers, Values


class Mixing(Outside, abstract=True):
    """What mixes each image, and its label, with those of a partner."""

    alpha: float = 1.0
    partner: Callable[[int], Any] | None = None
    num_classes: int | None = None

    def check(self) -> None:
        alpha = as_numbers(self.alpha, "alpha")
        if alpha.shape != () or not (np.isfinite(alpha) and alpha > 0):
            raise ValueError(f"alpha must be a number of more than 0, got {self.alpha!r}")
        if self.partner is not None and not callable(self.partner):
            raise TypeError(f"partner must be a function of an index, got {self.partner!r}")
        classes: Any = self.num_classes
        if classes is not None and not (isinstance(classes, int | np.integer) and classes > 0):
            raise ValueError(f"num_classes must be a whole number above 0, got {classes!r}")

    def mix(
        self, images: Array, others: Array, source: Array | None, values: Values
    ) -> tuple[Array, Floats]:
        """Mixes images with others, and says which share of each is left of it.

        Args:
            images: (k, H, W, C).
            others: images of that size.
            source: which of the others each is mixed with, shape (k,); None: as they come.
            values: what was drawn.
        """
        raise NotImplementedError

    def run(self, batch: Whole, rows: Rows, values: Values, at: At) -> Whole:
        sizes = {image.shape for image in batch.images}
        if len(sizes) > 1:
            raise ValueError(f"images must be of one size to be mixed, got {sorted(sizes)}")
        everyone = np.stack(batch.images) if isinstance(batch.images, list) else batch.images
        is_all, chosen = len(rows) == len(everyone), rows.tolist()
        images = everyone if is_all else everyone[chosen]
        if self.partner is None:
            before = (rows - 1) % len(everyone)
            other_labels = None if batch.labels is None else batch.labels[before]
            mixed, share = self.mix(images, everyone, before, values)
        else:
            partners, other_labels = self._called(images, batch.labels, at)
            mixed, share = self.mix(images, np.stack(partners), None, values)
        if not is_all:
            mixed, part = everyone.copy(), mixed
            mixed[chosen] = part
        return Whole(mixed, _mixed_labels(batch.labels, rows, other_labels, share))

    def _called(
        self, images: Array, labels: Array | None, at: At
    ) -> tuple[list[Array], Array | None]:
        """What the function gives for each sample: images, and labels if there are any."""
        assert self.partner is not None
        partners, others = [], []
        for image, index in zip(images, at.samples.index.tolist(), strict=True):
            given = self.partner(index)
            other, *label = given if isinstance(given, tuple) else (given,)
            alike = (getattr(other, "shape", None), getattr(other, "dtype", None))
            if alike != (image.shape, image.dtype):
                raise ValueError(
                    f"partner must give images as they are here, {image.shape} {image.dtype}, "
                    f"got {alike[0]} {alike[1]} for index {index}"
                )
            if labels is not None and len(label) != 1:
                raise ValueError(
                    f"partner must give (image, label) where there are labels, got {type(given)} "
                    f"for index {index}"
                )
            partners.append(other)
            others += [_as_label(one, labels) for one in label if labels is not None]
        return partners, np.array(others) if others else None

    def as_labels(self, labels: Array) -> Array:
        """Labels of a batch as numbers that can be mixed.

        Raises:
            ValueError: if they cannot be.
        """
        if labels.dtype.kind not in "biuf" or labels.ndim not in (1, 2):
            raise ValueError(
                "labels must be numbers of shape (N,) or (N, classes) to be mixed, got "
                f"{labels.dtype} of shape {labels.shape}"
            )
        if labels.ndim == 2 and self.num_classes not in (None, labels.shape[1]):
            raise ValueError(
                f"labels must be of num_classes={self.num_classes}, got shape {labels.shape}"
            )
        if labels.ndim == 2 or labels.dtype.kind == "f":
            is_double = labels.dtype == np.float64
            return labels.astype(np.float64 if is_double else np.float32, copy=False)
        if self.num_classes is None:
            raise ValueError(
                f"{type(self).__name__} needs num_classes to mix labels that are whole numbers"
            )
        return _one_hot(labels, self.num_classes)


class MixUp(Mixing):
    """Makes each image a weighted mean of itself and a partner, and its label likewise.

    Args:
        alpha: the share of the image itself is Beta(alpha, alpha) distributed, anew for each sample.
        partner: a function that gives for the index of a sample the image (H, W, C) that it is mixed
            with, as images are at this place of the pipeline, or (image, label). Default the sample
            before it in the batch, and for the first the last: that alone depends on the batch.
        num_classes: of labels (N,) that are whole numbers: they become float32 (N, num_classes).
            Labels (N, classes) stay as they are.
        p: probability.

    Method:
        `fastaug.blend`; Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018; Keras' layer
        `MixUp`, and `MixUp` of torchvision, which draws one share for a batch.

    Examples:
        >>> import numpy as np, fastaug, fastaug.transforms as ft
        >>> pipeline = fastaug.Compose([ft.MixUp(alpha=0.4, num_classes=3)], seed=1)
        >>> images = np.zeros((2, 8, 8, 3), np.float32)
        >>> pipeline(images=images, labels=[0, 2], index=[0, 1])["labels"].round(2)
        array([[0.1 , 0.  , 0.9 ],
               [0.33, 0.  , 0.67]], dtype=float32)
    """

    alpha: float = 0.2

    def draw(self, numbers: Numbers) -> Values:
        return {"share": numbers.beta(self.alpha, self.alpha)}

    def mix(
        self, images: Array, others: Array, source: Array | None, values: Values
    ) -> tuple[Array, Floats]:
        return blend(images, others, values["share"], source=source), values["share"]


class CutMix(Mixing):
    """Puts a rectangle of a partner in its place in each image, and mixes labels by its area.

    Args:
        alpha: the share of the image that is to stay is Beta(alpha, alpha) distributed, anew for each
            sample; more stays where the rectangle reaches beyond the edge.
        partner: as in `MixUp`.
        num_classes: as in `MixUp`.
        p: probability.

    Method:
        `fastaug.paste`; Yun et al., "CutMix: regularization strategy to train strong classifiers with
        localizable features", ICCV 2019; `CutMix` of torchvision, which draws one rectangle for a
        batch. Keras' layer `CutMix` keeps it within the image.

    Examples:
        >>> import fastaug.transforms as ft
        >>> ft.CutMix(num_classes=10, p=0.5)
        CutMix(num_classes=10, p=0.5)
    """

    def draw(self, numbers: Numbers) -> Values:
        middle = numbers.uniforms(2)  # y, x
        return {"middle": middle, "share": numbers.beta(self.alpha, self.alpha)}

    def mix(
        self, images: Array, others: Array, source: Array | None, values: Values
    ) -> tuple[Array, Floats]:
        size = np.array(images.shape[1:3])
        half = np.floor(0.5 * np.sqrt(1.0 - values["share"])[:, np.newaxis] * size)
        middle = np.floor(values["middle"] * size)
        first, last = np.maximum(middle - half, 0), np.minimum(middle + half, size)
        boxes = np.concatenate([first, last - first], axis=1).astype(np.int64)
        share = 1.0 - boxes[:, 2] * boxes[:, 3] / max(int(size.prod()), 1)
        return paste(images, others, boxes, source=source), share


def _mixed_labels(
    labels: Array | None, rows: Rows, others: Array | None, share: Floats
) -> Array | None:
    if labels is None or others is None:
        return labels
    mixed = labels.copy()
    own = share.astype(labels.dtype).reshape(-1, *[1] * (labels.ndim - 1))
    mixed[rows] = labels[rows] * own + others * (1 - own)
    return mixed


def _as_label(label: Any, labels: Array) -> Array:
    """A label for one of `labels`, which are fit for mixing."""
    array = as_array(label, "label")
    if array.shape == () and labels.ndim == 2 and array.dtype.kind in "biu":
        one: Array = _one_hot(array[np.newaxis], labels.shape[1])[0]
        return one.astype(labels.dtype)
    if array.shape != labels.shape[1:] or array.dtype.kind not in "biuf":
        raise ValueError(
            f"partner must give labels of shape {labels.shape[1:]}, got {array.dtype} of shape "
            f"{array.shape}"
        )
    return array.astype(labels.dtype)


def _one_hot(labels: Array, classes: int) -> Array:
    for label in labels[(labels < 0) | (labels >= classes)][:1]:
        raise ValueError(f"labels must be from 0 to {classes - 1}, got {label}")
    hot = np.zeros((len(labels), classes), np.float32)
    hot[np.arange(len(labels)), labels.astype(np.int64)] = 1
    return hot
