"""What layers of a PyTorch model make of labelled points: features.npz.

relus = [m for m in model.modules() if isinstance(m, torch.nn.ReLU)]
save_features(model.eval(), loader, relus)
save_features(model.eval(), loader, [*model.layer1, *model.layer2])

A few thousand points are enough; dtype=torch.float16 halves the file.
"""
import itertools

import numpy as np
import torch


@torch.no_grad()
def save_features(model, loader, layers, path="features.npz", dtype=torch.float32):
    names, arrays = {m: name for name, m in model.named_modules()}, {"labels": []}

    def keep(name, x):
        x = x if torch.is_tensor(x) else x[0]  # attention returns a tuple
        x = x.to("cpu", dtype, copy=True)  # the next layer may overwrite it
        arrays.setdefault(f"{next(place):02} {name}", []).append(x.numpy())

    hooks = [m.register_forward_hook(lambda m, _, x: keep(names[m], x)) for m in layers]
    try:
        for x, y in loader:
            place = itertools.count()  # a module may run several times
            keep("input", x)
            model(x.to(next(model.parameters()).device))
            arrays["labels"].append(y.numpy())
    finally:
        for hook in hooks:
            hook.remove()
    np.savez(path, **{name: np.concatenate(arrays.pop(name)) for name in [*arrays]})
