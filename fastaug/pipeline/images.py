"""Images as a pipeline is given them: a batch, one, or a list of different sizes; and results in kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import Array, Batch, DataFormat, as_batch, as_output, check_apart
from ..backends.passes import Form, form_of


@dataclass(frozen=True)
class Images:
    """Images that were checked.

    Attributes:
        batches: what was given: one batch, or one for each image of a list.
        is_list: whether it was a list.
    """

    batches: list[Batch]
    is_list: bool

    @property
    def n(self) -> int:
        return len(self.batches) if self.is_list else self.batches[0].n

    @property
    def is_single(self) -> bool:
        return not self.is_list and self.batches[0].given.ndim < 4

    @property
    def sources(self) -> list[Array]:
        return [batch.pixels for batch in self.batches]

    @property
    def forms(self) -> list[Form]:
        """Of each image."""
        if self.is_list:
            return [form_of(batch.pixels) for batch in self.batches]
        return [form_of(self.batches[0].pixels)] * self.n

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """The height and the width of each image, shape (n, 2)."""
        sizes = np.empty((self.n, 2), np.int64)
        each = [batch.pixels.shape[1:3] for batch in self.batches]
        sizes[:] = np.reshape(each, (-1, 2)) if self.is_list else each[0]
        return sizes

    def results(
        self, forms: list[Form], name: str, out: Array | None = None
    ) -> tuple[list[Array], Callable[[], Any]]:
        """Where images of these forms go, and what gives them to the user when they are there.

        Raises:
            ValueError: if a batch would have to hold images of different forms.
        """
        first = self.batches[0] if self.batches else None
        same = not forms or forms.count(forms[0]) == len(forms)
        if first is not None and not self.is_list:
            if not same:
                raise ValueError(
                    f"the {name} of a batch must come out alike, got {_listed(forms)}; bring them to "
                    "one size at the end, or give a list of images"
                )
            form = forms[0] if forms else form_of(first.pixels)
            result = as_output(out, first, form[:2], dtype=form.dtype)
            return [result.pixels], result.finish
        if out is not None and not same:
            raise ValueError(f"out needs {name} that come out alike, got {_listed(forms)}")
        if same and first is not None:
            return self._together(forms[0], out)
        made = [
            as_output(None, batch, form[:2], dtype=form.dtype)
            for batch, form in zip(self.batches, forms, strict=True)
        ]
        return [each.pixels for each in made], lambda: [each.finish() for each in made]

    def _together(self, form: Form, out: Array | None) -> tuple[list[Array], Callable[[], Any]]:
        """One batch of images that came as a list."""
        first = self.batches[0]
        images = np.broadcast_to(first.pixels, (self.n, *first.pixels.shape[1:]))
        given = np.moveaxis(images, 3, 1) if first.data_format == "channels_first" else images
        batch = replace(first, given=given, pixels=images)
        result = as_output(out, batch, form[:2], dtype=form.dtype)
        for each in self.batches[1:] if out is not None else ():
            check_apart(
                result.staged if first.on_card else result.given,
                each.given,
                "images",
                may_be_input=False,
            )
        return [result.pixels], result.finish


def as_images(
    given: Any, name: str, data_format: DataFormat, dtypes: Sequence[str] | None = None
) -> Images:
    """Checks images: an array as the ops take it, or a list of such that are images."""
    if not isinstance(given, list | tuple):
        return Images([as_batch(given, data_format, dtypes)], False)
    batches = [as_batch(image, data_format, dtypes) for image in given]
    for i, batch in enumerate(batches):
        if batch.given.ndim > 3:
            raise ValueError(
                f"{name} must be a list of images (H, W, C) or (H, W), got shape "
                f"{batch.given.shape} in place {i}"
            )
        if batch.on_card != batches[0].on_card:
            raise TypeError(f"{name} must be all on a CUDA device, or all in memory")
        if form_of(batch.pixels)[2:] != form_of(batches[0].pixels)[2:]:
            raise ValueError(
                f"{name} must be alike in dtype and number of channels, got "
                f"{batch.given.dtype} of shape {batch.given.shape} in place {i} after "
                f"{batches[0].given.dtype} of shape {batches[0].given.shape}"
            )
    return Images(batches, True)


def _listed(forms: list[Form]) -> str:
    kinds = sorted({f"{form.dtype} {form.height}x{form.width}x{form.channels}" for form in forms})
    more = f" and {len(kinds) - 3} more" if len(kinds) > 3 else ""
    return ", ".join(kinds[:3]) + more
