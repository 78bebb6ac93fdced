#!/usr/bin/env python3
"""Receives the decoder's predictions and acts only on those that are safe to act on.

    python3 predictions.py tcp://127.0.0.1:5599 --model-hash 9f86d081...

Needs: pip install pyzmq msgpack. The message is described in docs/prediction-message.md.
Put your own code into act() and go_safe().
"""

import argparse
import math
import sys
import time

import msgpack
import zmq

# The clock that the decoder's emitted_ns is read from, for a decoder on this same machine.
now_ns = time.perf_counter_ns if sys.platform == "win32" else time.monotonic_ns


def act(message):
    """Uses a prediction that passed every check."""
    values = " ".join(f"{name}={value:.3f}{unit}" for name, value, unit in zip(message["names"], message["values"], message["units"]))
    print(f"act tick={message['tick']} {values}", flush=True)


def go_safe(reason):
    """Brings whatever this program drives to its safe state. Called again and again while the reason lasts."""
    print(f"safe {reason}", flush=True)


def why_not(message, model_hash, max_age_ms, same_machine):
    """None when the message may be acted on, otherwise the reason against it."""
    if message["status"] != "fresh":
        return f"status {message['status']}"
    if message["model_hash"] != model_hash:
        return f"model {message['model']} has hash {message['model_hash']}, expected {model_hash}"
    age_ns = message["age_ns"]
    if same_machine:  # what transport and queueing have added since
        age_ns += now_ns() - message["emitted_ns"]
    if not age_ns <= max_age_ms * 1_000_000:
        return f"data are {age_ns / 1e6:.1f} ms old, allowed are {max_age_ms:g}"
    if not message["values"] or not all(math.isfinite(value) for value in message["values"]):
        return "a value is missing or not finite"
    return None


def newest(socket):
    """The payload of the newest prediction that waits (a queue that built up is old news); None when there is none."""
    payload = None
    while socket.poll(0):
        frames = socket.recv_multipart()
        if len(frames) == 2 and frames[0] == b"prediction":  # a subscription also lets longer topics through
            payload = frames[1]
    return payload


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("endpoint", help="where the decoder publishes, such as tcp://127.0.0.1:5599")
    options.add_argument("--model-hash", required=True, help="hash of the model you validated (the decoder prints it at the start)")
    options.add_argument("--max-age-ms", type=float, default=100, help="oldest neural data to act on (default %(default)s)")
    options.add_argument("--silence-ms", type=int, default=250,
                         help="go to the safe state after this long without a message (default %(default)s)")
    options.add_argument("--other-machine", action="store_true", help="the decoder runs elsewhere: its monotonic clock is not ours")
    settings = options.parse_args()

    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.subscribe(b"prediction")
    socket.connect(settings.endpoint)

    run, last_tick, heard = None, None, time.monotonic()
    go_safe("start")
    while True:
        left_ms = settings.silence_ms - 1000 * (time.monotonic() - heard)
        if left_ms <= 0 or not socket.poll(int(left_ms) + 1):
            go_safe(f"silence for {settings.silence_ms} ms")
            heard = time.monotonic()
            continue
        payload = newest(socket)
        if payload is None:
            continue
        heard = time.monotonic()
        try:
            message = msgpack.unpackb(payload)
            if message["v"] != 1:
                raise ValueError(f"schema version {message['v']}, this program reads 1")
            if message["run"] != run:
                run, last_tick = message["run"], None  # the decoder was started anew: forget what came before
            if last_tick is not None and message["tick"] != last_tick + 1:
                print(f"missed {message['tick'] - last_tick - 1} messages", flush=True)
            last_tick = message["tick"]
            reason = why_not(message, settings.model_hash, settings.max_age_ms, not settings.other_machine)
        except Exception as error:  # whatever a payload holds, this program goes on
            reason = f"unreadable message: {error}"
        if reason is None:
            act(message)
        else:
            go_safe(reason)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        go_safe("stop")
