"""Images to arrays and back: Keras' own functions, where `ImageDataGenerator` had them.

Examples:
    >>> import numpy as np
    >>> from fastaug.keras.images import array_to_img, img_to_array
    >>> image = np.arange(12.0).reshape(2, 2, 3)
    >>> img_to_array(array_to_img(image, scale=False)).shape
    (2, 2, 3)
"""

from keras.utils import array_to_img, img_to_array, load_img, save_img

__all__ = ["array_to_img", "img_to_array", "load_img", "save_img"]
