"""Every public function documents what it takes and shows it; test_docs runs the examples."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Callable
from typing import Any

import pytest

import fastaug
import fastaug.ops.color
import fastaug.ops.photometric
import fastaug.ops.tones
import fastaug.random
import fastaug.targets

functions = pytest.mark.parametrize(
    "function",
    [
        *(getattr(fastaug, name) for name in fastaug.__all__ if name != "__version__"),
        fastaug.ops.color.color_jitter,
        fastaug.ops.photometric.photometric,
        fastaug.ops.tones.rescale,
        fastaug.random.uniform,
        fastaug.random.permutation,
        fastaug.random.philox4x32,
        fastaug.targets.warp_boxes,
        fastaug.targets.warp_keypoints,
    ],
    ids=lambda function: function.__name__,
)


@functions
def test_an_example(function: Callable[..., Any]) -> None:
    (test,) = doctest.DocTestFinder(recurse=False).find(function, function.__name__)
    assert test.examples


@functions
def test_every_argument(function: Callable[..., Any]) -> None:
    text = inspect.getdoc(function) or ""
    for name in inspect.signature(function).parameters:
        assert f"\n    {name}:" in text, f"{name} is not documented"


@functions
def test_errors_and_results(function: Callable[..., Any]) -> None:
    text = inspect.getdoc(function) or ""
    signature = inspect.signature(function)
    if signature.parameters:
        assert "\nRaises:\n" in text
    if inspect.isclass(function):
        return
    if signature.return_annotation not in ("None", "int", "Iterator[None]"):
        assert "\nReturns:\n" in text
