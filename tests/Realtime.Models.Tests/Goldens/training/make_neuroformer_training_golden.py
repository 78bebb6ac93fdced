"""Makes the reference gradients of Neuroformer's training by PyTorch's autograd through upstream's own code, in float64.

    /usr/bin/python3 make_neuroformer_training_golden.py CLONE PEER

CLONE is one of github.com/a-antoniades/Neuroformer (36ed940). PEER is neuroformer_torch_latency.py of the shared folder, which holds stand-ins for packages
that the model imports without needing them. Needs PyTorch 1.13 and NumPy. Two runs write the same bytes.
"""

import importlib.util
import json
import sys
import types
from pathlib import Path
from types import SimpleNamespace as NS

import numpy as np
import torch

import tensor_file

FOLDER = Path(__file__).resolve().parent / "neuroformer_tiny"
NEURONS, BINS, T, P, C, HEADS, BATCH, CLASSES = 6, 6, 8, 10, 16, 2, 3, 3
FRAMES = dict(count=2, height=6, width=8, kernel=[2, 3, 4])


def load(clone, peer):
    spec = importlib.util.spec_from_file_location("peer", peer)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.install_stand_ins()
    sys.modules.setdefault("tqdm", types.ModuleType("tqdm")).tqdm = None
    sys.path.insert(0, clone + "/neuroformer")
    import model_neuroformer

    return module, model_neuroformer


def window(generator, length, spikes):
    """Ids and dts of length + 1 places: SOS, spikes in order, EOS, PAD."""
    bins = torch.randint(BINS - 1, (spikes,), generator=generator)
    neurons = torch.randint(NEURONS, (spikes,), generator=generator)
    order = sorted(range(spikes), key=lambda i: (int(bins[i]), int(neurons[i])))
    ids = [NEURONS] + [int(neurons[i]) for i in order] + [NEURONS + 1]
    dts = [0] + [int(bins[i]) for i in order] + [BINS + 1]
    rest = length + 1 - len(ids)
    return ids + [NEURONS + 2] * rest, dts + [BINS + 2] * rest, rest


def main():
    peer, upstream = load(sys.argv[1], sys.argv[2])
    torch.manual_seed(7)
    torch.set_num_threads(1)
    rounded = lambda value: value.type(torch.float32).type(torch.float64)

    # Upstream turns times into float32 on the way; here all is float64.
    torch.Tensor.float = torch.Tensor.double
    layers = dict(state_history=2, state=1, stimulus=1, behavior=1, self_att=1)
    variables = dict(
        phi=NS(data="phi", dt=0.05, predict=False, objective="regression"),
        speed=NS(data="speed", dt=0.05, predict=True, objective="regression"),
        choice=NS(data="choice", dt=0.05, predict=True, objective="classification", n_classes=CLASSES),
    )
    for variable in variables.values():
        variable.get = lambda key, default=None, own=variable: getattr(own, key, default)
    config = peer.config(C, HEADS, layers, T, P, FRAMES["kernel"], None, contrastive=["id", "eos", "frames"],
                         modalities=NS(behavior=NS(n_layers=1, window=0.05, variables=NS(**variables))))
    vocab = peer.Vocab(NEURONS, BINS)
    model = upstream.Neuroformer(config, vocab).double().eval()
    with torch.no_grad():
        # Gains near 1 and weights large enough that every path matters.
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, dtype=torch.float64)
            is_norm = ".ln" in name or "conv_block.2" in name
            parameter.copy_((1 + 0.1 * noise if name.endswith("weight") else 0.1 * noise) if is_norm else 0.25 * noise)
            parameter.copy_(rounded(parameter))
    generator = torch.Generator().manual_seed(8)
    current = [window(generator, T, spikes) for spikes in (4, 0, 6)]
    past = [window(generator, P, spikes) for spikes in (7, 3, 8)]
    tensor = lambda rows: torch.tensor(rows)
    x = {
        "id": tensor([w[0][:-1] for w in current]),
        "dt": tensor([w[1][:-1] for w in current]).double(),
        "id_prev": tensor([w[0][:-1] for w in past]),
        "dt_prev": tensor([w[1][:-1] for w in past]).double(),
        "pad": tensor([w[2] for w in current]),
        "frames": torch.rand((BATCH, 1, FRAMES["count"], FRAMES["height"], FRAMES["width"]), generator=generator).type(torch.float64),
        "modalities": {"behavior": {"phi": {"value": torch.full((BATCH, 1, 1), 0.5).double(), "dt": tensor([[0.0], [0.05], [0.0]]).double()}}},
    }
    speed = torch.randn(BATCH, 1, generator=generator).double()
    choice = tensor([2, 0, 1])
    targets = {
        "id": tensor([w[0][1:] for w in current]),
        "dt": tensor([w[1][1:] for w in current]),
        "modalities": {"behavior": {"speed": {"value": speed}, "choice": {"value": choice}}},
    }
    _, features, losses = model(x, {**targets, "id": targets["id"].clone(), "dt": targets["dt"].clone()})
    parameters = dict(model.named_parameters())
    loss = sum(losses.values())
    grads = torch.autograd.grad(loss, list(parameters.values()), allow_unused=True)
    array = lambda value, kind: value.detach().numpy().astype(kind)
    FOLDER.mkdir(exist_ok=True)
    tensor_file.write(FOLDER / "weights.safetensors", {name: array(value, np.float32) for name, value in parameters.items()})
    tensor_file.write(FOLDER / "inputs.safetensors", {
        **{key: array(x[key], np.int64) for key in ("id", "dt", "id_prev", "dt_prev", "pad")},
        "frames": array(x["frames"], np.float32),
        "phi.dt": array(x["modalities"]["behavior"]["phi"]["dt"], np.float64),
        "target.id": array(targets["id"], np.int64),
        "target.dt": array(targets["dt"], np.int64),
        "target.speed": array(speed, np.float64),
        "target.choice": array(choice, np.int64),
    })
    tensor_file.write(FOLDER / "gradients.safetensors", {
        **{f"loss.{name}": array(value.reshape(1), np.float64) for name, value in losses.items()},
        **{f"grad.{name}": array(grad, np.float32) for name, grad in zip(parameters, grads) if grad is not None},
        "last_layer": array(features["last_layer"], np.float64),
    })
    unused = [name for name, grad in zip(parameters, grads) if grad is None]
    (FOLDER / "meta.json").write_text(json.dumps(dict(
        neurons=NEURONS, bins=BINS, t=T, p=P, c=C, heads=HEADS, classes=CLASSES, frames=FRAMES, losses=sorted(losses), unused=unused,
        upstream="github.com/a-antoniades/Neuroformer, 36ed940"), indent=1) + "\n")
    print({name: float(value) for name, value in losses.items()}, "unused", unused)


if __name__ == "__main__":
    main()
