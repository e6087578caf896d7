"""Learns to read noisy handwritten digits; augmentation is erosion and salt-and-pepper noise.

    python examples/noisy_digits.py [--epochs N]

Needs Keras and scikit-learn, for the digits: `pip install 'fastaug[demo]'`.
"""

import argparse

import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits

import fastaug
from fastaug.keras import ImageDataGenerator

parser = argparse.ArgumentParser(description="Train on noisy digits.")
parser.add_argument("--epochs", type=int, default=20)
epochs = parser.parse_args().epochs
keras.utils.set_random_seed(0)

# Handwritten digits, 8 by 8; made as MNIST's are, 20 pixels in the middle of 28.
digits = load_digits()
images = fastaug.warp_affine(
    (digits.images[..., None] * (255 / 16)).astype("float32"),
    [[0.4, 0, -1.9], [0, 0.4, -1.9]],
    output_size=(28, 28),
)
order = np.random.default_rng(0).permutation(len(images))
x, y = images[order], digits.target[order]
(x, unseen), (y, truth) = np.split(x, [1000]), np.split(y, [1000])
noisy = fastaug.salt_and_pepper(fastaug.erode(unseen, 2), 0.2, seed=1, value_range=(0, 255))

augmented = ImageDataGenerator(
    rotation_range=10,
    zoom_range=0.1,
    fill_mode="constant",
    erosion_range=2,  # squares of 2 pixels, for half of the images
    salt_and_pepper_range=0.3,  # up to this share of the pixels, for half of the images
)
for name, generator in {"as they are": ImageDataGenerator(), "augmented": augmented}.items():
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    loss = model.fit(generator.flow(x, y, seed=0), epochs=epochs, verbose=0).history["loss"]
    clean, worn = (model.evaluate(z, truth, verbose=0)[1] for z in (unseen, noisy))
    print(f"trained on digits {name}: loss from {loss[0]:.3f} to {loss[-1]:.3f};", end=" ")
    print(f"reads {clean:.1%} of unseen digits, {worn:.1%} once worn and noisy")
