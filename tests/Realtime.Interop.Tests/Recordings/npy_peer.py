"""Writes arrays with numpy for our reader, and checks ours with numpy. Usage: npy_peer.py write|check FOLDER"""
import os
import sys

import numpy as np

TYPES = ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]


def values(dtype):
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return np.array([0, -1.5, 0.1, np.finfo(kind).max, np.finfo(kind).tiny, np.nan], dtype=kind).reshape(2, 3)
    info = np.iinfo(kind)
    return np.array([0, 1, info.min, info.max, info.max - 1, 7], dtype=kind).reshape(2, 3)


def write(folder):
    for name in TYPES:
        for order in "<>":
            array = values(order + name)
            tag = name + ("le" if order == "<" else "be")
            for version in (1, 2, 3):
                with open(os.path.join(folder, f"{tag}.v{version}.npy"), "wb") as file:
                    np.lib.format.write_array(file, array, version=(version, 0))
            np.save(os.path.join(folder, f"{tag}.fortran.npy"), np.asfortranarray(array))
    np.save(os.path.join(folder, "objects.npy"), np.array([1, "a", None], dtype=object))
    np.save(os.path.join(folder, "empty.npy"), np.zeros((0, 4)))
    print("done")


def check(folder):
    for name in TYPES:
        array = np.load(os.path.join(folder, f"{name}.npy"), allow_pickle=False)
        expected = values(name)
        assert array.dtype == np.dtype("<" + name), (name, array.dtype)
        assert array.shape == (2, 3) and array.flags.c_contiguous, name
        assert array.tobytes() == expected.astype("<" + name).tobytes(), (name, array)
    print("same")


{"write": write, "check": check}[sys.argv[1]](sys.argv[2])
