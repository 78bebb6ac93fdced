"""Writes a session folder as docs/session-layout.md says, or prints what one holds. Usage: session_peer.py write|print FOLDER"""
import json
import os
import sys

import numpy as np


def write(folder):
    times = np.sort(np.random.default_rng(3).uniform(0, 20, 500))
    np.save(os.path.join(folder, "spikes.times.npy"), times)
    np.save(os.path.join(folder, "spikes.clusters.npy"), (np.arange(500) % 4).astype(np.int32))
    at = np.arange(0, 20, 0.01) + 0.005
    np.save(os.path.join(folder, "behaviour.times.npy"), at)
    np.save(os.path.join(folder, "behaviour.values.npy"), np.column_stack([np.cos(at), np.sin(at)]).astype(np.float32))
    np.save(os.path.join(folder, "frames.times.npy"), np.arange(0, 20, 0.05))
    np.save(os.path.join(folder, "frames.values.npy"), (np.arange(400 * 2 * 3) % 251).astype(np.uint8).reshape(400, 2, 3))
    meta = {
        "n_units": 4,
        "duration_s": 20.0,
        "behaviour_channels": [{"name": "x", "unit": "cm"}, {"name": "y", "unit": "cm"}],
        "splits": {"train": [[0, 12]], "valid": [[12, 16]], "test": [[16, 20]]},
    }
    with open(os.path.join(folder, "meta.json"), "w") as file:
        json.dump(meta, file)
    print(np.round(times * 30000).astype(np.int64).sum())


def show(folder):
    def load(name):
        return np.load(os.path.join(folder, name), allow_pickle=False)

    meta = json.load(open(os.path.join(folder, "meta.json"), encoding="utf-8"))
    times, clusters = load("spikes.times.npy"), load("spikes.clusters.npy")
    at, rows = load("behaviour.times.npy"), load("behaviour.values.npy")
    assert times.dtype == np.float64 and clusters.dtype == np.int32 and at.dtype == np.float64 and rows.dtype == np.float32
    assert rows.shape == (len(at), len(meta["behaviour_channels"])) and len(times) == len(clusters)
    extra = []
    if os.path.exists(os.path.join(folder, "frames.times.npy")):
        shown, frames = load("frames.times.npy"), load("frames.values.npy")
        extra = [frames.shape, frames.dtype, frames.max(), shown[-1]]
    print(meta["name"], meta["n_units"], len(times), clusters.max(), len(at), np.round(times * meta["sample_rate_hz"]).astype(np.int64).sum(), *extra)


{"write": write, "print": show}[sys.argv[1]](sys.argv[2])
