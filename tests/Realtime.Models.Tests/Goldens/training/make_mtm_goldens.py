"""Makes mtm_tiny by PyTorch's autograd in float64: two recordings around one trunk, padded batches under a mask, the Poisson loss.

    /usr/bin/python3 make_mtm_goldens.py

Written from the description of NDT1-stitch (Zhang et al. 2024, arXiv 2407.14668; the forward pass agrees with upstream's, see the tests of the
golden folders). Needs PyTorch 1.13 and NumPy. Two runs write the same bytes.
"""

import math
from pathlib import Path

import numpy as np
import torch

import tensor_file

FOLDER = Path(__file__).resolve().parent / "mtm_tiny"
C, D, H, I, L, A, F = 6, 12, 8, 12, 2, 2, 9
NEURONS = {"a": 7, "b": 5}
ROWS = {"a": 2, "b": 0}
# Recording, prompt row, bins of each trial, whether bins see later bins, whether the prefix sees bins, bins seen backward.
RUNS = {
    "neuron": ("a", 0, [9, 6, 1], True, True, -1),
    "causal_strict": ("a", 1, [9, 5], False, False, -1),
    "causal_upstream": ("a", 1, [9, 5], False, True, -1),
    "causal_back2": ("b", 1, [8, 9], False, False, 2),
    "inter": ("b", 2, [9, 9, 4], True, True, -1),
    # Rotary positions in place of learned ones.
    "rotary": ("a", 0, [9, 6, 1], True, True, -1),
    "rotary_back2": ("a", 1, [9, 5], False, False, 2),
}


def weights(generator):
    def draw(*shape, scale=0.5):
        return torch.from_numpy(generator.standard_normal(shape).astype(np.float32)).double() * scale

    w = {}

    def linear(name, outputs, inputs):
        w[f"{name}.weight"] = draw(outputs, inputs, scale=1 / math.sqrt(inputs))
        w[f"{name}.bias"] = draw(outputs, scale=0.3)

    def norm(name):
        w[f"{name}.weight"] = 1 + draw(H, scale=0.2)
        w[f"{name}.bias"] = draw(H, scale=0.2)

    for key, n in NEURONS.items():
        linear(f"encoder.stitcher.stitcher_dict.{key}", C, n)
        linear(f"stitch_decoder.stitch_decoder_dict.{key}", n, H)
    linear("encoder.embedder.embed_spikes", D, C)
    linear("encoder.embedder.projection", H, D)
    for name, rows in [("pos", F), ("prompt", 4), ("session", 3)]:
        w[f"encoder.embedder.embed_{name}.weight"] = draw(rows, H)
    for k in range(L):
        p = f"encoder.layers.{k}"
        norm(f"{p}.ln1"), norm(f"{p}.ln2")
        for m in ["query", "key", "value", "out_proj"]:
            linear(f"{p}.attn.{m}", H, H)
        linear(f"{p}.mlp.up_proj", I, H)
        linear(f"{p}.mlp.down_proj", H, I)
    norm("encoder.out_norm")
    # What float32 files hold, widened.
    return {name: value.float().double().requires_grad_() for name, value in w.items()}


