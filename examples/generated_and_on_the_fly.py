"""Writes ten variants of each of 100 digits to files, and augments these while it trains.

    python examples/generated_and_on_the_fly.py [FOLDER] [--epochs N] [--seed N]

Trains four networks by equally many steps: on the digits as they are, on the files, on the files
with more augmentation on the fly, and on the digits with all of it on the fly. Writes the files to
FOLDER/digits (default generated/), in a folder for each class. Needs Keras, scikit-learn and
Pillow: `pip install 'fastaug[demo]'`. KERAS_BACKEND says what Keras runs on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from digits import few_digits, network

from fastaug.keras import ImageDataGenerator, save_img

parser = argparse.ArgumentParser(description="Train on generated files, augmented once more.")
parser.add_argument("folder", nargs="?", type=Path, default=Path("generated"))
parser.add_argument("--epochs", type=int, default=100, help="passes over 100 digits")
parser.add_argument("--seed", type=int, default=0, help="of digits, networks and augmentation")
options = parser.parse_args()
seed = options.seed

(x, y), (unseen, truth) = few_digits(100, seed)

# Once, into files: other handwriting. Every epoch of this iterator has other parameters.
handwriting = {"shear_range": 10, "zoom_range": 0.1, "fill_mode": "constant"}
batches = ImageDataGenerator(**handwriting, sampling="counter").flow(
    x, y, batch_size=len(x), shuffle=False, seed=seed
)
files = options.folder / "digits"
for variant in range(10):
    batches.set_epoch(variant)
    for i, (image, label) in enumerate(zip(*batches[0], strict=True)):
        (files / str(label)).mkdir(parents=True, exist_ok=True)
        save_img(files / str(label) / f"{i:03}-{variant}.png", image, scale=False)

# On the fly: other places and angles.
place = {"rotation_range": 12, "width_shift_range": 0.1, "height_shift_range": 0.1}
none, moved = ImageDataGenerator(), ImageDataGenerator(**place, fill_mode="constant")
all_at_once = ImageDataGenerator(**handwriting, **place)


def from_files(generator: ImageDataGenerator) -> object:
    return generator.flow_from_directory(
        files,
        target_size=(28, 28),
        color_mode="grayscale",
        class_mode="sparse",
        batch_size=16,
        seed=seed,
    )


trainings = {
    "100 digits": none.flow(x, y, batch_size=16, seed=seed),
    "1,000 files": from_files(none),
    "1,000 files, moved on the fly": from_files(moved),
    "100 digits, all on the fly": all_at_once.flow(x, y, batch_size=16, seed=seed),
}
steps = len(trainings["100 digits"])
for name, data in trainings.items():
    epochs = max(1, round(options.epochs * steps / len(data)))
    model = network(seed, epochs * len(data))
    loss = model.fit(data, epochs=epochs, verbose=0).history["loss"]
    right = (model.predict_on_batch(unseen).argmax(axis=1) == truth).mean()
    print(
        f"{name:>29}: loss from {loss[0]:.3f} to {loss[-1]:.3f}, {right:.1%} read right", flush=True
    )
