import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest
from parity import LARGEST

keras = pytest.importorskip("keras")


@pytest.fixture(autouse=True)
def _keep_the_global_generator():
    """Keras seeds NumPy's global generator; other tests must not notice."""
    state = np.random.get_state()
    yield
    np.random.set_state(state)


@pytest.fixture(scope="session")
def keras_generator():
    """Keras' own class: the referee."""
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    return ImageDataGenerator


@pytest.fixture(scope="session")
def photographs():
    """Two real photographs as one uint8 batch, (2, 107, 160, 3)."""
    from sklearn.datasets import load_sample_images

    return np.stack([image[::4, ::4] for image in load_sample_images().images])


def pytest_terminal_summary(terminalreporter):
    """Says how far from Keras the pixels were, on its scale of grey levels."""
    if LARGEST.comparisons:
        at = f", {LARGEST.where}" if LARGEST.where else ""
        terminalreporter.write_line(
            f"Largest difference from Keras in {LARGEST.comparisons} arrays of pixels: "
            f"{LARGEST.levels:.3g} of 255 grey levels{at}"
        )
