"""Random transforms: what may happen to an image, with units and probabilities."""

from .blur import GaussianBlur
from .color import (
    ColorJitter,
    RandomBrightness,
    RandomBrightnessContrast,
    RandomContrast,
    RandomGrayscale,
    RandomHue,
    RandomSaturation,
)
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
from .morphology import (
    RandomClosing,
    RandomDilation,
    RandomErosion,
    RandomMorphologicalGradient,
    RandomOpening,
)
from .noise import GaussianNoise, SaltAndPepper, ShotNoise, SpeckleNoise, UniformNoise
from .scales import Normalize, Rescale, ToFloat
from .tones import (
    AutoContrast,
    ChannelShift,
    Equalize,
    Posterize,
    RandomGamma,
    RandomInvert,
    Solarize,
)

__all__ = [
    "AutoContrast",
    "CenterCrop",
    "ChannelShift",
    "ColorJitter",
    "Custom",
    "ElasticTransform",
    "Equalize",
    "GaussianBlur",
    "GaussianNoise",
    "Normalize",
    "OneOf",
    "PadOrCrop",
    "Posterize",
    "RandomAffine",
    "RandomApply",
    "RandomBrightness",
    "RandomBrightnessContrast",
    "RandomClosing",
    "RandomContrast",
    "RandomCrop",
    "RandomDilation",
    "RandomErosion",
    "RandomFlip",
    "RandomGamma",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomMorphologicalGradient",
    "RandomOpening",
    "RandomOrder",
    "RandomPerspective",
    "RandomResizedCrop",
    "RandomRotate90",
    "RandomRotation",
    "RandomSaturation",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "Rescale",
    "Resize",
    "SaltAndPepper",
    "ShiftScaleRotate",
    "ShotNoise",
    "Solarize",
    "SomeOf",
    "SpeckleNoise",
    "ToFloat",
    "UniformNoise",
]
