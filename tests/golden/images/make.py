"""Makes the files of this folder: images as NumPy writes them, and what Pillow makes of them.

    python make.py        # NumPy and Pillow; golden.json was made with NumPy 2.4.6 and Pillow 13.0.0
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
rng = np.random.default_rng(666)


def blobs(*shape):
    """Smooth images with noise: [n, rows, columns] or [n, rows, columns, channels], uint8."""
    n, rows, columns, *channels = shape
    y, x = np.mgrid[0:rows, 0:columns] / max(rows, columns)
    waves = rng.uniform(2, 9, (n, 1, 1, *channels))
    at = (x + y * rng.uniform(-1, 1, (n, 1, 1)))[(...,) + (None,) * len(channels)]
    noise = rng.normal(0, 12, shape)
    return np.clip(127 + 120 * np.sin(waves * at + rng.uniform(0, 6, (n, 1, 1, *channels))) + noise, 0, 255).astype(np.uint8)


def small(image, side=10):
    """Grey, the middle square, 10 x 10: [side x side]."""
    image = Image.fromarray(image).convert("L")
    square = min(image.size)
    left, top = (image.width - square) // 2, (image.height - square) // 2
    image = image.crop((left, top, left + square, top + square))
    return np.asarray(image.resize((side, side), Image.BILINEAR) if square != side else image).ravel().tolist()


colour, wide, tiny = blobs(8, 16, 16, 3), blobs(8, 12, 19), blobs(8, 7, 7)
labels = np.array([[2], [0], [2], [0], [2], [0], [2], [0]], np.uint8)
np.savez_compressed(HERE / "colour.npz", x_train=colour, y_train=labels, x_test=colour[::-1], y_test=labels[::-1].astype(np.int64))
np.savez(HERE / "planar.npz", images=np.asfortranarray(colour.transpose(0, 3, 1, 2)), labels=labels.ravel())
np.savez(HERE / "float.npz", x=(colour / 255).astype(np.float32), y=labels.ravel().astype(np.int32))
np.savez(HERE / "wide.npz", arr_0=wide, arr_1=labels.ravel())
np.savez(HERE / "tiny.npz", arr_0=tiny, arr_1=labels.ravel())
golden = {
    "labels": labels.ravel().tolist(),
    "grey": [small(image, 16) for image in colour],
    "colour": [small(image) for image in colour],
    "wide": [small(image) for image in wide],
    "tiny": [small(image) for image in tiny],
}
(HERE / "golden.json").write_text(json.dumps(golden) + "\n")
