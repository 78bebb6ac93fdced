#!/usr/bin/env python3
"""Sends video frames to rtdecode, for a Neuroformer that reads the stimulus (docs/frames.md).

  frames.py --port 5570 --height 30 --width 100 --rate 20        random frames, to try a rig

In a stimulus program: make a FrameSender once and call send(pixels) when a frame is on the screen.
Needs pyzmq, msgpack and numpy.
"""
import argparse
import time

import msgpack
import numpy as np
import zmq


class FrameSender:
    """A PUB socket; frames sent before rtdecode has connected are lost, as with every PUB socket."""

    def __init__(self, port=5570, bind="127.0.0.1"):
        self.socket = zmq.Context.instance().socket(zmq.PUB)
        self.socket.bind(f"tcp://{bind}:{port}")
        self.number = 0

    def send(self, pixels, sample=None):
        """pixels: [height, width], uint8 or float32. sample: the acquisition system's sample number at which the frame
        was shown, or None: then the time of arrival counts."""
        pixels = np.ascontiguousarray(pixels)
        dtype = {"uint8": "u1", "float32": "f4"}[str(pixels.dtype)]
        header = {"v": 1, "seq": self.number, "sample": None if sample is None else int(sample),
                  "height": pixels.shape[0], "width": pixels.shape[1], "dtype": dtype}
        self.socket.send_multipart([b"frame", msgpack.packb(header), pixels.tobytes()])
        self.number += 1


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--port", type=int, default=5570)
    args.add_argument("--height", type=int, default=30)
    args.add_argument("--width", type=int, default=100)
    args.add_argument("--rate", type=float, default=20.0)
    args.add_argument("--count", type=int, default=0, help="frames to send; 0: until stopped")
    given = args.parse_args()
    sender = FrameSender(given.port)
    random = np.random.default_rng(1)
    due = time.perf_counter() + 0.5
    while given.count == 0 or sender.number < given.count:
        time.sleep(max(0.0, due - time.perf_counter()))
        sender.send(random.random((given.height, given.width), dtype=np.float32))
        due += 1 / given.rate


if __name__ == "__main__":
    main()
