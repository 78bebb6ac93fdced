#!/usr/bin/env python3
"""Windows per second that eager PyTorch trains on a CPU: upstream's own POYO and POSSM, forward, backward, clipping and one AdamW step.

usage: training_torch.py --config poyo_1.3M|possm_small --torch-brain FOLDER [--batch 32] [--spikes 1500] [--units 96] [--queries 20]
                         [--threads 1] [--seconds 20] [--dropout]

--torch-brain  clone of neuro-galaxy/torch_brain: its main branch at 0512ee0 for POYO, its branch possm at a440fe2 for POSSM.
               Its classes are imported; nothing of it is contained here.
--queries      moments asked about in each window of 1 s
--dropout      upstream's dropout rates (ffn 0.2, lin 0.4, atn 0.2 for POYO and 0 for POSSM); none without it

Batches are ready tensors of random spikes, all of one size, so that nothing is padded and no tokenising is timed. The last line of stdout is JSON.
"""
import argparse
import dataclasses
import importlib.util
import json
import math
import sys
import time
import types

import numpy as np
import torch
import torch.nn.functional as F

SECONDS, OUTPUTS, LATENT_STEP, CHUNKS = 1.0, 2, 0.125, 20


def attention(q, k, v, attn_mask=None, dropout_p=0.0):
    """What torch 2 has and torch 1.13 lacks."""
    scores = (q @ k.transpose(-2, -1)) / math.sqrt(q.shape[-1])
    if attn_mask is not None:
        scores = scores.masked_fill(~attn_mask, float("-inf"))
    return F.dropout(torch.softmax(scores, -1), dropout_p) @ v


EINOPS = {  # the patterns that upstream's rotary code uses
    "... n -> ... (n r)": lambda x, r: x.repeat_interleave(r, -1),
    "... (d r) -> ... d r": lambda x, r: x.reshape(*x.shape[:-1], -1, r),
    "... d r -> ... (d r)": lambda x: x.flatten(-2),
    "b n (h d) -> b h n d": lambda x, h: x.reshape(*x.shape[:-1], h, -1).transpose(1, 2),
    "b h n d -> b n (h d)": lambda x: x.transpose(1, 2).flatten(-2),
    "b n -> b () () n": lambda x: x[:, None, None],
    "t -> (t u)": lambda x, u: np.repeat(x, u),
    "u -> (t u)": lambda x, t: np.tile(x, t),
    "b n l -> b () n l": lambda x: x[:, None],
}


def rearrange(x, pattern, **sizes):
    return EINOPS[pattern](x, **sizes)


