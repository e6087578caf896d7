"""A whole pipeline: moved, brightened, made noisy and normalized, each image by its own draw."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

import numpy as np

from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .goals import times

_ROTATION, _SHIFT, _SCALE, _SHEAR = 20.0, 0.1, 0.1, 10.0
_BRIGHTNESS, _CONTRAST, _STD = 0.2, 0.2, 10.0
# Not ImageNet's, of which little is left in the mean: that is compared.
_MEAN, _DEVIATION = (0.2, 0.2, 0.2), (0.229, 0.224, 0.225)

# They draw differently: what agrees is how bright the images are in the mean.
_ALIKE = Agreement("random", tolerance=0.6)
PIPELINE = Op(
    "pipeline",
    {
        "": {"made": "float32"},
        "as Keras layers": {"made": "float32", "layers": True},
    },
    dtypes=("uint8",),
    channels=3,
    agreement=_ALIKE,
    goals={
        "uint8": times(6, "albumentations", "torchvision"),
        "as Keras layers uint8": times(50, "keras"),
    },
)
OPS = [PIPELINE]


@PIPELINE.by(OURS)
def _ours(work: Work) -> Call:
    from ... import transforms as ft
    from ...pipeline import Compose

    pipeline = Compose(
        [
            ft.RandomAffine(_ROTATION, _SHIFT, _SCALE, _SHEAR),
            ft.RandomFlip(),
            ft.RandomBrightness(_BRIGHTNESS),
            ft.RandomContrast(_CONTRAST),
            ft.GaussianNoise(_STD),
            ft.Normalize(_MEAN, _DEVIATION),
        ],
        seed=7,
    )
    return lambda: pipeline(work.images, out=work.out)


@PIPELINE.by("albumentations", when=lambda work: "layers" not in work.options)
def _albumentations(work: Work) -> Call:
    album = peers.load("albumentations")
    level = _STD / 255
    transform = album.Compose(
        [
            album.Affine(
                rotate=(-_ROTATION, _ROTATION),
                translate_percent=(-_SHIFT, _SHIFT),
                scale=(1 - _SCALE, 1 + _SCALE),
                shear=(-_SHEAR, _SHEAR),
                p=1,
            ),
            album.HorizontalFlip(p=0.5),
            album.RandomBrightnessContrast(
                (-_BRIGHTNESS, _BRIGHTNESS), (-_CONTRAST, _CONTRAST), p=1
            ),
            album.GaussNoise(std_range=(level, level), p=1),
            album.Normalize(_MEAN, _DEVIATION),
        ],
        seed=7,
    )

    def call() -> Any:
        for image, out in work.pairs:
            out[...] = transform(image=image)["image"]
        return work.out

    return call


@PIPELINE.by("torchvision", when=lambda work: "layers" not in work.options)
def _torchvision(work: Work) -> Call:
    torch, v2 = peers.load("torch"), peers.load("torchvision", "transforms.v2")
    transform = v2.Compose(
        [
            v2.RandomAffine(
                _ROTATION,
                (_SHIFT, _SHIFT),
                (1 - _SCALE, 1 + _SCALE),
                _SHEAR,
                interpolation=v2.InterpolationMode.BILINEAR,
            ),
            v2.RandomHorizontalFlip(),
            v2.ColorJitter(_BRIGHTNESS, _CONTRAST),
            v2.ToDtype(torch.float32, scale=True),
            v2.GaussianNoise(sigma=_STD / 255),
            v2.Normalize(_MEAN, _DEVIATION),
        ]
    )
    # Channels first, in memory as torchvision has it.
    images = [torch.from_numpy(np.moveaxis(image, -1, 0).copy()) for image in work.images]
    results = np.moveaxis(work.out, -1, 1)

    def call() -> Any:
        for image, result in zip(images, results, strict=True):
            result[...] = transform(image).numpy()
        return work.out

    return call


@PIPELINE.by("keras", when=lambda work: "layers" in work.options)
def _keras(work: Work) -> Call:
    keras = peers.load("keras")
    keras.utils.set_random_seed(7)
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.RandomRotation(_ROTATION / 360, fill_mode="constant"),
            layers.RandomZoom(_SCALE, _SCALE, fill_mode="constant"),
            layers.RandomTranslation(_SHIFT, _SHIFT, fill_mode="constant"),
            layers.RandomShear(math.tan(math.radians(_SHEAR)), fill_mode="constant"),
            layers.RandomFlip("horizontal"),
            layers.Rescaling(1 / 255),
            layers.RandomBrightness(_BRIGHTNESS, value_range=(0, 1)),
            layers.RandomContrast(_CONTRAST, value_range=(0, 1)),
            layers.GaussianNoise(_STD / 255),
            layers.Normalization(mean=_MEAN, variance=[std**2 for std in _DEVIATION]),
        ]
    )
    images = keras.ops.convert_to_tensor(work.images)

    def call() -> Any:
        return model(images, training=True)

    if keras.backend.backend() == "tensorflow":  # a graph, as in tf.data and model.fit
        graph: Call = import_module("tensorflow").function(call)
        return graph
    return call
