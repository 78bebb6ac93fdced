"""Independent arithmetic in plain numpy for the tests beside this file. Usage: models_peer.py COMMAND ARGUMENT...

safetensors: 8 bytes little-endian header length, JSON header, data (the format section of github.com/huggingface/safetensors).
ridge, kalman, bayes: the definitions of docs/baselines.md, from spike times and behaviour to predictions.
"""
import hashlib
import json
import struct
import sys

import numpy as np

TYPES = {"BOOL": "?", "U8": "u1", "I8": "i1", "I16": "<i2", "U16": "<u2", "F16": "<f2", "I32": "<i4", "U32": "<u4", "F32": "<f4", "I64": "<i8", "U64": "<u8", "F64": "<f8"}
NAMES = {np.dtype(code): name for name, code in TYPES.items()}


def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    return {name: np.frombuffer(data[slice(*t["data_offsets"])], TYPES[t["dtype"]]).reshape(t["shape"]) for name, t in header.items()}, metadata


def write(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def digest(*paths):
    for path in paths:
        tensors, metadata = read(path)
        rows = {name: [NAMES[a.dtype], list(a.shape), hashlib.sha256(a.tobytes()).hexdigest()] for name, a in tensors.items()}
        print(json.dumps({"metadata": metadata, "tensors": rows}))


def write_every_type(path):
    tensors = {f"of/{name}": np.arange(6).reshape(2, 3).astype(code) for name, code in TYPES.items()}
    tensors["scalar"] = np.array(2.5, "<f4")
    tensors["nothing"] = np.zeros((0, 4), "<f8")
    write(path, tensors, {"who": "numpy \u00fc", "format": "pt"})


def bins(session, which, bin_samples):
    """Counts [T, N], targets [T, D] of each interval, bins laid from its start."""
    for start, end in session[which + "_samples"]:
        total = (end - start) // bin_samples
        edges = start + np.arange(total + 1) * bin_samples
        counts = np.stack([np.histogram(session["spikes"][session["units"] == u], edges)[0] for u in range(int(session["count"]))], 1).astype(float)
        # histogram closes its last bin on both sides
        last = session["units"][session["spikes"] == edges[-1]]
        np.subtract.at(counts[-1], last, 1)
        which_bin = (session["behaviour_samples"] - start) // bin_samples
        targets = np.full((total, session["behaviour"].shape[1]), np.nan)
        for t in range(total):
            rows = session["behaviour"][which_bin == t].astype(float)
            if len(rows):
                targets[t] = rows.mean(0)
        yield counts, targets


def ridge(source, target):
    session, meta = read(source)
    size, lags, penalty = int(meta["bin_samples"]), int(meta["lags"]), float(meta["penalty"])

    def rows(which):
        x, y = [], []
        for counts, targets in bins(session, which, size):
            x += [np.concatenate([counts[t - lag] for lag in range(lags)]) for t in range(lags - 1, len(counts))]
            y += list(targets[lags - 1:])
        return np.array(x), np.array(y)

    x, y = rows("train")
    mean, deviation, centre = x.mean(0), x.std(0), y.mean(0)
    deviation[deviation == 0] = 1
    z = (x - mean) / deviation
    w = np.linalg.solve(z.T @ z + penalty * np.eye(z.shape[1]), z.T @ (y - centre))
    x, y = rows("test")
    prediction = (x - mean) / deviation @ w + centre
    r2 = 1 - ((y - prediction) ** 2).sum(0) / ((y - y.mean(0)) ** 2).sum(0)
    write(target, {"weight": w.T.copy(), "prediction": prediction, "r2": r2}, {})


def kalman(source, target):
    """The filter as Wu et al. 2006 print it: gain from the N x N innovation covariance."""
    session, meta = read(source)
    size, lag = int(meta["bin_samples"]), int(meta["lags"]) - 1

    def rows(which):
        counts, targets = next(iter(bins(session, which, size)))
        return counts[:len(counts) - lag].T, targets[lag:].T

    z, x = rows("train")
    fires = z.std(1) > 0
    z = z[fires]
    zm, xm = z.mean(1, keepdims=True), x.mean(1, keepdims=True)
    z, x = z - zm, x - xm
    a = x[:, 1:] @ x[:, :-1].T @ np.linalg.inv(x[:, :-1] @ x[:, :-1].T)
    e = x[:, 1:] - a @ x[:, :-1]
    w = e @ e.T / (e.shape[1] - 1)
    h = z @ x.T @ np.linalg.inv(x @ x.T)
    e = z - h @ x
    q = e @ e.T / z.shape[1]
    p = x @ x.T / x.shape[1]
    state = np.zeros((len(xm), 1))
    z = rows("test")[0][fires]
    predictions = []
    for t in range(z.shape[1]):
        state, p = a @ state, a @ p @ a.T + w
        gain = p @ h.T @ np.linalg.inv(h @ p @ h.T + q)
        state = state + gain @ (z[:, t:t + 1] - zm - h @ state)
        p = (np.eye(len(p)) - gain @ h) @ p
        predictions.append((state + xm)[:, 0])
    write(target, {"prediction": np.array(predictions)}, {})


def bayes(source, target):
    """Poisson likelihood over a line of cells, flat prior, posterior mean."""
    session, meta = read(source)
    size, cells, sigma, floor = int(meta["bin_samples"]), int(meta["cells"]), float(meta["sigma"]), float(meta["floor"])
    seconds = size / float(meta["rate"])
    counts, targets = next(iter(bins(session, "train", size)))
    low, high = targets[:, 0].min(), targets[:, 0].max()
    cell = np.clip(((targets[:, 0] - low) / (high - low) * cells).astype(int), 0, cells - 1)
    time = np.bincount(cell, minlength=cells) * seconds
    spikes = np.stack([np.bincount(cell, counts[:, u], cells) for u in range(counts.shape[1])])
    distance = np.arange(cells)[:, None] - np.arange(cells)[None]
    kernel = np.exp(-0.5 * (distance / sigma) ** 2)
    kernel /= kernel.sum(1, keepdims=True)
    visited = time > 0
    rate = np.maximum((spikes @ kernel.T) / (kernel @ time), floor)[:, visited]
    centre = (low + (np.arange(cells) + 0.5) * (high - low) / cells)[visited]
    counts, _ = next(iter(bins(session, "test", size)))
    posterior = counts @ np.log(rate) - rate.sum(0) * seconds
    posterior = np.exp(posterior - posterior.max(1, keepdims=True))
    write(target, {"prediction": (posterior @ centre / posterior.sum(1))[:, None]}, {})


{"digest": digest, "write": write_every_type, "ridge": ridge, "kalman": kalman, "bayes": bayes}[sys.argv[1]](*sys.argv[2:])