class Anything(types.ModuleType):
    """A module whose every name is a class that can be subscripted: for type hints and file readers that the networks do not use."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__class_getitem__": classmethod(lambda cls, item: cls)})


def prepare(clone):
    if not hasattr(F, "scaled_dot_product_attention"):
        F.scaled_dot_product_attention = attention
    plain = torch.no_grad

    class no_grad(plain):  # torch 1.13 does not take it as a bare decorator
        def __new__(cls, function=None):
            return plain()(function) if callable(function) else super().__new__(cls)

        def __init__(self, function=None):
            super().__init__()

    torch.no_grad = no_grad
    cuda_only = torch.autocast

    class autocast(cuda_only):  # a CUDA autocast does nothing on a CPU
        def __call__(self, function):
            return function

    torch.autocast = autocast
    for name in ("torchtyping", "temporaldata", "h5py", "torch_brain.datasets", "torchmetrics", "omegaconf", "pydantic",
                 "pydantic.dataclasses", "einops"):
        top = name.split(".")[0]
        if name == "torch_brain.datasets" or isinstance(sys.modules.get(top), Anything) or importlib.util.find_spec(top) is None:
            sys.modules.setdefault(name, Anything(name))
    for name, values in (("einops", dict(repeat=rearrange, rearrange=rearrange)), ("pydantic.dataclasses", dict(dataclass=dataclasses.dataclass))):
        if isinstance(sys.modules.get(name), Anything):
            vars(sys.modules[name]).update(values)
    sys.path.insert(0, clone)


def poyo(opt, rng):
    from torch_brain.models.poyo import POYO

    rates = dict(ffn_dropout=0.2, lin_dropout=0.4, atn_dropout=0.2) if opt.dropout else dict(ffn_dropout=0.0, lin_dropout=0.0, atn_dropout=0.0)
    model = POYO(sequence_length=SECONDS, latent_step=LATENT_STEP, num_latents_per_step=16, dim=64, depth=6, dim_head=64, cross_heads=2,
                 self_heads=8, dim_out=OUTPUTS, **rates)
    model.unit_emb.initialize_vocab([f"u{i}" for i in range(opt.units)])
    model.session_emb.initialize_vocab(["s"])
    batch, tokens = opt.batch, opt.spikes + 2 * opt.units
    units = np.concatenate([np.repeat(np.arange(opt.units), 2)[None].repeat(batch, 0), rng.integers(0, opt.units, (batch, opt.spikes))], 1) + 1
    kinds = np.concatenate([np.tile([1, 2], opt.units)[None].repeat(batch, 0), np.zeros((batch, opt.spikes), int)], 1)
    times = np.concatenate([np.tile([0.0, SECONDS], opt.units)[None].repeat(batch, 0), np.sort(rng.uniform(0, SECONDS, (batch, opt.spikes)), 1)], 1)
    steps = np.arange(0, SECONDS, LATENT_STEP) + LATENT_STEP / 2
    data = dict(
        input_unit_index=torch.as_tensor(units), input_timestamps=torch.as_tensor(times), input_token_type=torch.as_tensor(kinds),
        latent_index=torch.arange(16).repeat(len(steps))[None].repeat(batch, 1),
        latent_timestamps=torch.as_tensor(np.repeat(steps, 16))[None].repeat(batch, 1),
        session_index=torch.ones(batch, dtype=torch.long),
        output_timestamps=torch.linspace(SECONDS / opt.queries, SECONDS, opt.queries)[None].repeat(batch, 1),
        input_mask=torch.ones(batch, tokens, dtype=torch.bool),
    )
    return model, data, lambda out: out


def possm(opt, rng):
    from torch_brain.models.possm import POSSM

    specs = {"velocity": types.SimpleNamespace(dim=OUTPUTS, id=1)}
    rates = dict(ffn_dropout=0.2, lin_dropout=0.4, atn_dropout=0.0) if opt.dropout else dict(ffn_dropout=0.0, lin_dropout=0.0, atn_dropout=0.0)
    model = POSSM(sequence_length=SECONDS, readout_specs=specs, dim=64, dim_head=64, cross_heads=1, self_heads=2, rnn_dim=256, num_rnn_layers=1,
                  rnn_dropout=0.0, **rates)
    model.unit_emb.initialize_vocab([f"u{i}" for i in range(opt.units)])
    model.session_emb.initialize_vocab(["s"])
    batch, per_chunk = opt.batch, max(1, opt.spikes // CHUNKS)
    shape, width = (batch, CHUNKS, per_chunk), SECONDS / CHUNKS
    ends = torch.arange(opt.queries) % CHUNKS
    data = dict(
        spike_unit_index=torch.as_tensor(rng.integers(1, opt.units + 1, shape)), spike_type=torch.zeros(shape, dtype=torch.long),
        spike_timestamps=torch.as_tensor(np.sort(rng.uniform(0, width, shape), 2).astype(np.float32)), input_mask=torch.ones(shape, dtype=torch.bool),
        n_intervals=torch.full((batch,), CHUNKS), latent_index=torch.zeros(batch, 1, dtype=torch.long),
        latent_timestamps=torch.full((batch, 1), width / 2, dtype=torch.float64),
        output_session_index=torch.ones(batch, opt.queries, dtype=torch.long), output_decoder_index=torch.ones(batch, opt.queries, dtype=torch.long),
        output_bin_index=(ends + 1)[None].repeat(batch, 1), output_timestamps=((ends + 0.999) * width).double()[None].repeat(batch, 1),
    )

    def read(out):
        return (out["velocity"] if isinstance(out, dict) else out[0]["velocity"]).reshape(opt.batch, -1, OUTPUTS)

    return model, data, read


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--config", required=True, choices=["poyo_1.3M", "possm_small"])
    ap.add_argument("--torch-brain", required=True)
    for name, value in (("batch", 32), ("spikes", 1500), ("units", 96), ("queries", 20), ("threads", 1)):
        ap.add_argument(f"--{name}", type=int, default=value)
    ap.add_argument("--seconds", type=float, default=20)
    ap.add_argument("--dropout", action="store_true")
    opt = ap.parse_args()
    torch.set_num_threads(opt.threads)
    torch.manual_seed(0)
    prepare(opt.torch_brain)
    model, data, read = (poyo if opt.config.startswith("poyo") else possm)(opt, np.random.default_rng(0))
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), 1e-4)
    targets = torch.randn(opt.batch, opt.queries, OUTPUTS)

    def step():
        optimizer.zero_grad()
        loss = ((read(model(**data)) - targets) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return float(loss)

    step()
    took, begin = [], time.perf_counter()
    while len(took) < 3 or time.perf_counter() - begin < opt.seconds:
        start = time.perf_counter()
        loss = step()
        took.append(time.perf_counter() - start)
    print(json.dumps(dict(config=opt.config, threads=opt.threads, batch=opt.batch, spikes=opt.spikes, units=opt.units, queries=opt.queries,
                          dropout=opt.dropout, steps=len(took), loss=round(loss, 4), windows_per_s=opt.batch / float(np.median(took)),
                          best_windows_per_s=opt.batch / min(took), torch=torch.__version__)))


main()
