"""Makes the files of features that the tests read, and golden.json: their measures by NumPy in float64. Needs numpy, torch, safetensors."""

import json
import pathlib

import numpy as np
import torch
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


def measures(x):
    x = x.reshape(n, -1).astype(np.float32).astype(np.float64)
    means = np.stack([x[kinds == k].mean(0) for k in range(4)])
    share = np.array(counts) / n
    offsets = means - share @ means
    between = (offsets.T * share) @ offsets
    inverse = np.linalg.pinv(between, rcond=max(x.shape[1], 4) * np.finfo(float).eps, hermitian=True)
    within = [np.cov(x[kinds == k].T, bias=True).reshape(x.shape[1], -1) for k in range(4)]
    per_class = [np.trace(s @ inverse) for s in within]
    centred = means - means.mean(0)
    norms = np.linalg.norm(centred, axis=1)
    cosines = (centred / norms[:, None]) @ (centred / norms[:, None]).T
    balanced = np.linalg.pinv(centred.T @ centred / 4, rcond=max(x.shape[1], 4) * np.finfo(float).eps, hermitian=True)
    nearest = np.linalg.norm(x[:, None] - means, axis=2).argmin(1)
    return {
        "fuzziness": float(share @ per_class),
        "perClass": [float(d) for d in per_class],
        "rank": int(np.linalg.matrix_rank(offsets)),
        "nc1": float(np.trace(sum(s * p for s, p in zip(within, share)) @ balanced)),
        "equinorm": float(norms.std(ddof=1) / norms.mean()),
        "angles": float(np.abs(cosines[np.triu_indices(4, 1)] + 1 / 3).mean()),
        "nccAccuracy": float((nearest == kinds).mean()),
    }


def averaged(x):
    x = x.astype(np.float64)
    return x.mean((2, 3)) if x.ndim == 4 else x.mean(1) if x.ndim == 3 else x


def all_of(of):
    return {name: measures(of(x)) for name, x in layers.items()}


golden = {"source": f"numpy {np.__version__}, float64 of the numbers as float32", "flatten": all_of(lambda x: x), "average": all_of(averaged)}
golden["bfloat16"] = measures(tensors["h1"].float().numpy())
(here / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
