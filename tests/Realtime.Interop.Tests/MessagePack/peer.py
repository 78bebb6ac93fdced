"""The msgpack package's side of the MessagePack cross-checks.

Reads lines from standard input and answers each:
  decode HEX           -> "TEXT HEX": the value as canonical text, and the package's own encoding of it
  generate SEED COUNT  -> COUNT lines "TEXT HEX" of random values
The canonical text is described in MsgPackText.cs.
"""

import random
import struct
import sys

import msgpack

INTEGERS = [0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1,
            -1, -32, -33, -128, -129, -32768, -32769, -2**31, -2**31 - 1, -2**53, -2**63]
FLOATS = [0.0, -0.0, 1.0, 0.1, float("inf"), float("-inf"), float("nan"), 5e-324, 1.7976931348623157e308, 2.0**53, -1e300]
LENGTHS = [0, 1, 31, 32, 255, 256, 65535, 65536]
ALPHABET = "aZ0 _µ±é漢🧠"


def text(value):
    if value is None:
        return "n"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        return "dnan" if value != value else "d" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return "s" + value.encode().hex()
    if isinstance(value, bytes):
        return "b" + value.hex()
    if isinstance(value, list):
        return "[" + ",".join(text(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(text(key) + ":" + text(item) for key, item in value.items()) + "}"
    if isinstance(value, msgpack.ExtType):
        return "e"
    raise TypeError(type(value))


def make(source, depth):
    kind = source.randrange(11 if depth > 0 else 8)
    if kind == 0:
        return source.choice([None, True, False])
    if kind == 1:
        return source.choice(INTEGERS)
    if kind == 2:
        return source.getrandbits(source.randrange(1, 65))
    if kind == 3:
        return -source.getrandbits(source.randrange(1, 64)) - 1
    if kind == 4:
        return source.choice(FLOATS)
    if kind == 5:
        return struct.unpack(">d", source.randbytes(8))[0]
    if kind == 6:
        return "".join(source.choice(ALPHABET) for _ in range(source.randrange(40)))
    if kind == 7:
        return source.randbytes(source.randrange(40))
    if kind == 8:
        return msgpack.ExtType(source.randrange(128), source.randbytes(source.choice([0, 1, 2, 3, 4, 8, 16, 17, 300])))
    if kind == 9:
        return [make(source, depth - 1) for _ in range(source.randrange(20))]
    return {f"k{i}{source.choice(ALPHABET)}": make(source, depth - 1) for i in range(source.randrange(20))}


def generate(seed, count):
    source = random.Random(seed)
    values = INTEGERS + FLOATS + ["x" * n for n in LENGTHS] + [b"\0" * n for n in LENGTHS] + [[None] * n for n in LENGTHS]
    values += [{f"k{i}": i for i in range(n)} for n in LENGTHS[:6]] + [list(INTEGERS), list(FLOATS)]
    values += [make(source, 3) for _ in range(max(0, count - len(values)))]
    for value in values[:count]:
        print(text(value), msgpack.packb(value, use_bin_type=True).hex())


for line in sys.stdin:
    command, *arguments = line.split()
    if command == "decode":
        decoded = msgpack.unpackb(bytes.fromhex(arguments[0]), raw=False, strict_map_key=False)
        print(text(decoded), msgpack.packb(decoded, use_bin_type=True).hex())
    elif command == "generate":
        generate(int(arguments[0]), int(arguments[1]))
