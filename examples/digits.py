"""What the training examples share: a few handwritten digits, and a small network to read them."""

from __future__ import annotations

import keras
import numpy as np
from sklearn.datasets import load_digits

import fastaug


def few_digits(
    count: int, seed: int
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Some digits of scikit-learn to learn from, and all others: two pairs (images, labels).

    They are made as large as those of MNIST: 20 pixels in the middle of 28, black to white being
    0 to 255.
    """
    digits = load_digits()
    small = (digits.images[..., None] * (255 / 16)).astype("float32")  # 8 by 8
    step, start = 8 / 20, (8 / 20 - 1) / 2 - 4 * 8 / 20
    images = fastaug.warp_affine(
        small,
        [[step, 0, start], [0, step, start]],
        output_size=(28, 28),
        fill_mode="grid-constant",
    )
    order = np.random.default_rng(seed).permutation(len(images))
    learn, unseen = order[:count], order[count:]
    return (images[learn], digits.target[learn]), (images[unseen], digits.target[unseen])


def network(seed: int, steps: int) -> keras.Model:
    """A small network for images of 28 by 28, to be trained by this many batches.

    From one seed it is always the same. It learns ever slower, to come to rest at the end.
    """
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(3e-3, steps)
    model.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model
