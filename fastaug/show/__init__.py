"""Pictures for people: contact sheets of images with their masks, boxes and keypoints. Needs Pillow."""

from .contact import ContactSheet, Panel, contact_sheet
from .marks import Marks

__all__ = ["ContactSheet", "Marks", "Panel", "contact_sheet"]
