"""Safetensors files with NumPy alone: 8 bytes of header length, JSON, then the raw little-endian bytes."""

import json
import struct

import numpy as np

TYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "BOOL": "|b1"}


def read(path):
    """Tensor name -> array."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    arrays = {}
    for name, info in header.items():
        begin, end = info["data_offsets"]
        raw = data[8 + length + begin : 8 + length + end]
        arrays[name] = np.frombuffer(raw, TYPES[info["dtype"]]).reshape(info["shape"]).copy()
    return arrays


def write(path, arrays):
    """Writes the arrays, wide types first so that each starts at a multiple of its own size."""
    names = {kind: name for name, kind in TYPES.items()}
    ordered = sorted(arrays.items(), key=lambda item: (-item[1].dtype.itemsize, item[0]))
    header, raw, at = {}, [], 0
    for name, array in ordered:
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        bytes_ = little.tobytes()
        header[name] = {"dtype": names[little.dtype.str], "shape": list(array.shape), "data_offsets": [at, at + len(bytes_)]}
        raw.append(bytes_)
        at += len(bytes_)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(raw))
