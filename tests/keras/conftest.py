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


@pytest.fixture(scope="session")
def picture_files(tmp_path_factory):
    """Real photographs in every format and kind of pixel, in two class folders; do not write there."""
    from PIL import Image
    from sklearn.datasets import load_sample_images

    root = tmp_path_factory.mktemp("pictures")
    china, flower = (Image.fromarray(image) for image in load_sample_images().images)
    deep = np.asarray(china.convert("L").resize((90, 60))).astype("uint16") * 250
    pictures = {
        "b/plain.jpg": china.resize((125, 83)),
        "b/grey.JPEG": flower.convert("L").resize((64, 48)),
        "b/cmyk.jpg": flower.convert("CMYK").resize((70, 60)),
        "b/upright.bmp": flower.crop((100, 0, 300, 420)).resize((40, 84)),
        "b/wide/scan.tif": china.resize((120, 33)),
        "b/wide/deep32.tif": Image.fromarray(deep.astype("int32") * 3),
        "a/clear.png": flower.convert("RGBA").resize((50, 70)).rotate(20),
        "a/deep16.png": Image.fromarray(deep),
        "a/palette.png": flower.convert("P").resize((66, 44)),
        "a/two.png": china.convert("1").resize((52, 52)),
        "a/fits.png": china.resize((48, 36)),
        "a/shades.png": china.convert("LA").resize((31, 47)),
        "a/old.ppm": flower.resize((77, 51)),
    }
    for name, picture in pictures.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path)
    (root / "a" / "notes.txt").write_text("no image")
    (root / "readme.jpg").write_text("in no class")
    return root
