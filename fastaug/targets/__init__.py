"""What moves along with images: boxes and keypoints."""

from .boxes import warp_boxes
from .keypoints import warp_keypoints

__all__ = ["warp_boxes", "warp_keypoints"]
