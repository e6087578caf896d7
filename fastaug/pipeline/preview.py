"""Images and what a pipeline makes of them, for people to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array, as_batch, per_sample_integers, value_limits
from ..random import WORD
from ..targets.boxes import PADDING
from ..targets.formats import as_box_format
from ..transforms.composition import ROOT
from ..transforms.scales import Scaled
from .images import Images, as_images
from .records import Record

if TYPE_CHECKING:
    from ..show import ContactSheet
    from .compose import Compose

_VARIANTS, _COLUMNS, _PICTURES = 11, 50, 2500


def preview(
    pipeline: Compose,
    images: Any,
    targets: dict[str, Any],
    index: Any,
    epoch: int,
    variants: int | None,
    columns: int,
    title: str,
) -> ContactSheet:
    """What `Compose.preview` does."""
    show = _room()
    given = as_images(images, "images", pipeline.data_format)
    if not given.n or not given.sizes.all():
        raise ValueError(f"images must have pixels to be seen, got {given.n} of {_sizes(given)}")
    columns = _whole(columns, "columns", 1, _COLUMNS)
    if variants is None:
        variants = _VARIANTS if given.is_single else max(1, columns - 1)
    variants = _whole(variants, "variants", 1, _PICTURES)
    if given.n * (1 + variants) > _PICTURES:
        raise ValueError(
            f"images must make at most {_PICTURES} pictures, got {given.n} with {variants} variants each"
        )
    first = _whole(epoch, "epoch", 0, WORD + 1 - variants)
    default = np.arange(given.n) if index is None else index
    numbers = per_sample_integers(default, given.n, "index", np.uint32, 0, WORD)
    named = {name: _listed(value, given) for name, value in targets.items()}
    if hasattr(named["masks"], "ndim"):
        named["masks"] = list(named["masks"])
    named["images"] = _images(given)

    # What comes out of a pipeline of nothing is checked, and in the kinds of all the others.
    nothing = replace(pipeline, transforms=[], p=1.0)
    panels = [_panels(nothing, nothing(**named, index=numbers), given, "original", None)]
    for number in range(first, first + variants):
        results = pipeline(**named, index=numbers, epoch=number)
        records = pipeline.parameters(numbers, number)
        panels.append(_panels(pipeline, results, given, f"epoch {number}", records))
    names = [f"index {number}" for number in numbers]
    groups = zip([""] if given.n == 1 else names, zip(*panels, strict=True), strict=True)
    size = " x ".join(map(str, given.sizes[0]))
    facts = [f"{size} pixels, {names[0]}"] if given.n == 1 else []
    subtitle = ", ".join([*facts, f"seed {pipeline.seed}"])
    sheet: ContactSheet = show.contact_sheet(list(groups), columns, title=title, subtitle=subtitle)
    return sheet


def _room() -> Any:
    try:
        return import_module("..show", __package__)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "PIL":
            raise
        raise RuntimeError(
            "previews need Pillow; install it with: pip install 'fastaug[data]'"
        ) from None


def _whole(value: Any, name: str, least: int, most: int) -> int:
    return int(per_sample_integers(value, 1, name, np.int64, least, most)[0])


def _sizes(given: Images) -> str:
    return ", ".join(sorted({f"{height}x{width}" for height, width in given.sizes})) or "none"


def _images(given: Images) -> list[Array]:
    """Images as a list, whose results may have sizes of their own."""
    if given.is_list or given.is_single:
        return [batch.given for batch in given.batches]
    return list(given.batches[0].given)


def _listed(value: Any, given: Images) -> Any:
    """What belongs to images, as it belongs to a list of them."""
    if value is None or not given.is_single:
        return value
    if isinstance(value, Mapping):
        return {name: [each] for name, each in value.items()}
    return [value]


def _panels(
    pipeline: Compose,
    results: dict[str, Any],
    given: Images,
    caption: str,
    records: list[Record] | None,
) -> list[Any]:
    """A panel for each image."""
    show = _room()
    boxes = results.get("boxes")
    labels = results.get("labels")
    if isinstance(boxes, Mapping):
        labels = boxes.get("labels", boxes.get("classes"))
        boxes = boxes["boxes"]
    panels = []
    for i, image in enumerate(results["images"]):
        steps = [] if records is None else records[i]["transforms"]
        mine = None if labels is None else _host(labels[i])
        label = ""
        if boxes is None and mine is not None:
            label = f", label {' '.join(map(_short, mine.ravel().tolist()))}"
        pixels = _channels_last(_host(image), pipeline)
        masks = results.get("masks")
        marks = show.Marks(
            mask=None if masks is None else _channels_last(_host(masks[i]), pipeline),
            is_soft=pipeline.mask_interpolation == "bilinear",
            keypoints=None if "keypoints" not in results else _host(results["keypoints"][i]),
            **_edges(boxes, mine, i, pixels.shape, pipeline.box_format),
        )
        limits = _limits(pipeline, image, given, steps)
        said = ", ".join(filter(None, map(_described, steps)))
        panels.append(show.Panel(pixels, limits, caption + label, said, marks))
    return panels


def _edges(
    boxes: Any, labels: Array | None, i: int, shape: tuple[int, ...], box_format: str
) -> dict[str, Any]:
    """The boxes of an image in pixels, and their labels, those that only pad an array left out."""
    if boxes is None:
        return {}
    mine = np.asarray(boxes[i], np.float64).reshape(-1, 4)
    kept = np.ones(len(mine), np.bool_)
    if isinstance(boxes, np.ndarray):
        kept = (mine != PADDING).any(axis=1)
    sizes = np.broadcast_to(np.array(shape[:2]), (len(mine), 2))
    edges = as_box_format(box_format).to_edges(mine, sizes)[kept]
    return {"boxes": edges, "labels": None if labels is None else labels[kept]}


def _limits(pipeline: Compose, image: Any, given: Images, steps: list[Any]) -> tuple[Any, Any]:
    """Which values are black and white in an image after some steps: what these make of both."""
    first = given.batches[0]
    black, white, _ = value_limits(first, pipeline.value_range, (0.0, 1.0))
    known = {place: transform for transform, place in pipeline.leaves(ROOT)}
    done = [known[step["place"]] for step in steps]
    scales = [replace(transform, p=1.0) for transform in done if isinstance(transform, Scaled)]
    if not scales:
        same = image.dtype == first.given.dtype
        return (black, white) if same else value_limits(as_batch(image), None, (0.0, 1.0))[:2]
    channels = given.forms[0].channels
    ends = np.array([[[black], [white]]], first.given.dtype).repeat(channels, axis=-1)
    scaled = replace(pipeline, transforms=scales, p=1.0, data_format="channels_last")
    return tuple(scaled(ends, index=0)[0])


def _described(step: Mapping[str, Any]) -> str:
    """What was done, in a few words."""
    name = step["transform"].removeprefix("Random")
    values = {key: value for key, value in step.items() if key not in ("transform", "place")}
    flags = {key: value for key, value in values.items() if isinstance(value, bool)}
    if flags:
        true = [key for key, value in flags.items() if value]
        return f"{name} {' '.join(true)}" if true else ""
    numbers = list(values.values())
    if len(numbers) == 1 and isinstance(numbers[0], int | float):
        return f"{name} {_short(numbers[0])}"
    return str(name)


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _channels_last(image: Array, pipeline: Compose) -> Array:
    if image.ndim == 2:
        return image[..., np.newaxis]
    return np.moveaxis(image, 0, -1) if pipeline.data_format == "channels_first" else image


def _host(array: Any) -> Array:
    return np.asarray(array.get() if hasattr(array, "get") else array)
