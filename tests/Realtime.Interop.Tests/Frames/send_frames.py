"""Sends two sound frames, some that are not, and one more, when told to; prints how many were broken."""
import sys

import msgpack
import numpy as np
import zmq

socket = zmq.Context.instance().socket(zmq.PUB)
socket.bind(f"tcp://127.0.0.1:{sys.argv[1]}")
sys.stdin.readline()


def send(number, pixels, sample=None, **changes):
    header = {"v": 1, "seq": number, "sample": sample, "height": 2, "width": 3, "dtype": "f4"}
    header.update(changes)
    socket.send_multipart([b"frame", msgpack.packb(header), pixels.tobytes()])


floats = np.linspace(0.5, 3, 6, dtype="<f4")
send(0, np.arange(6, dtype=np.uint8), sample=1000, dtype="u1", extra={"a": [1, 2]})
send(1, floats)
broken = [
    lambda: send(2, floats, v=2),
    lambda: send(2, floats, height=3, width=2),
    lambda: send(2, floats, dtype="f8"),
    lambda: send(2, floats[:5]),
    lambda: send(2, np.array([0, 1, 2, np.nan, 4, 5], dtype="<f4")),
    lambda: send(2, floats, sample=-5),
    lambda: send("two", floats),
    lambda: socket.send_multipart([b"frame", msgpack.packb({"v": 1}), floats.tobytes()]),
    lambda: socket.send_multipart([b"frame", b"\xc1", floats.tobytes()]),
    lambda: socket.send_multipart([b"frame"]),
]
for one in broken:
    one()
send(9, floats, sample=5000)
print(len(broken), flush=True)
sys.stdin.readline()
