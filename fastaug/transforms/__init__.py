"""Random transforms: what may happen to an image, with units and probabilities."""

from .blur import GaussianBlur
from .color import Normalize, RandomBrightness, RandomContrast
from .composition import OneOf, RandomApply, RandomOrder, SomeOf
from .crops import CenterCrop, PadOrCrop, RandomCrop, RandomResizedCrop, Resize
from .custom import Custom
from .geometry import (
    ElasticTransform,
    RandomAffine,
    RandomFlip,
    RandomPerspective,
    RandomRotate90,
    RandomRotation,
    RandomShear,
    RandomTranslation,
    RandomZoom,
    ShiftScaleRotate,
)
from .noise import GaussianNoise

__all__ = [
    "CenterCrop",
    "Custom",
    "ElasticTransform",
    "GaussianBlur",
    "GaussianNoise",
    "Normalize",
    "OneOf",
    "PadOrCrop",
    "RandomAffine",
    "RandomApply",
    "RandomBrightness",
    "RandomContrast",
    "RandomCrop",
    "RandomFlip",
    "RandomOrder",
    "RandomPerspective",
    "RandomResizedCrop",
    "RandomRotate90",
    "RandomRotation",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "Resize",
    "ShiftScaleRotate",
    "SomeOf",
]
