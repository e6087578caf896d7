"""Boxes, keypoints and labels on their way through a pipeline."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..arrays import Array, as_array
from ..targets.boxes import move_boxes
from ..targets.fields import Fields
from ..targets.keypoints import move_keypoints
from ..targets.motion import Motion
from ..transforms import affine
from ..transforms.mixing import Mixing
from .images import Images
from .moves import Resample


class BoxOptions(NamedTuple):
    """How boxes are given, and which are dropped; see `fastaug.targets.warp_boxes`."""

    box_format: str
    min_visibility: float
    min_area: float


class Targets:
    """What belongs to images, in kind.

    Attributes:
        labels: of the images; where there are boxes, labels are theirs.
    """

    def __init__(
        self, images: Images, boxes: Any, keypoints: Any, labels: Any, options: BoxOptions
    ) -> None:
        self._single = images.is_single
        self._options = options
        self._has_names = isinstance(boxes, dict)
        self._labels_apart = labels is not None
        self._boxes: dict[str, Any] | None = None
        self.labels: Array | None = None
        if boxes is not None:
            entries = dict(boxes) if isinstance(boxes, dict) else {"boxes": boxes}
            if labels is not None and "labels" in entries:
                raise ValueError(
                    "labels must be given once, got them in boxes and apart from these"
                )
            if labels is not None:
                entries["labels"] = labels
            self._boxes = {name: self._batched(value) for name, value in entries.items()}
        elif labels is not None:
            self.labels = self._as_labels(labels, images.n)
        self._keypoints = None if keypoints is None else self._batched(keypoints)
        if self._boxes is not None or self._keypoints is not None:
            self._sizes = images.sizes
            self._maps, self._before = affine.identity(images.n), self._sizes.copy()
            self._refuse()

    def move(self, move: Resample) -> None:
        """Takes them where a resample takes the images."""
        if self._boxes is None and self._keypoints is None:
            return
        bends = bool(move.fields)
        if bends:
            self._settle()
        self._maps[move.rows] = affine.product(self._maps[move.rows], move.matrices)
        self._sizes[move.rows] = move.after
        if bends:
            self._settle(Fields.of([move.fields.get(row) for row in range(len(self._sizes))]))
        elif move.cuts.any():
            self._settle()

    def prepare(self, transform: Mixing, *, has_masks: bool) -> None:
        """Makes labels such as can be mixed, and refuses what a mixture of images has no meaning for."""
        given = {
            "masks": has_masks,
            "boxes": self._boxes is not None,
            "keypoints": self._keypoints is not None,
        }
        for name, there in given.items():
            if there:
                raise ValueError(
                    f"{name} cannot be mixed; {type(transform).__name__} mixes images and their "
                    "labels alone"
                )
        if self.labels is not None:
            self.labels = transform.as_labels(self.labels)

    def results(self) -> dict[str, Any]:
        """What was given, where it is now."""
        if self._boxes is not None or self._keypoints is not None:
            self._settle()
        results: dict[str, Any] = {}
        if self._boxes is not None:
            boxes = {name: self._unbatched(value) for name, value in self._boxes.items()}
            if self._labels_apart:
                results["labels"] = boxes.pop("labels")
            results["boxes"] = boxes if self._has_names else boxes["boxes"]
        if self._keypoints is not None:
            results["keypoints"] = self._unbatched(self._keypoints)
        if self.labels is not None:
            results["labels"] = self._unbatched(self.labels)
        return results

    def _refuse(self) -> None:
        """Refuses what cannot be moved, before any work."""
        still = Motion(self._maps, self._sizes, self._sizes)
        if self._boxes is not None:
            move_boxes(self._boxes, still, box_format=self._options.box_format)
        if self._keypoints is not None:
            move_keypoints(self._keypoints, still)

    def _settle(self, fields: Fields | None = None) -> None:
        """Does the moves so far as one: a box around a box that was turned is larger than need be."""
        motion = Motion(self._maps, self._before, self._sizes, fields)
        if self._boxes is not None:
            self._boxes, _ = move_boxes(self._boxes, motion, **self._options._asdict())
        if self._keypoints is not None:
            self._keypoints = move_keypoints(self._keypoints, motion)
        self._maps, self._before = affine.identity(len(self._sizes)), self._sizes.copy()

    def _batched(self, value: Any) -> Any:
        return [value] if self._single else value

    def _unbatched(self, value: Any) -> Any:
        return value[0] if self._single else value

    def _as_labels(self, labels: Any, n: int) -> Array:
        array = as_array([labels] if self._single else labels, "labels")
        if array.ndim == 0 or len(array) != n:
            raise ValueError(f"labels must be {n}, one for each image, got shape {array.shape}")
        return array
