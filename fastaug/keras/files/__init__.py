"""Batches of image files: found in folders or named by data frames, decoded in threads and ahead."""
