"""Subscribes to predictions and prints one line per message: tick, status, number of values, model hash."""
import sys

import msgpack
import zmq

endpoint, wanted = sys.argv[1], int(sys.argv[2])
socket = zmq.Context().socket(zmq.SUB)
socket.setsockopt(zmq.SUBSCRIBE, b"prediction")
socket.setsockopt(zmq.RCVTIMEO, 60_000)
socket.connect(endpoint)
print("subscribed", flush=True)
for _ in range(wanted):
    topic, payload = socket.recv_multipart()
    message = msgpack.unpackb(payload)
    print(message["tick"], message["status"], len(message["values"]), message["model_hash"], topic.decode(), flush=True)
