"""What a worker process does in the tests of pipelines; in a module that it can import."""

from __future__ import annotations

from typing import Any

import numpy as np


def augment(task: tuple[Any, np.ndarray, np.ndarray, int]) -> np.ndarray:
    """The images of a task, (pipeline, images, index, epoch), augmented."""
    pipeline, images, index, epoch = task
    return np.asarray(pipeline(images, index=index, epoch=epoch))
