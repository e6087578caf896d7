"""Makes a data set from a single photograph: files to look at, or to train on later.

    python examples/one_photograph.py [FOLDER] [--count N]

Writes N pictures and a contact sheet to FOLDER (default one-photograph/). Any run writes the same.
Needs scikit-learn, for the photograph, Keras and Pillow; `pip install 'fastaug[demo]'` brings them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image
from sklearn.datasets import load_sample_image

from fastaug.keras import ImageDataGenerator, save_img

parser = argparse.ArgumentParser(description="Make a data set from a single photograph.")
parser.add_argument("folder", nargs="?", type=Path, default=Path("one-photograph"))
parser.add_argument("--count", type=int, default=20, help="pictures to make")
options = parser.parse_args()

photograph = load_sample_image("china.jpg")
augmentation = ImageDataGenerator(
    rotation_range=12,
    width_shift_range=0.1,
    height_shift_range=0.1,
    shear_range=8,
    zoom_range=0.15,
    brightness_range=(0.7, 1.3),
    horizontal_flip=True,
    fill_mode="reflect",
    compat="fixed",  # the photograph is not square: turn it about its centre
)

pictures = options.folder / "pictures"
pictures.mkdir(parents=True, exist_ok=True)
batches = augmentation.flow(photograph[None], batch_size=1, seed=2)
made = [next(batches)[0] for _ in range(options.count)]
for i, picture in enumerate(made):
    # `save_to_dir` would do, but it stretches each picture from black to white, as in Keras.
    save_img(pictures / f"china-{i:03}.jpg", picture, scale=False)

# The contact sheet: the photograph itself comes first.
width, height, gap, columns = 160, 107, 6, 7
rows = -(-(1 + len(made)) // columns)
size = (columns * (width + gap) + gap, rows * (height + gap) + gap)
sheet = Image.new("RGB", size, "white")
for i, picture in enumerate([photograph, *made]):
    small = Image.fromarray(picture.astype("uint8")).resize((width, height))
    row, column = divmod(i, columns)
    sheet.paste(small, (gap + column * (width + gap), gap + row * (height + gap)))
sheet.save(options.folder / "sheet.png")

print(f"{len(made)} pictures in {pictures}, all on {options.folder / 'sheet.png'}")
