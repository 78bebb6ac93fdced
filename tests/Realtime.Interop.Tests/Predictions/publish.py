"""A pyzmq publisher of given payloads.

Prints the port. Then reads lines: "send HEX" publishes one payload under the topic "prediction" (and answers "sent"),
"other HEX" one under another topic with the same beginning. Waits for one subscriber before the first line is answered.
"""

import sys

import zmq

socket = zmq.Context.instance().socket(zmq.XPUB)
print(socket.bind_to_random_port("tcp://127.0.0.1"))
subscription = socket.recv() if socket.poll(30_000) else b"none"
print("subscribed", subscription[1:].decode())
for line in sys.stdin:
    command, payload = line.split()
    topic = b"prediction" if command == "send" else b"predictions_of_another"
    socket.send_multipart([topic, bytes.fromhex(payload)])
    print("sent")
