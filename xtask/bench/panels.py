"""Seconds that native PyTorch needs for the nine panels of Fig. 1, one after the other on one thread; nothing is measured on the way."""
import time

import torch
from torch import nn

RATES = {"sgd": [0.3, 0.03, 0.01], "momentum": [0.3, 0.01, 0.001], "adam": [3e-3, 1e-3, 3e-4]}
POINTS, PIXELS, CLASSES, WIDTH, BATCH, EPOCHS = 1000, 100, 10, 100, 128, 600

torch.set_num_threads(1)
torch.manual_seed(666)
# The time does not depend on what the images show.
labels = torch.arange(POINTS) % CLASSES
images = torch.randn(CLASSES, PIXELS)[labels] + torch.rand(POINTS, PIXELS) * 2 - 1
start = time.perf_counter()
for name, rates in RATES.items():
    for layers, rate in zip([4, 8, 20], rates):
        modules = []
        for layer in range(layers - 1):
            modules += [nn.Linear(WIDTH if layer else PIXELS, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU()]
        model = nn.Sequential(*modules, nn.Linear(WIDTH, CLASSES))
        if name == "adam":
            optimizer = torch.optim.Adam(model.parameters(), lr=rate, weight_decay=5e-4)
        else:
            optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9 * (name == "momentum"), weight_decay=5e-4)
        schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [200, 400])
        for _ in range(EPOCHS):
            order = torch.randperm(POINTS)
            for at in range(0, POINTS, BATCH):
                rows = order[at : at + BATCH]
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(images[rows]), labels[rows]).backward()
                optimizer.step()
            schedule.step()
print(time.perf_counter() - start)
