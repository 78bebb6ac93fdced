"""A libzmq socket driven line by line: the peer that the ZeroMQ tests talk to.

usage: zmq_peer.py TYPE bind|connect PORT [option=value ...]     (PORT 0 binds any free port)
The first line printed is "port N". Then each line of standard input is a command:
  send HEX [HEX ...]     one message ("-" is an empty frame)
  burst N SIZE           N messages "topic" + SIZE bytes whose first 8 are the sequence number
  recv [N]               prints "got HEX [HEX ...]" for each of N messages; frames over 64 bytes as LENGTH:SHA1
  count N                receives N messages and prints "counted N first LAST" from the sequence numbers
  sub HEX / unsub HEX    subscribes ("-" is the empty prefix)
  subs N                 (XPUB) receives N subscriptions and prints them
  echo N                 (REP) answers N requests with the same frames
  quiet MS               sleeps, then prints "awake"
  restart                closes the socket and makes it anew on the same port
  quit
"""
import hashlib
import sys
import time

import zmq

TIMEOUT_MS = 20000


def show(frame):
    if len(frame) > 64:
        return "%d:%s" % (len(frame), hashlib.sha1(frame).hexdigest())
    return frame.hex() or "-"


def read(text):
    return b"" if text == "-" else bytes.fromhex(text)


class Peer:
    def __init__(self, kind, way, port, options):
        self.context = zmq.Context()
        self.kind, self.way, self.port, self.options = kind, way, port, options
        self.prefixes = []
        self.open()

    def open(self):
        self.socket = self.context.socket(getattr(zmq, self.kind))
        self.socket.setsockopt(zmq.LINGER, 1000)
        self.socket.setsockopt(zmq.RCVTIMEO, TIMEOUT_MS)
        self.socket.setsockopt(zmq.SNDTIMEO, TIMEOUT_MS)
        for name, value in self.options:
            self.socket.setsockopt(getattr(zmq, name), value)
        for prefix in self.prefixes:
            self.socket.setsockopt(zmq.SUBSCRIBE, prefix)
        if self.way == "connect":
            self.socket.connect("tcp://127.0.0.1:%d" % self.port)
        elif self.port == 0:
            self.port = self.socket.bind_to_random_port("tcp://127.0.0.1")
        else:
            for _ in range(200):
                try:
                    self.socket.bind("tcp://127.0.0.1:%d" % self.port)
                    break
                except zmq.ZMQError:
                    time.sleep(0.05)

    def do(self, words):
        verb, rest = words[0], words[1:]
        if verb == "send":
            self.socket.send_multipart([read(w) for w in rest])
        elif verb == "burst":
            count, size = int(rest[0]), int(rest[1])
            body = bytes(max(0, size - 8))
            for i in range(count):
                self.socket.send_multipart([b"topic", i.to_bytes(8, "little") + body])
        elif verb == "recv":
            for _ in range(int(rest[0]) if rest else 1):
                print("got", *[show(f) for f in self.socket.recv_multipart()])
        elif verb == "count":
            first = last = None
            for _ in range(int(rest[0])):
                last = int.from_bytes(self.socket.recv_multipart()[-1][:8], "little")
                first = last if first is None else first
            print("counted", rest[0], first, last)
        elif verb == "sub":
            self.prefixes.append(read(rest[0]))
            self.socket.setsockopt(zmq.SUBSCRIBE, read(rest[0]))
        elif verb == "unsub":
            self.prefixes.remove(read(rest[0]))
            self.socket.setsockopt(zmq.UNSUBSCRIBE, read(rest[0]))
        elif verb == "subs":
            for _ in range(int(rest[0])):
                print("sub", show(self.socket.recv()))
        elif verb == "echo":
            for _ in range(int(rest[0])):
                self.socket.send_multipart(self.socket.recv_multipart())
        elif verb == "quiet":
            time.sleep(int(rest[0]) / 1000)
            print("awake")
        elif verb == "restart":
            self.socket.close(0)
            self.open()
            print("restarted")
        elif verb == "quit":
            self.socket.close()
            self.context.term()
            sys.exit(0)
        else:
            raise ValueError("no such command: " + verb)


def main():
    options = [(o.split("=")[0], int(o.split("=")[1])) for o in sys.argv[4:]]
    peer = Peer(sys.argv[1], sys.argv[2], int(sys.argv[3]), options)
    print("port", peer.port)
    for line in sys.stdin:
        if line.strip():
            peer.do(line.split())


main()