def turned(v):
    """Channel k of a head with channel k + d/2, by place × 10000^(-2k/d); the prefix counts."""
    d = v.shape[-1]
    angle = torch.arange(v.shape[-2]).double()[:, None] * 10000.0 ** (-torch.arange(0, d, 2).double() / d)
    a, b = v[..., : d // 2], v[..., d // 2:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


def log_rates(w, x, lengths, key, prompt, sees_later, prefix_sees, back, rotary):
    """x (B, T, N) padded with -1; returns (B, T, N)."""
    lin = lambda name, v: v @ w[f"{name}.weight"].T + w[f"{name}.bias"]
    ln = lambda name, v: torch.nn.functional.layer_norm(v, (H,), w[f"{name}.weight"], w[f"{name}.bias"], 1e-5)
    b, t, _ = x.shape
    s = lin("encoder.embedder.embed_spikes", lin(f"encoder.stitcher.stitcher_dict.{key}", x))
    e = lin("encoder.embedder.projection", s / (1 + s.abs()))
    if not rotary:
        e = e + w["encoder.embedder.embed_pos.weight"][:t]
    prefix = torch.stack([w["encoder.embedder.embed_session.weight"][ROWS[key]], w["encoder.embedder.embed_prompt.weight"][prompt]])
    e = torch.cat([prefix.expand(b, 2, H), e], 1)
    i, j = torch.arange(t)[:, None], torch.arange(t)[None]
    seen = torch.ones(t + 2, t + 2, dtype=torch.bool)
    if not sees_later:
        seen[2:, 2:] = j <= i
    if back > 0:
        seen[2:, 2:] &= j >= i - back
    if not prefix_sees:
        seen[:2, 2:] = False
    valid = torch.ones(b, t + 2, dtype=torch.bool)
    for row, length in enumerate(lengths):
        valid[row, 2 + length:] = False
    allowed = (seen[None] & valid[:, None]) | torch.eye(t + 2, dtype=torch.bool)
    for k in range(L):
        p = f"encoder.layers.{k}"
        n = ln(f"{p}.ln1", e)
        heads = lambda m: lin(f"{p}.attn.{m}", n).view(b, t + 2, A, H // A).transpose(1, 2)
        q, k_ = (turned(heads(m)) if rotary else heads(m) for m in ["query", "key"])
        scores = q @ k_.transpose(-1, -2) / math.sqrt(H // A)
        scores = scores.masked_fill(~allowed[:, None], -math.inf).softmax(-1)
        e = e + lin(f"{p}.attn.out_proj", (scores @ heads("value")).transpose(1, 2).reshape(b, t + 2, H))
        e = e + lin(f"{p}.mlp.down_proj", torch.nn.functional.gelu(lin(f"{p}.mlp.up_proj", ln(f"{p}.ln2", e))))
    return lin(f"stitch_decoder.stitch_decoder_dict.{key}", ln("encoder.out_norm", e)[:, 2:])


def main():
    generator = np.random.default_rng(5)
    w = weights(generator)
    FOLDER.mkdir(exist_ok=True)
    tensor_file.write(FOLDER / "weights.safetensors", {name: value.detach().numpy().astype(np.float32) for name, value in w.items()})
    stored = {}
    for name, (key, prompt, lengths, later, prefix, back) in RUNS.items():
        b, t, n = len(lengths), max(lengths), NEURONS[key]
        counts = generator.poisson(0.8, (b, t, n)).astype(np.float32)
        hidden = generator.random((b, t, n)) < 0.4
        scored = hidden & (generator.random((b, t, n)) < 0.8)
        for row, length in enumerate(lengths):
            scored[row, length:] = False
        shown = np.where(hidden, 0, counts)
        for row, length in enumerate(lengths):
            shown[row, length:] = counts[row, length:] = -1
        z = log_rates(w, torch.from_numpy(shown).double(), lengths, key, prompt, later, prefix, back, name.startswith("rotary"))
        y, mask = torch.from_numpy(counts).double(), torch.from_numpy(scored).double()
        loss = ((z.exp() - y * z) * mask).sum() / mask.sum()
        grads = torch.autograd.grad(loss, list(w.values()), allow_unused=True)
        stored[f"{name}.shown"], stored[f"{name}.counts"] = shown, counts
        stored[f"{name}.scored"] = scored.astype(np.float32)
        stored[f"{name}.lengths"] = np.array(lengths)
        stored[f"{name}.log_rates"] = z.detach().numpy()
        stored[f"{name}.loss"] = np.array([loss.item()])
        for parameter, grad in zip(w, grads):
            if grad is not None:
                stored[f"{name}.grad.{parameter}"] = grad.numpy()
    tensor_file.write(FOLDER / "gradients.safetensors", stored)


main()
