"""Trains a network on 100 handwritten digits, as they are, and augmented while it trains.

    python examples/on_the_fly.py [FOLDER] [--epochs N] [--seed N]

Says how many of 1,697 other digits each network reads, and draws how they learned to
FOLDER/on-the-fly.png (default on-the-fly/). Needs Keras, scikit-learn and matplotlib:
`pip install 'fastaug[demo]' matplotlib`. KERAS_BACKEND says what Keras runs on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib
from digits import few_digits, network

from fastaug.keras import ImageDataGenerator

matplotlib.use("Agg")
import matplotlib.pyplot as plt

parser = argparse.ArgumentParser(description="Train with and without augmentation.")
parser.add_argument("folder", nargs="?", type=Path, default=Path("on-the-fly"))
parser.add_argument("--epochs", type=int, default=80)
parser.add_argument("--seed", type=int, default=0, help="of digits, network and augmentation")
options = parser.parse_args()

(x, y), unseen = few_digits(100, options.seed)

# What happens to handwriting anyway. No flips: they would make other signs of the digits.
augmentation = ImageDataGenerator(
    rotation_range=12,
    width_shift_range=0.1,
    height_shift_range=0.1,
    zoom_range=0.1,
    fill_mode="constant",
)
none = ImageDataGenerator()

histories = {}
for name, generator in {"without augmentation": none, "with augmentation": augmentation}.items():
    batches = generator.flow(x, y, batch_size=16, seed=options.seed)
    model = network(options.seed, steps=options.epochs * len(batches))
    histories[name] = model.fit(
        batches, epochs=options.epochs, validation_data=unseen, validation_batch_size=256, verbose=0
    )
    history = histories[name].history
    print(
        f"{name}: loss from {history['loss'][0]:.3f} to {history['loss'][-1]:.3f}; of unseen digits "
        f"{history['val_loss'][-1]:.3f}, {history['val_accuracy'][-1]:.1%} read right",
        flush=True,
    )

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
for (name, history), colour in zip(histories.items(), ("#D55E00", "#0072B2"), strict=True):
    epochs = [epoch + 1 for epoch in history.epoch]
    left.plot(epochs, history.history["loss"], ":", color=colour, label=f"{name}: 100 digits")
    left.plot(epochs, history.history["val_loss"], color=colour, label=f"{name}: unseen digits")
    percent = [100 * share for share in history.history["val_accuracy"]]
    right.plot(epochs, percent, color=colour, label=name)
left.set(title="Loss", xlabel="epoch", ylim=(0, 2.5))
right.set(title="Unseen digits read right, %", xlabel="epoch", ylim=(50, 100))
for axes in (left, right):
    axes.legend(frameon=False, fontsize=8)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
options.folder.mkdir(parents=True, exist_ok=True)
figure.savefig(options.folder / "on-the-fly.png", dpi=100)
print(f"drawn to {options.folder / 'on-the-fly.png'}")
