"""POYO in double with numpy alone, from its published description; writes golden folders of random shapes.

poyo_reference.py FOLDER SEED [KIND]    KIND: padded (default), plain (one sample, no padding, no masks), single (references in float32)
"""
import json
import math
import os
import struct
import sys

import numpy as np

ERF = np.vectorize(math.erf, otypes=[float])
TYPES = {"float32": "F32", "float64": "F64", "int64": "I64", "bool": "BOOL"}


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": TYPES[str(array.dtype)], "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            file.write(np.ascontiguousarray(array).tobytes())


def random_model(rng):
    dim, dh = int(rng.integers(5, 50)), 4 * int(rng.integers(1, 9))
    hyper = dict(
        sequence_length=round(float(rng.uniform(0.4, 1.6)), 2), latent_step=round(float(rng.uniform(0.1, 0.3)), 3),
        num_latents_per_step=int(rng.integers(1, 7)), dim=dim, depth=int(rng.integers(0, 4)), dim_head=dh,
        cross_heads=int(rng.integers(1, 4)), self_heads=int(rng.integers(1, 5)), dim_out=int(rng.integers(1, 5)),
        ffn_dropout=0.2, lin_dropout=0.4, atn_dropout=0.2, emb_init_scale=0.02, t_min=1e-4, t_max=2.0627)
    units, sessions = int(rng.integers(1, 12)), int(rng.integers(1, 4))
    weights = {}

    def put(name, *shape, scale=None, mean=0.0):
        scale = 1 / math.sqrt(shape[-1]) if scale is None else scale
        weights[name] = (mean + scale * rng.standard_normal(shape)).astype(np.float32)

    def norm(name):
        put(name + ".weight", dim, scale=0.2, mean=1.0)
        put(name + ".bias", dim, scale=0.1)

    def feed_forward(name):
        norm(name + ".0")
        put(name + ".1.net.0.weight", 8 * dim, dim)
        put(name + ".1.net.0.bias", 8 * dim, scale=0.1)
        put(name + ".1.net.3.weight", dim, 4 * dim)
        put(name + ".1.net.3.bias", dim, scale=0.1)

    def cross(name):
        inner = dh * hyper["cross_heads"]
        norm(name + ".norm")
        norm(name + ".norm_context")
        put(name + ".to_q.weight", inner, dim, scale=2 / math.sqrt(dim))
        put(name + ".to_kv.weight", 2 * inner, dim)
        put(name + ".to_out.weight", dim, inner)
        put(name + ".to_out.bias", dim, scale=0.1)

    for name, rows in (("unit_emb", units + 1), ("session_emb", sessions + 1), ("token_type_emb", 4), ("latent_emb", hyper["num_latents_per_step"])):
        put(name + ".weight", rows, dim, scale=1.0)
    omega = np.zeros(dh // 2, np.float32)
    omega[:dh // 4] = 2 * np.pi / np.exp(np.linspace(np.log(hyper["t_min"]), np.log(hyper["t_max"]), dh // 4))
    weights["rotary_emb.omega"] = omega
    cross("enc_atn")
    feed_forward("enc_ffn")
    for layer in range(hyper["depth"]):
        inner = dh * hyper["self_heads"]
        norm(f"proc_layers.{layer}.0.norm")
        put(f"proc_layers.{layer}.0.to_qkv.weight", 3 * inner, dim)
        put(f"proc_layers.{layer}.0.to_out.weight", dim, inner)
        put(f"proc_layers.{layer}.0.to_out.bias", dim, scale=0.1)
        feed_forward(f"proc_layers.{layer}.1")
    cross("dec_atn")
    feed_forward("dec_ffn")
    put("readout.weight", hyper["dim_out"], dim)
    put("readout.bias", hyper["dim_out"], scale=0.1)
    return hyper, weights, ["NA"] + [f"unit {i}" for i in range(units)], ["NA"] + [f"day {i}" for i in range(sessions)]


def random_sample(rng, hyper, unit_vocab, session_vocab):
    rows = rng.permutation(np.arange(1, len(unit_vocab)))[:int(rng.integers(1, len(unit_vocab)))]
    spikes = int(rng.integers(0, 150))
    return dict(
        rows=rows, units=rng.integers(0, len(rows), spikes), times=np.sort(rng.uniform(0, hyper["sequence_length"], spikes)),
        session=int(rng.integers(1, len(session_vocab))), queries=rng.uniform(-0.1, 1.3 * hyper["sequence_length"], int(rng.integers(1, 25))).astype(np.float32))


def tokens(sample, hyper):
    rows, types, times = [], [], []
    for row in sample["rows"]:
        rows += [row, row]
        types += [1, 2]
        times += [0.0, hyper["sequence_length"]]
    rows += list(sample["rows"][sample["units"]])
    types += [0] * len(sample["times"])
    times += list(sample["times"])
    return np.array(rows, np.int64), np.array(types, np.int64), np.array(times, np.float64)


def stack(arrays, length):
    result = np.zeros((len(arrays), length), arrays[0].dtype)
    for row, array in zip(result, arrays):
        row[:len(array)] = array
    return result


def batch(samples, hyper, padded):
    made = [tokens(sample, hyper) for sample in samples]
    up = (lambda n: -(-n // 8) * 8) if padded else (lambda n: n)
    length, queries = up(max(len(one[0]) for one in made)), up(max(len(sample["queries"]) for sample in samples))
    centres = np.arange(0, hyper["sequence_length"], hyper["latent_step"]) + hyper["latent_step"] / 2
    per = hyper["num_latents_per_step"]
    inputs = {
        "input_unit_index": stack([one[0] for one in made], length),
        "input_token_type": stack([one[1] for one in made], length),
        "input_timestamps": stack([one[2] for one in made], length),
        "latent_index": np.tile(np.arange(per, dtype=np.int64), (len(samples), len(centres))),
        "latent_timestamps": np.tile(np.repeat(centres, per), (len(samples), 1)),
        "session_index": np.array([sample["session"] for sample in samples], np.int64),
        "output_timestamps": stack([sample["queries"] for sample in samples], queries),
    }
    if padded:
        inputs["input_mask"] = stack([np.ones(len(one[0]), bool) for one in made], length)
        inputs["output_mask"] = stack([np.ones(len(sample["queries"]), bool) for sample in samples], queries)
    for index, sample in enumerate(samples):
        inputs[f"raw.{index}.spike_unit_index"] = sample["units"].astype(np.int64)
        inputs[f"raw.{index}.spike_timestamps"] = sample["times"].astype(np.float64)
    return inputs


def forward(hyper, weights, inputs, query_angles):
    w = {name: array.astype(np.float64) for name, array in weights.items()}
    omega, dh, stages = w["rotary_emb.omega"], hyper["dim_head"], {}

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5) * w[name + ".weight"] + w[name + ".bias"]

    def heads(x):
        return x.reshape(*x.shape[:-1], -1, dh)

    def turn(x, angles):
        pairs = x[..., 0::2] + 1j * x[..., 1::2]
        pairs = pairs * np.exp(1j * angles)[:, :, None, :]
        return np.stack([pairs.real, pairs.imag], -1).reshape(x.shape)

    def attend(q, k, v, q_angles, k_angles, visible, turn_values):
        scores = np.einsum("bqhd,bkhd->bhqk", turn(heads(q), q_angles), turn(heads(k), k_angles)) / math.sqrt(dh)
        if visible is not None:
            scores = np.where(visible[:, None, None, :], scores, -np.inf)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        out = np.einsum("bhqk,bkhd->bqhd", scores, turn(heads(v), k_angles) if turn_values else heads(v))
        return (turn(out, -q_angles) if turn_values else out).reshape(q.shape)

    def cross(q, context, name, q_angles, k_angles, visible, turn_values):
        kv = norm(context, name + ".norm_context") @ w[name + ".to_kv.weight"].T
        k, v = np.split(kv, 2, -1)
        out = attend(norm(q, name + ".norm") @ w[name + ".to_q.weight"].T, k, v, q_angles, k_angles, visible, turn_values)
        return q + out @ w[name + ".to_out.weight"].T + w[name + ".to_out.bias"]

    def feed_forward(x, name):
        a, g = np.split(norm(x, name + ".0") @ w[name + ".1.net.0.weight"].T + w[name + ".1.net.0.bias"], 2, -1)
        return x + (a * 0.5 * g * (1 + ERF(g / math.sqrt(2)))) @ w[name + ".1.net.3.weight"].T + w[name + ".1.net.3.bias"]

    input_angles = inputs["input_timestamps"][:, :, None] * omega
    latent_angles = inputs["latent_timestamps"][:, :, None] * omega
    x = w["unit_emb.weight"][inputs["input_unit_index"]] + w["token_type_emb.weight"][inputs["input_token_type"]]
    z = w["latent_emb.weight"][inputs["latent_index"]]
    q = np.repeat(w["session_emb.weight"][inputs["session_index"]][:, None], inputs["output_timestamps"].shape[1], 1)
    z = stages["latents.after_enc_atn"] = cross(z, x, "enc_atn", latent_angles, input_angles, inputs.get("input_mask"), True)
    z = stages["latents.after_enc_ffn"] = feed_forward(z, "enc_ffn")
    for layer in range(hyper["depth"]):
        name = f"proc_layers.{layer}.0"
        qkv = np.split(norm(z, name + ".norm") @ w[name + ".to_qkv.weight"].T, 3, -1)
        out = attend(*qkv, latent_angles, latent_angles, None, True)
        z = stages[f"latents.after_proc_atn.{layer}"] = z + out @ w[name + ".to_out.weight"].T + w[name + ".to_out.bias"]
        z = stages[f"latents.after_proc.{layer}"] = feed_forward(z, f"proc_layers.{layer}.1")
    q = stages["queries.after_dec_atn"] = cross(q, z, "dec_atn", query_angles, latent_angles, None, False)
    q = stages["queries.after_dec_ffn"] = feed_forward(q, "dec_ffn")
    stages["pred"] = q @ w["readout.weight"].T + w["readout.bias"]
    return stages


def main(folder, seed, kind="padded"):
    rng = np.random.default_rng(seed)
    hyper, weights, unit_vocab, session_vocab = random_model(rng)
    samples = [random_sample(rng, hyper, unit_vocab, session_vocab) for _ in range(1 if kind == "plain" else int(rng.integers(1, 4)))]
    inputs = batch(samples, hyper, kind != "plain")
    omega, times = weights["rotary_emb.omega"], inputs["output_timestamps"]
    if kind == "single":
        # As a float32 model forms them.
        stages = forward(hyper, weights, inputs, (times[:, :, None] * omega).astype(np.float64))
        outputs = {"f32." + name: array.astype(np.float32) for name, array in stages.items()}
    else:
        stages = forward(hyper, weights, inputs, times.astype(np.float64)[:, :, None] * omega.astype(np.float64))
        outputs = {"f64." + name: array for name, array in stages.items()}
    os.makedirs(folder, exist_ok=True)
    config = dict(
        model="POYO", hyper_parameters=hyper, seed=seed, unit_vocab=unit_vocab, session_vocab=session_vocab,
        samples=[dict(units=[unit_vocab[row] for row in sample["rows"]], session=session_vocab[sample["session"]]) for sample in samples])
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file, indent=1)
    for name, tensors in (("weights", weights), ("inputs", inputs), ("outputs", outputs)):
        write_safetensors(os.path.join(folder, name + ".safetensors"), tensors)
    print(json.dumps(hyper), len(samples), {name: float(np.abs(array).max()) for name, array in stages.items()})


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
