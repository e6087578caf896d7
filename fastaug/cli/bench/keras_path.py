"""The Keras input path: the generator, ours in its place, and the same as Keras layers."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work

_ROTATION, _SHIFT, _ZOOM, _SHEAR = 20, 0.1, 0.1, 10
GEOMETRY: dict[str, Any] = {
    "rotation_range": _ROTATION,
    "width_shift_range": _SHIFT,
    "height_shift_range": _SHIFT,
    "shear_range": _SHEAR,
    "zoom_range": _ZOOM,
    "horizontal_flip": True,
}
_EVERY_ARGUMENT: dict[str, Any] = GEOMETRY | {
    "vertical_flip": True,
    "channel_shift_range": 20.0,
    "brightness_range": (0.7, 1.3),
    "rescale": 1 / 255,
    "samplewise_center": True,
    "samplewise_std_normalization": True,
    "featurewise_center": True,
    "featurewise_std_normalization": True,
}
_SIDES: dict[str, dict[str, Any]] = {"photo": {}, "thumbnail": {"side": 64}, "icon": {"side": 28}}
_GREY_LEVELS = {"white": 255.0}  # floats as people have them who read 8-bit files

# The generators give the same pixels from the same seed, to a hundredth of a grey level; the layers
# draw otherwise.
PIXELS = Agreement(tolerance=0.01)
_LAYERS = Agreement("random", tolerance=0.15)
KERAS = Op(
    "keras",
    {name: size | _GREY_LEVELS for name, size in _SIDES.items()}
    | {
        f"{name} every argument": size | _GREY_LEVELS | {"every": True}
        for name, size in _SIDES.items()
    },
    dtypes=("float32", "uint8"),
    agreement=PIXELS,
    copied=False,
)
OPS = [KERAS]


def generators(who: str) -> Any:
    """The module that has the `ImageDataGenerator` of one of the two."""
    keras = peers.load("keras")  # first, so that it is quiet and on few threads
    # Keras 3 exports its own nowhere public.
    original = f"{keras.__name__}.src.legacy.preprocessing.image"
    return import_module("fastaug.keras" if who == OURS else original)


def _flow(who: str, work: Work) -> Call:
    every = work.options.get("every", False)
    generator = generators(who).ImageDataGenerator(**(_EVERY_ARGUMENT if every else GEOMETRY))
    if every:
        generator.fit(work.images)
    batches = generator.flow(work.images, batch_size=work.shape[0], shuffle=False, seed=7)
    # The caller drops each batch before the next, as training does: its memory is used again.
    return lambda: next(batches)


@KERAS.by(OURS, needs="keras")
def _generator_ours(work: Work) -> Call:
    return _flow(OURS, work)


@KERAS.by("keras", name="keras generator", when=lambda work: peers.installed("scipy"))
def _generator_keras(work: Work) -> Call:
    return _flow("keras", work)


@KERAS.by(
    "keras",
    name="keras layers",
    dtypes=("float32",),
    when=lambda work: "every" not in work.options,
    agreement=_LAYERS,
)
def _layers_keras(work: Work) -> Call:
    keras = peers.load("keras")
    keras.utils.set_random_seed(7)
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.RandomRotation(_ROTATION / 360, fill_mode="nearest"),
            layers.RandomZoom(_ZOOM, _ZOOM, fill_mode="nearest"),
            layers.RandomTranslation(_SHIFT, _SHIFT, fill_mode="nearest"),
            layers.RandomShear(math.tan(math.radians(_SHEAR)), fill_mode="nearest"),
            layers.RandomFlip("horizontal"),
        ]
    )
    images = keras.ops.convert_to_tensor(work.images)

    def call() -> Any:
        return model(images, training=True)

    if keras.backend.backend() == "tensorflow":  # a graph, as in tf.data and model.fit
        graph: Call = import_module("tensorflow").function(call)
        return graph
    return call
