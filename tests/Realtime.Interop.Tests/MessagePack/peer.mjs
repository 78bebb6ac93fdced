// The @msgpack/msgpack package's side of the MessagePack cross-checks. Same commands and answers as peer.py.
import { createInterface } from "node:readline";
import { Decoder, Encoder, ExtData } from "@msgpack/msgpack";

const encoder = new Encoder({ useBigInt64: true, maxDepth: 100 });
const decoder = new Decoder({ useBigInt64: true });
const hex = (bytes) => Buffer.from(bytes).toString("hex");

const integers = [0, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, -1, -32, -33, -128, -129, -32768, -32769, -(2 ** 31),
  5n, -5n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, -(2n ** 31n) - 1n, -(2n ** 53n) - 1n, -(2n ** 63n)];
const floats = [0.1, -0.5, Infinity, -Infinity, NaN, 5e-324, 1.7976931348623157e308, -1e300, 2 ** 53, 2 ** 60];
const lengths = [0, 1, 31, 32, 255, 256, 65535, 65536];
const alphabet = ["a", "Z", "0", " ", "_", "µ", "±", "é", "漢", "🧠"];

function text(value) {
  if (value === null) return "n";
  if (value === true) return "t";
  if (value === false) return "f";
  if (typeof value === "bigint") return `i${value}`;
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return `i${Object.is(value, -0) ? 0 : value}`;
    if (Number.isNaN(value)) return "dnan";
    const bits = Buffer.alloc(8);
    bits.writeDoubleBE(value);
    return `d${hex(bits)}`;
  }
  if (typeof value === "string") return `s${hex(Buffer.from(value, "utf8"))}`;
  if (value instanceof Uint8Array) return `b${hex(value)}`;
  if (Array.isArray(value)) return `[${value.map(text).join(",")}]`;
  if (value instanceof ExtData) return "e";
  return `{${Object.entries(value).map(([key, item]) => `${text(key)}:${text(item)}`).join(",")}}`;
}

// mulberry32: a small generator with a seed, which Math.random lacks.
function randomSource(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function make(next, depth) {
  const below = (count) => Math.floor(next() * count);
  const bytes = (count) => Uint8Array.from({ length: count }, () => below(256));
  const pick = (list) => list[below(list.length)];
  switch (below(depth > 0 ? 10 : 7)) {
    case 0: return pick([null, true, false]);
    case 1: return pick(integers);
    case 2: return Buffer.from(bytes(8)).readBigInt64BE() >> BigInt(below(64));
    case 3: return Buffer.from(bytes(4)).readInt32BE() >> below(32);
    case 4: return next() < 0.3 ? pick(floats) : Buffer.from(bytes(8)).readDoubleBE();
    case 5: return Array.from({ length: below(40) }, () => pick(alphabet)).join("");
    case 6: return bytes(below(40));
    case 7: return new ExtData(below(128), bytes(pick([0, 1, 2, 3, 4, 8, 16, 17, 300])));
    case 8: return Array.from({ length: below(20) }, () => make(next, depth - 1));
    default: return Object.fromEntries(Array.from({ length: below(20) }, (_, i) => [`k${i}${pick(alphabet)}`, make(next, depth - 1)]));
  }
}

function generate(seed, count) {
  const next = randomSource(seed);
  const values = [...integers, ...floats, ...lengths.map((n) => "x".repeat(n)), ...lengths.map((n) => new Uint8Array(n)),
    ...lengths.map((n) => new Array(n).fill(null)), integers, floats,
    ...lengths.slice(0, 6).map((n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i])))];
  while (values.length < count) values.push(make(next, 3));
  for (const value of values.slice(0, count)) console.log(text(value), hex(encoder.encode(value)));
}

for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...words] = line.split(" ");
  if (command === "decode") {
    const decoded = decoder.decode(Buffer.from(words[0], "hex"));
    console.log(text(decoded), hex(encoder.encode(decoded)));
  } else if (command === "generate") {
    generate(Number(words[0]), Number(words[1]));
  }
}
