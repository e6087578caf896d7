"""The tables of counterparts: what stands on the right can be made, and nothing is missing on the left."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fastaug
import fastaug.transforms as ft

PAGE = (Path(__file__).parent.parent / "docs" / "migration-pipelines.md").read_text()
PARTS = dict(re.findall(r"^## From (\S+)[^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))


def rows(part: str) -> list[tuple[str, str]]:
    """The left and the middle of every row, without the heads of the tables."""
    cells = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return [(cell[0], cell[1]) for cell in cells if "`" in cell[0]]


def spans(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_the_parts():
    assert list(PARTS) == ["Keras'", "tf.image", "torchvision", "Albumentations"]
    assert all(len(rows(part)) > 15 for part in PARTS.values())


@pytest.mark.parametrize("name", PARTS)
def test_counterparts_can_be_made(name: str):
    names = {"ft": ft, "fastaug": fastaug, "np": np}
    for left, right in rows(PARTS[name]):
        for call in spans(right):
            if call.startswith(("ft.", "fastaug.")):
                found = eval(call, names)
                assert callable(found) or found.p >= 0, (left, call)


def words(part: str) -> set[str]:
    prose = re.sub(r"^```.*?^```$", "", part, flags=re.M | re.S)
    return set(re.findall(r"\w+", " ".join(spans(prose))))


def random_ones(names: Any) -> set[str]:
    return {name.removeprefix("stateless_") for name in names}


def test_nothing_of_keras_is_missing():
    keras = pytest.importorskip("keras")
    if not keras.__version__.startswith("3.15."):
        pytest.skip("the page is of another version")
    home = "keras.src.layers.preprocessing.image_preprocessing"
    found = {
        name
        for name, layer in inspect.getmembers(keras.layers, inspect.isclass)
        if layer.__module__.startswith(home)
    }
    found |= {"Rescaling", "Normalization", "GaussianNoise", "Pipeline"}
    assert len(found) > 30
    assert found <= words(PARTS["Keras'"])


def test_nothing_of_tensorflow_is_missing():
    tf = pytest.importorskip("tensorflow")
    if not tf.__version__.startswith("2.21."):
        pytest.skip("the page is of another version")
    kinds = (
        "adjust_",
        "random_",
        "stateless_",
        "flip_",
        "crop",
        "pad_",
        "resize",
        "central",
        "rot",
        "trans",
        "rgb_",
        "convert_",
        "per_image",
        "sample_",
    )
    found = random_ones(name for name in dir(tf.image) if name.startswith(kinds))
    assert len(found) > 25
    assert found <= words(PARTS["tf.image"])


# torchvision.transforms.v2 of 0.28; it is not among what the tests need.
TORCHVISION = """
AugMix AutoAugment CenterCrop ClampBoundingBoxes ClampKeyPoints ColorJitter Compose ConvertBoundingBoxFormat
ConvertImageDtype CutMix ElasticTransform FiveCrop GaussianBlur GaussianNoise Grayscale Identity JPEG Lambda
LinearTransformation MixUp Normalize PILToTensor Pad RGB RandAugment RandomAdjustSharpness RandomAffine RandomApply
RandomAutocontrast RandomChannelPermutation RandomChoice RandomCrop RandomEqualize RandomErasing RandomGrayscale
RandomHorizontalFlip RandomInvert RandomIoUCrop RandomOrder RandomPerspective RandomPhotometricDistort
RandomPosterize RandomResize RandomResizedCrop RandomRotation RandomShortestSize RandomSolarize RandomVerticalFlip
RandomZoomOut Resize SanitizeBoundingBoxes SanitizeKeyPoints ScaleJitter TenCrop ToDtype ToImage ToPILImage
ToPureTensor TrivialAugmentWide UniformTemporalSubsample
"""


def test_nothing_of_torchvision_is_missing():
    assert set(TORCHVISION.split()) <= words(PARTS["torchvision"])


def test_nothing_of_albumentations_is_missing():
    albumentations = pytest.importorskip("albumentations")
    if not albumentations.__version__.startswith("2.5."):
        pytest.skip("the page is of another version")
    base = importlib.import_module("albumentations.core.transforms_interface").BasicTransform
    found = {
        name
        for name, each in inspect.getmembers(albumentations, inspect.isclass)
        if issubclass(each, (base, albumentations.BaseCompose)) and "3D" not in name
    }
    others = {
        "BaseCompose",
        "BasicTransform",
        "DualTransform",
        "ImageOnlyTransform",
        "VolumeOnlyTransform",
    }
    others |= {
        "CubicSymmetry",
        "GridElasticDeform",
        "FrequencyMasking",
        "TimeMasking",
        "TimeReverse",
        "UniformTemporalSubsample",
        "RandomRotate90_3D",
    }
    assert len(found) > 120
    assert found - others <= words(PARTS["Albumentations"])
