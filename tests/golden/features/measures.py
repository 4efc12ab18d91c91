"""The measures of a layer by their definitions, with NumPy's pseudo-inverse in float64; with SciPy's too where there is a SciPy."""

import numpy as np

try:
    from scipy.linalg import pinvh
except ImportError:
    pinvh = None


def pinv(matrix, classes):
    rcond = max(len(matrix), classes) * np.finfo(float).eps
    inverse = np.linalg.pinv(matrix, rcond=rcond, hermitian=True)
    if pinvh is not None:
        assert np.allclose(inverse, pinvh(matrix, rtol=rcond), rtol=1e-6, atol=1e-9 * np.abs(inverse).max())
    return inverse


def measures(x, kinds):
    """Of points x, flattened, with classes 0 .. K - 1, all of which occur."""
    n, counts = len(x), np.bincount(kinds)
    classes, share = len(counts), counts / n
    x = x.reshape(n, -1).astype(np.float32).astype(np.float64)
    means = np.stack([x[kinds == k].mean(0) for k in range(classes)])
    offsets = means - share @ means
    inverse = pinv((offsets.T * share) @ offsets, classes)
    within = [np.cov(x[kinds == k].T, bias=True).reshape(x.shape[1], -1) for k in range(classes)]
    per_class = [np.trace(s @ inverse) for s in within]
    centred = means - means.mean(0)
    norms = np.linalg.norm(centred, axis=1)
    cosines = (centred / norms[:, None]) @ (centred / norms[:, None]).T
    balanced = pinv(centred.T @ centred / classes, classes)
    nearest = np.linalg.norm(x[:, None] - means, axis=2).argmin(1)
    return {
        "fuzziness": float(share @ per_class),
        "perClass": [float(d) for d in per_class],
        "rank": int(np.linalg.matrix_rank(offsets)),
        "nc1": float(np.trace(sum(s * p for s, p in zip(within, share)) @ balanced)),
        "equinorm": float(norms.std(ddof=1) / norms.mean()),
        "angles": float(np.abs(cosines[np.triu_indices(classes, 1)] + 1 / (classes - 1)).mean()),
        "nccAccuracy": float((nearest == kinds).mean()),
    }


def averaged(x):
    """[n, c, h, w] over space, [n, t, d] over t."""
    x = x.astype(np.float64)
    return x.mean((2, 3)) if x.ndim == 4 else x.mean(1) if x.ndim == 3 else x
