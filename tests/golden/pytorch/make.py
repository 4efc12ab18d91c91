"""Files of features as www/examples/features.py writes them, of three networks of PyTorch, and golden.json: their measures by NumPy.

Run it again when features.py changes: golden.json has the SHA-256 of the one that wrote the files. Made with PyTorch 2.15 on the CPU, NumPy
2.4 and SciPy 1.17 (SciPy only checks NumPy's pseudo-inverses), seed 9; other versions give other weights, and files as good as these.
"""

import hashlib
import json
import pathlib
import runpy
import sys

import numpy as np
import torch
from torch import nn

here = pathlib.Path(__file__).parent
snippet = here / "../../../www/examples/features.py"
sys.path.insert(0, str(here / "../features"))
from measures import averaged, measures  # noqa: E402

save_features = runpy.run_path(str(snippet))["save_features"]
torch.manual_seed(9)
kinds = torch.arange(4).repeat_interleave(torch.tensor([16, 12, 12, 8]))[torch.randperm(48)]


def points(*shape):
    """Noisy points around a centre for each class, which is there in the averages too."""
    centers = torch.randn(4, *shape) + 2 * torch.randn(4, *[1] * (len(shape) - 1), shape[-1])
    return centers[kinds] + 2 * torch.randn(len(kinds), *shape)


class Mlp(nn.Module):
    """One ReLU module, which runs after each of three layers."""

    def __init__(self):
        super().__init__()
        self.linear = nn.ModuleList([nn.Linear(10, 16), nn.Linear(16, 16), nn.Linear(16, 16)])
        self.norm = nn.ModuleList([nn.BatchNorm1d(16) for _ in range(3)])
        self.relu, self.head = nn.ReLU(), nn.Linear(16, 4)

    def forward(self, x):
        return self.head(self.hidden(x)[-1])

    def hidden(self, x):
        outputs = []
        for linear, norm in zip(self.linear, self.norm):
            outputs.append(x := self.relu(norm(linear(x))))
        return outputs


class Block(nn.Module):
    """A residual block, whose last ReLU overwrites the sum."""

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = nn.Conv2d(inputs, width, 1, stride, bias=False) if stride > 1 else nn.Identity()

    def forward(self, x):
        return self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))) + self.shortcut(x))


class ResNet(nn.Module):
    """A stem and two stages of two blocks."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 4, 3, 1, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True))
        self.layer1 = nn.Sequential(Block(4, 4, 1), Block(4, 4, 1))
        self.layer2 = nn.Sequential(Block(4, 8, 2), Block(8, 8, 1))
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        return self.head(self.hidden(x)[-1].mean((2, 3)))

    def hidden(self, x):
        outputs = []
        for part in [self.stem, *self.layer1, *self.layer2]:
            outputs.append((x := part(x)).clone())
        return outputs


class Transformer(nn.Module):
    """An encoder of two layers over six tokens; its attention returns a tuple."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(5, 8)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(8, 2, 16, dropout=0.1, batch_first=True), 2, nn.LayerNorm(8), enable_nested_tensor=False
        )
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        return self.head(self.encoder(self.embed(x)).mean(1))

    def hidden(self, x):
        first, last = self.encoder.layers
        embedded = self.embed(x)
        middle = first(embedded)
        outputs = [embedded, first.self_attn(embedded, embedded, embedded)[0], middle, last(middle)]
        return [*outputs, self.encoder.norm(outputs[-1])]


def made(name, model, x, layers, **how):
    """Trains a network, writes its features as a user would, and returns what they should measure."""
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, kinds), batch_size=20)
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    for _ in range(60):
        for inputs, labels in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(inputs), labels).backward()
            optimizer.step()
    save_features(model.eval(), loader, layers(model), here / f"{name}.npz", **how)
    assert not any(module._forward_hooks for module in model.modules()), "no hook is left"

    arrays = dict(np.load(here / f"{name}.npz"))
    assert (arrays.pop("labels") == kinds.numpy()).all()
    with torch.no_grad():
        expected = [x, *model.hidden(x)]
    tolerance = 2e-3 if how else 1e-5
    for (array, found), layer in zip(arrays.items(), expected, strict=True):
        assert np.allclose(found, layer.numpy(), tolerance, tolerance), f"{name}: {array} is not what the network computes"
    accuracy = (model(x).argmax(1) == kinds).float().mean().item()
    print(f"{name}: training accuracy {accuracy:.2f}", *(f"{array} {found.shape} {found.dtype}" for array, found in arrays.items()), sep="\n  ")
    layers = [
        {"array": array, "flatten": measures(layer, kinds.numpy()), "average": measures(averaged(layer), kinds.numpy())}
        for array, layer in arrays.items()
    ]
    return {"counts": kinds.bincount().tolist(), "layers": layers}


golden = {
    "source": f"torch {torch.__version__.split('+')[0]}, numpy {np.__version__}, float64 of the files' numbers",
    "snippet": hashlib.sha256(snippet.read_bytes()).hexdigest(),
    "networks": {
        "mlp": made("mlp", Mlp(), points(10), lambda m: [m.relu]),
        "resnet": made("resnet", ResNet(), points(1, 6, 6), lambda m: [m.stem, *m.layer1, *m.layer2], dtype=torch.float16),
        "transformer": made(
            "transformer",
            Transformer(),
            points(6, 5),
            lambda m: [m.encoder.norm, *m.encoder.layers, m.encoder.layers[0].self_attn, m.embed],
        ),
    },
}
(here / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
