"""MtM's scores in plain numpy for the test beside this file. Usage: mtm_peer.py IN; prints one JSON object.

IN: log_rates, counts [trials, bins, neurons] (NaN where not scored), conditions [trials].
bits per spike, R2 of single trials and of condition means, neuron by neuron, by the definitions of docs/training.md.
"""
import json
import struct
import sys

import numpy as np


def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    types = {"F32": "<f4", "F64": "<f8", "I64": "<i8"}
    return {name: np.frombuffer(data[slice(*t["data_offsets"])], types[t["dtype"]]).reshape(t["shape"]) for name, t in header.items()}


tensors = read(sys.argv[1])
z, y, conditions = tensors["log_rates"].astype(float), tensors["counts"].astype(float), tensors["conditions"]
trials, bins, neurons = z.shape
bps, single, psth = (np.full(neurons, np.nan) for _ in range(3))


def r2(target, predicted):
    total = ((target - target.mean()) ** 2).sum()
    return 1 - ((target - predicted) ** 2).sum() / total if total > 0 else np.nan


log_factorial = np.cumsum(np.log(np.maximum(np.arange(200), 1)))


def nll(rate, count):
    rate = np.where(rate == 0, 1e-9, rate)
    return (rate - count * np.log(rate) + log_factorial[count.astype(int)]).sum()


for n in range(neurons):
    scored = ~np.isnan(z[:, :, n])
    if not scored.any():
        continue
    rate, count = np.exp(z[:, :, n][scored]), y[:, :, n][scored]
    if count.sum() > 0:
        bps[n] = (nll(np.full(count.shape, count.mean()), count) - nll(rate, count)) / np.log(2) / count.sum()
    single[n] = r2(count, rate)
    # The same bins in every trial.
    columns = scored[0]
    means = lambda a: np.array([a[conditions == c][:, columns].mean(0) for c in np.unique(conditions)]).ravel()
    psth[n] = r2(means(y[:, :, n]), means(np.exp(z[:, :, n])))
clean = lambda values: [None if np.isnan(value) else value for value in values]
print(json.dumps({"bps": clean(bps), "single": clean(single), "psth": clean(psth)}))
