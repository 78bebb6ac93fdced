"""Ridge decoding of a session folder. Usage: ridge.py FOLDER COLUMN[,COLUMN...]   prints the test R2 of each column.

Causal: counts per unit in 100 ms bins, features are the last 10 bins, z-scored and centred with training statistics; the penalty is picked on the
validation interval and the score is taken on the test interval, which is never fitted to. Target: mean of the column over the bin.
"""
import json
import os
import sys

import numpy as np

BIN, LAGS, PENALTIES = 0.1, 10, [1.0, 10.0, 100.0, 1000.0, 10000.0, 100000.0]


def interval(data, span, columns):
    times, units, at, rows, n_units = data
    start, bins = span[0], int(np.floor((span[1] - span[0]) / BIN + 1e-9))
    counts = np.zeros((bins, n_units))
    bin_of = np.floor((times - start) / BIN).astype(int)
    inside = (bin_of >= 0) & (bin_of < bins)
    np.add.at(counts, (bin_of[inside], units[inside]), 1)
    target_bin = np.floor((at - start) / BIN).astype(int)
    inside = (target_bin >= 0) & (target_bin < bins)
    target = np.zeros((bins, len(columns)))
    np.add.at(target, target_bin[inside], rows[inside][:, columns])
    target /= np.bincount(target_bin[inside], minlength=bins)[:, None]
    features = np.hstack([counts[LAGS - 1 - lag : bins - lag] for lag in range(LAGS)])
    return features, target[LAGS - 1 :]


def score(truth, answer):
    return 1 - ((truth - answer) ** 2).sum(0) / ((truth - truth.mean(0)) ** 2).sum(0)


def main(folder, names):
    meta = json.load(open(os.path.join(folder, "meta.json"), encoding="utf-8"))
    arrays = [np.load(os.path.join(folder, f"{name}.npy")) for name in ("spikes.times", "spikes.clusters", "behaviour.times", "behaviour.values")]
    data = (*arrays[:3], arrays[3].astype(float), meta["n_units"])
    columns = [[channel["name"] for channel in meta["behaviour_channels"]].index(name) for name in names.split(",")]
    (x, y), (xv, yv), (xt, yt) = (interval(data, meta["splits"][part][0], columns) for part in ("train", "valid", "test"))
    mean, scale = x.mean(0), x.std(0)
    scale[scale == 0] = 1
    x, xv, xt = ((part - mean) / scale for part in (x, xv, xt))
    centre = y.mean(0)
    gram, cross = x.T @ x, x.T @ (y - centre)
    fits = [np.linalg.solve(gram + penalty * np.eye(len(gram)), cross) for penalty in PENALTIES]
    best = max(fits, key=lambda w: score(yv, xv @ w + centre).mean())
    print(" ".join(f"{value:.3f}" for value in score(yt, xt @ best + centre)))


main(sys.argv[1], sys.argv[2])
