"""A pytest plugin: what another project's tests import as Keras' image module is something else.

Loaded with `-p stand_in` into the process that runs those tests. `FASTAUG_STAND_IN` says what stands
in: `keras` is the installed Keras 3, `fastaug` is `fastaug.keras`, `keras2` is `fastaug.keras` with
generators that behave as Keras-Preprocessing 1.1.2; `itself` swaps nothing.
"""

from __future__ import annotations

import importlib
import os
import sys
import types
from typing import Any

UTILITIES = ("array_to_img", "img_to_array", "load_img", "save_img")

# Keras-Preprocessing had a module for each of these; here every one of them has all the names.
PREPROCESSING = (
    "affine_transformations",
    "dataframe_iterator",
    "directory_iterator",
    "image_data_generator",
    "iterator",
    "numpy_array_iterator",
    "utils",
)


class StandIn(types.ModuleType):
    """A module with the names of others, the first that has one deciding."""

    def __init__(self, name: str, *sources: Any) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self._sources = sources

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        for source in self._sources:
            if hasattr(source, name):
                return getattr(source, name)
        raise AttributeError(f"{[s.__name__ for s in self._sources]} have no {name}")


def sources(stand_in: str) -> tuple[Any, ...]:
    """The modules that hold what stands in."""
    if stand_in == "keras":
        image = importlib.import_module("keras.src.legacy.preprocessing.image")
        # Keras 2 had it and its tests call it. We have it, so let the rest of those tests count.
        image.Iterator.next = image.Iterator.__next__
        return image, importlib.import_module("keras.src.utils.image_utils")
    ours = importlib.import_module("fastaug.keras")
    if stand_in == "keras2":
        as_keras_2 = types.ModuleType("fastaug.keras, as Keras 2")

        class ImageDataGenerator(ours.ImageDataGenerator):  # type: ignore[misc, name-defined]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **{"compat": "keras2", **kwargs})

        as_keras_2.ImageDataGenerator = ImageDataGenerator  # type: ignore[attr-defined]
        return as_keras_2, ours
    return (ours,)


def stand_in_for_keras_preprocessing(*found: Any) -> None:
    package = StandIn("keras_preprocessing")
    image = StandIn("keras_preprocessing.image", *found)
    package.image = image
    sys.modules.update({"keras_preprocessing": package, "keras_preprocessing.image": image})
    for name in PREPROCESSING:
        full = f"keras_preprocessing.image.{name}"
        sys.modules[full] = StandIn(full, *found)
        setattr(image, name, sys.modules[full])


def stand_in_for_keras(*found: Any) -> None:
    """For tests from inside Keras, 2.x and 3, which import more than the image module."""
    import keras

    public = importlib.import_module("keras.preprocessing.image")
    image = StandIn("keras.preprocessing.image", *found)
    sys.modules["keras.preprocessing.image"] = keras.preprocessing.image = image
    # `smart_resize` resizes tensors; it is Keras' own in any case.
    utilities = StandIn("keras.utils.image_utils", *found, public)
    sys.modules["keras.utils.image_utils"] = keras.utils.image_utils = utilities
    for name in UTILITIES:
        for module in ("keras.src.utils", "keras.utils"):
            if hasattr(image, name):
                setattr(sys.modules[module], name, getattr(image, name))
            else:
                delattr(sys.modules[module], name)  # a test must not find Keras' instead

    sys.modules["keras.engine"] = engine = types.ModuleType("keras.engine")
    engine.sequential = types.SimpleNamespace(Sequential=keras.Sequential)  # type: ignore[attr-defined]
    sys.modules["keras.testing_infra"] = infra = types.ModuleType("keras.testing_infra")
    try:
        import tensorflow as tf
        from absl.testing import parameterized
    except ImportError:
        return  # tests that need them say so

    class TestCase(tf.test.TestCase, parameterized.TestCase):  # type: ignore[misc]
        pass

    infra.test_combinations = types.SimpleNamespace(  # type: ignore[attr-defined]
        TestCase=TestCase, run_all_keras_modes=lambda test: test
    )
    infra.test_utils = types.SimpleNamespace(run_v2_only=lambda test: test)  # type: ignore[attr-defined]


def let_old_tests_run() -> None:
    """What is in the way of old tests that has nothing to do with what they test."""
    from PIL import Image

    save = Image.Image.save

    def save_32_bit_grey_as_png(self: Any, path: Any, *args: Any, **kwargs: Any) -> None:
        # Pillow no longer does; these pictures hold 16 bits.
        as_png = self.mode == "I" and str(path).endswith(".png")
        save(self.convert("I;16") if as_png else self, path, *args, **kwargs)

    Image.Image.save = save_32_bit_grey_as_png  # type: ignore[method-assign]
    try:
        from absl import flags
    except ImportError:
        return
    if not flags.FLAGS.is_parsed():  # TensorFlow's test cases look for their folder there
        flags.FLAGS(["tests"])


let_old_tests_run()
chosen = os.environ["FASTAUG_STAND_IN"]
if chosen != "itself":
    modules = sources(chosen)
    stand_in_for_keras_preprocessing(*modules)
    stand_in_for_keras(*modules)
