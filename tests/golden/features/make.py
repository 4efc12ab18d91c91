"""Makes the files of features that the tests read, and golden.json: their measures by NumPy in float64. Needs numpy, torch, safetensors."""

import json
import pathlib

import numpy as np
import torch
from measures import averaged, measures
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
rng = np.random.default_rng(9)
counts = [24, 18, 12, 6]
values = np.array([-3, 0, 7, 1000])
kinds = rng.permutation(np.repeat(np.arange(4), counts))
labels = values[kinds].astype(np.int64)
n = len(labels)


def layer(*shape, spread, dtype, order="C"):
    x = rng.normal(size=(4, *shape))[kinds] + spread * rng.normal(size=(n, *shape)) + 3
    return np.array(x, dtype=dtype, order=order)


layers = {
    "input": layer(12, spread=3, dtype="<f4"),
    "h1": layer(8, spread=2, dtype="<f2"),
    "conv": layer(3, 4, 5, spread=2, dtype="<f4"),
    "h2": layer(6, spread=1, dtype="<f8", order="F"),
    "tokens": layer(7, 5, spread=1, dtype=">f4", order="F"),
    "codes": np.rint(20 * layer(9, spread=1, dtype="<f8")).astype(">i2"),
    "h3": layer(5, spread=0.3, dtype="<f4"),
}
others = {"epoch": np.array(600), "names": np.array(["a", "b"]), "means": np.zeros((4, 5), "<f4")}
np.savez(here / "plain.npz", labels=labels, **layers, **others)
np.savez_compressed(here / "deflated.npz", labels=labels, **layers, **others)
np.save(here / "labels.npy", labels)
for name in ["input", "h2"]:
    np.save(here / f"{name}.npy", layers[name])
tensors = {name: torch.from_numpy(np.ascontiguousarray(x.astype(x.dtype.newbyteorder("=")))) for name, x in layers.items()}
tensors["h1"] = tensors["h1"].to(torch.bfloat16)
save_file({"labels": torch.from_numpy(labels), **tensors}, here / "features.safetensors")


def all_of(of):
    return {name: measures(of(x), kinds) for name, x in layers.items()}


golden = {"source": f"numpy {np.__version__}, float64 of the numbers as float32", "flatten": all_of(lambda x: x), "average": all_of(averaged)}
golden["bfloat16"] = measures(tensors["h1"].float().numpy(), kinds)
(here / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
