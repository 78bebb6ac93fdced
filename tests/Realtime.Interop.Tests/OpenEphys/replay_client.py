"""Reads a ZMQ Interface data port as any client of the plugin would, checks each message by itself, and writes what it saw.

Usage: replay_client.py DATA_PORT HEARTBEAT_PORT OUTPUT_FILE QUIET_MS
Prints "subscribed", then the heartbeat's reply, then the totals; ends when nothing has come for QUIET_MS after the first message.
Each line of the output file is one message: JSON with the header's fields and the payload's numbers.
"""
import json
import struct
import sys

import numpy as np
import zmq


def check_header(text, header):
    assert b"\0" not in text and text.isascii(), "header must be ASCII without NUL"
    assert text.startswith(b"{\r\n  \"message_num\": ") and text.endswith(b"\r\n}"), "multi-line, CR LF"
    assert b"\n" not in text.replace(b"\r\n", b""), "every line ends with CR LF"
    keys = list(header)
    if header["type"] == "spike":
        assert keys == ["message_num", "type", "spike", "timestamp"], keys
        assert list(header["spike"]) == ["stream", "source_node", "electrode", "sample_num", "num_channels",
                                         "num_samples", "sorted_id", "threshold"]
    else:
        assert keys == ["message_num", "type", "content", "data_size", "timestamp"], keys
        assert list(header["content"]) == ["stream", "channel_num", "channel_name", "num_samples", "sample_num",
                                           "sample_rate"]


def main():
    data_port, heartbeat_port, path, quiet_ms = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    context = zmq.Context()
    data = context.socket(zmq.SUB)
    data.setsockopt(zmq.RCVHWM, 0)
    data.connect("tcp://127.0.0.1:%d" % data_port)
    data.setsockopt(zmq.SUBSCRIBE, b"")
    print("subscribed")
    request = context.socket(zmq.REQ)
    request.setsockopt(zmq.LINGER, 0)
    request.setsockopt(zmq.RCVTIMEO, 20000)
    request.connect("tcp://127.0.0.1:%d" % heartbeat_port)
    for body in ('{"application": "client", "uuid": "1", "type": "heartbeat"}',
                 '{"application": "client", "uuid": "1", "type": "event", "event": {"type": 3}}', "nonsense"):
        request.send_string(body)
        print(request.recv().decode("utf-8"))

    last, restarts, messages = 0, 0, 0
    with open(path, "w", encoding="utf-8") as out:
        data.setsockopt(zmq.RCVTIMEO, 30000)
        while True:
            try:
                parts = data.recv_multipart()
            except zmq.Again:
                break
            data.setsockopt(zmq.RCVTIMEO, quiet_ms)
            messages += 1
            assert len(parts) == 3, len(parts)
            header = json.loads(parts[1].decode("utf-8"))
            check_header(parts[1], header)
            number = header["message_num"]
            if number == 1:
                restarts += 1
            else:
                assert number == last + 1, "message_num %d after %d" % (number, last)
            last = number
            if header["type"] == "spike":
                body = header["spike"]
                assert parts[0] == b"EVENT\0", parts[0]
                wave = np.frombuffer(parts[2], dtype="<f4").reshape(body["num_channels"], body["num_samples"])
                assert len(body["threshold"]) == body["num_channels"]
                values = [float(wave.min())]
            else:
                body = header["content"]
                assert parts[0] == b"DATA\0", parts[0]
                assert header["data_size"] == len(parts[2]) == 4 * body["num_samples"], len(parts[2])
                values = [struct.unpack("<f", parts[2][:4])[0]]
                if values[0] != values[0]:
                    values = [None]
            out.write(json.dumps({"type": header["type"], "body": body, "values": values}) + "\n")
    print("messages %d, runs %d" % (messages, restarts))


main()
