"""A pipeline from a file in the place of a recipe, for ``--pipeline``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import Array
from .errors import CliError
from .recipe import Where, sample_of

if TYPE_CHECKING:
    from PIL import Image

    from ..pipeline import Compose


@dataclass(frozen=True, slots=True)
class Policy:
    """A pipeline with its seed, and the file that it comes from."""

    pipeline: Compose
    path: Path

    def variant(self, image: Array, where: Where) -> Array:
        """Makes one variant of a uint8 image of shape (H, W, C)."""
        with self._errors():
            result: Array = self.pipeline(image, index=where.sample, epoch=where.variant)
        if result.dtype != np.uint8 or not 1 <= result.shape[-1] <= 4:
            raise CliError(
                f"{self.path} makes {result.dtype} images of {result.shape[-1]} channels; PNG and "
                "JPEG files hold uint8, 1 to 4 channels"
            )
        return result

    def record(self, where: Where, height: int, width: int) -> dict[str, Any]:
        """What happens to a variant, as `Compose.apply` takes it."""
        record: dict[str, Any] = self.pipeline.parameters(where.sample, where.variant)
        return record

    def check(self, image: Array, path: Path) -> None:
        """Raises a CliError if the pipeline does not fit an image, which this file holds."""
        with self._errors(f" does not fit {path}"):
            self.pipeline.plan(image.shape, image.dtype)

    def refuse_floats(self, image: Array) -> None:
        """Raises a CliError if an image that the pipeline fits does not become one for a file."""
        for n in range(1, len(self.pipeline.transforms) + 1):
            first = replace(self.pipeline, transforms=self.pipeline.transforms[:n])
            passes = first.plan(image.shape, image.dtype).passes
            if passes and passes[-1].form.dtype != np.uint8:
                raise CliError(
                    f"{self.path} makes {passes[-1].form.dtype} images, which PNG and JPEG files "
                    f"cannot hold; leave out transforms[{n - 1}], "
                    f"{type(first.transforms[-1]).__name__}"
                )

    def sheet(self, image: Array, path: Path, variants: int, columns: int) -> Image.Image:
        """The contact sheet of an image, which this file holds, and of its variants."""
        from PIL import Image

        with self._errors(f" does not fit {path}"):
            sheet = self.pipeline.preview(
                image,
                index=sample_of(path.name),
                variants=variants,
                columns=columns,
                title=path.name,
            )
        return Image.fromarray(sheet.image)

    @contextmanager
    def _errors(self, what: str = "") -> Iterator[None]:
        try:
            yield
        except (TypeError, ValueError) as error:
            raise CliError(f"{self.path}{what}: {error}") from None


def load_policy(path: Path, seed: int | None) -> Policy:
    """The pipeline that a file describes, with this seed, else its own, else 0.

    Raises:
        CliError: if it cannot be read, or holds no pipeline; the message says what is wrong.
    """
    from ..pipeline import Compose

    try:
        pipeline = Compose.load(path)
    except OSError as error:
        raise CliError(f"{path} cannot be read: {error.strerror or error}") from None
    except (TypeError, ValueError) as error:
        said = str(error)
        raise CliError(said if str(path) in said else f"{path}: {said}") from None
    if seed is None:
        seed = pipeline.seed or 0
    return Policy(replace(pipeline, seed=seed), path)
