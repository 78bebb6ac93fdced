"""Reference tensors of Neuroformer in shapes that the published configurations do not have, from upstream's own code.

    /usr/bin/python3 make_neuroformer_goldens.py CLONE

CLONE is a clone of github.com/a-antoniades/Neuroformer at 36ed940; none of it is stored here. Two runs write the same bytes.
"""

import json
import sys
import types
from pathlib import Path
from types import SimpleNamespace as Space

import numpy as np
import torch
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))
import tensor_file  # noqa: E402

# The only einops patterns in use.
PATTERNS = {
    "b e t h w -> b t h w e": lambda x: x.permute(0, 2, 3, 4, 1),
    "b t h w e -> b (t h w) e": lambda x: x.flatten(1, 3),
    "b t c e -> b (t c) e": lambda x: x.flatten(1, 2),
    "b t 1 e -> b t e": lambda x: x.squeeze(2),
    "b c t (h p1) (w p2) -> b t h w (p1 p2 c)": lambda x, p1, p2: x.unflatten(4, (-1, p2)).unflatten(3, (-1, p1)).permute(0, 2, 3, 5, 4, 6, 1).flatten(4),
}


def rearrange(x, pattern, **sizes):
    return PATTERNS[pattern](x, **sizes)


class Rearrange(nn.Module):
    def __init__(self, pattern, **sizes):
        super().__init__()
        self.pattern, self.sizes = pattern, sizes

    def forward(self, x):
        return rearrange(x, self.pattern, **self.sizes)


def stand_in(name, **content):
    module = types.ModuleType(name)
    module.__dict__.update(content)
    sys.modules[name] = module


def load(clone):
    """Upstream's model; what it imports but does not need for a forward pass is replaced."""
    zero = lambda *a, **k: torch.zeros(())  # noqa: E731
    functional = types.SimpleNamespace(precision=zero, recall=zero, f1_score=zero)
    stand_in("einops", rearrange=rearrange)
    stand_in("einops.layers")
    stand_in("einops.layers.torch", Rearrange=Rearrange)
    stand_in("timm")
    stand_in("torchvision")
    stand_in("torchvision.models")
    stand_in("torchvision.models.video", r3d_18=None)
    stand_in("torchmetrics", functional=functional)
    stand_in("omegaconf", dictconfig=types.SimpleNamespace(DictConfig=type("DictConfig", (), {})), OmegaConf=None)
    stand_in("tqdm", tqdm=None)
    stand_in("skimage")
    stand_in("skimage.io")
    sys.path.insert(0, str(Path(clone) / "neuroformer"))
    import model_neuroformer

    return model_neuroformer


def spaced(value):
    if isinstance(value, dict):
        return Space(**{key: spaced(inner) for key, inner in value.items()})
    return value


def config_of(case):
    frames = case.get("frame_encoder", {"conv_layer": True, "kernel_size": [1, 1, 1], "n_embd_frames": 64})
    config = {
        "dropout": {name: 0.2 for name in ("attn", "embd", "pos", "resid", "temp", "b", "id", "im")},
        "block_size": {"id": case["T"], "prev_id": case["P"]},
        "layers": case["layers"],
        "sparse": {"topk": None, "topk_frame": None, "topk_id": None, "topk_prev_id": None, "mask": False},
        "frame_encoder": {**frames, "n_embd": case["width"], "resnet_backbone": False},
        "contrastive": {"contrastive": bool(case.get("contrast")), "vars": case.get("contrast", ["id", "frames"]), "clip_temp": case.get("temp", 0.5)},
        "mlp_only": False, "gru_only": False, "gru2_only": False, "class_weights": None,
        "n_head": case["heads"], "n_embd": case["width"], "pos_emb": case.get("pos_emb", True), "temp_emb": True, "vit_encoder": case.get("vit", False),
        "resolution": {"dt": 0.01}, "window": {"curr": 0.05, "prev": case.get("prev", 0.05)},
    }
    if case.get("wave_emb"):
        config["wave_emb"] = True
    if "modalities" in case:
        config["modalities"] = case["modalities"]
    return config


class Vocabulary:
    def __init__(self, neurons, bins):
        self.stoi = {
            "ID": {**{k: k for k in range(neurons)}, "SOS": neurons, "EOS": neurons + 1, "PAD": neurons + 2},
            "dt": {**{round(0.01 * k, 6): k for k in range(bins)}, "SOS": bins, "EOS": bins + 1, "PAD": bins + 2},
        }
        self.ID_vocab_size, self.dt_vocab_size = neurons + 3, bins + 3


def sequence(rng, length, spikes, neurons, bins, cut):
    """length + 1 tokens. A window that was cut carries a spike's dt at SOS."""
    times = np.sort(rng.integers(0, bins - 1, spikes))
    ids = [neurons, *rng.integers(0, neurons, spikes), neurons + 1]
    dts = [times[0] if cut else 0, *times, bins + 1]
    pad = length + 1 - len(ids)
    return ids + [neurons + 2] * pad, dts + [bins + 2] * pad, pad


def variable(predict, classes=0):
    made = {"data": "x", "dt": 0.05, "predict": predict, "objective": "classification" if classes else "regression"}
    return {**made, "n_classes": classes} if classes else made


CASES = {
    "strides": dict(
        seed=1, batch=3, neurons=9, bins=6, T=10, P=14, width=18, heads=3, spikes=[5, 8, 0], past=[12, 3, 7], frames=(4, 10, 13), vit=True,
        frame_encoder={"conv_layer": True, "kernel_size": [3, 4, 5], "stride_size": [1, 3, 4], "n_embd_frames": 64},
        layers={"state": 1, "state_history": 1, "stimulus": 2}, contrast=["id", "frames", "eos", {"behavior": "phi"}], temp=0.25,
        modalities={
            "behavior": {"n_layers": 2, "variables": {"speed": variable(True), "phi": variable(False)}},
            "reward": {"n_layers": 1, "variables": {"lick": variable(False), "lever": variable(True, 4), "tone": variable(False)}},
        }),
    "waves": dict(
        seed=2, batch=2, neurons=7, bins=16, T=8, P=12, width=18, heads=3, spikes=[4, 1], past=[10, 2], pos_emb=False, wave_emb=True, prev=0.15,
        layers={"state": 2, "state_history": 1, "stimulus": 0},
        modalities={"behavior": {"n_layers": 1, "variables": {"a": variable(False), "choice": variable(True, 3), "b": variable(False), "c": variable(False)}}}),
    "patches": dict(
        seed=3, batch=2, neurons=5, bins=6, T=6, P=9, width=16, heads=2, spikes=[2, 4], past=[3, 7], frames=(2, 8, 12), vit=True,
        frame_encoder={"conv_layer": False, "n_embd_frames": 16}, layers={"state": 1, "state_history": 1, "stimulus": 1}, contrast=["eos", "frames"]),
    "raw_frames": dict(
        seed=4, batch=1, neurons=5, bins=6, T=6, P=9, width=16, heads=4, spikes=[3], past=[4], frames=(3, 7, 9), vit=False,
        frame_encoder={"conv_layer": True, "kernel_size": [2, 3, 4], "n_embd_frames": 64}, layers={"state": 1, "state_history": 2, "stimulus": 1}),
}


def inputs_of(case, rng):
    tokens = [sequence(rng, case["T"], n, case["neurons"], case["bins"], n == case["T"] - 2) for n in case["spikes"]]
    past = [sequence(rng, case["P"], n, case["neurons"], case["bins"], n == case["P"] - 2) for n in case["past"]]
    arrays = {
        "id": np.array([ids[:-1] for ids, _, _ in tokens]), "dt": np.array([dts[:-1] for _, dts, _ in tokens], np.float32), "pad": np.array([pad for _, _, pad in tokens]),
        "id_prev": np.array([ids[:-1] for ids, _, _ in past]), "dt_prev": np.array([dts[:-1] for _, dts, _ in past], np.float32), "pad_prev": np.array([pad for _, _, pad in past]),
        "target.id": np.array([ids[1:] for ids, _, _ in tokens]), "target.dt": np.array([dts[1:] for _, dts, _ in tokens]),
    }
    batch = case["batch"]
    if "frames" in case:
        arrays["frames"] = rng.normal(size=(batch, 1, *case["frames"])).astype(np.float32)
    for group, content in case.get("modalities", {}).items():
        for name, made in content["variables"].items():
            key = f"modalities.{group}.{name}"
            if not made["predict"]:
                arrays[f"{key}.value"] = rng.uniform(0, 1, (batch, 1, 1)).astype(np.float32)
                arrays[f"{key}.dt"] = rng.choice([0, 0.05], (batch, 1)).astype(np.float32)
            elif made["objective"] == "classification":
                arrays[f"target.{key}.value"] = rng.integers(0, made["n_classes"], (batch, 1))
            else:
                arrays[f"target.{key}.value"] = rng.normal(size=(batch, 1)).astype(np.float32)
    return {name: array.astype(np.int64) if array.dtype.kind == "i" else array for name, array in arrays.items()}


def weigh(model, seed):
    """Weights with which every stage, position and token shows."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        values = torch.randn(parameter.shape, generator=generator)
        if ".ln" in name or name.endswith("conv_block.2.weight") or name.endswith("conv_block.2.bias"):
            scaled = 0.2 * values + (1 if name.endswith("weight") else 0)
        elif parameter.dim() < 2:
            scaled = 0.1 * values
        else:
            scaled = values / max(1, parameter[0].numel()) ** 0.5 * (3 if "query" in name else 1)
        parameter.data.copy_(scaled if "emb" not in name or "temp_emb" in name or "modality" in name else 0.5 * values)


def nested(arrays, prefix):
    made = {}
    for name, array in arrays.items():
        if name.startswith(prefix + "modalities."):
            group, variable_, part = name[len(prefix) + len("modalities."):].split(".")
            made.setdefault(group, {}).setdefault(variable_, {})[part] = torch.from_numpy(array).clone()
    return made


def run(model, arrays):
    """Every stage in double, by hooks."""
    stages, handles = {}, []

    def after(module, name):
        handles.append(module.register_forward_hook(lambda _, __, result: stages.__setitem__(name, result)))

    def before(module, inputs):
        stages["embed.id"] = inputs[0]
        if inputs[1] is not None:
            stages["embed.frames"] = inputs[1]

    handles.append(model.feature_encoder.register_forward_pre_hook(before))
    body = model.neural_visual_transformer
    lists = [(model.feature_encoder.neural_state_blocks, "encoder.id"), (body.neural_state_history_blocks, "cross.history"), (body.neural_state_blocks, "state")]
    if hasattr(model, "video_encoder"):
        lists += [(body.neural_state_stimulus_blocks, "cross.stimulus")]
        if model.feature_encoder.frame_state_blocks is not None:
            lists += [(model.feature_encoder.frame_state_blocks, "encoder.frames")]
    lists += [(blocks, f"cross.{group}") for group, blocks in body.modalities_blocks.items()]
    for blocks, name in lists:
        for index, block in enumerate(blocks):
            after(block, f"{name}.{index}")
    x = {name: torch.from_numpy(array) for name, array in arrays.items() if "." not in name}
    if "frames" in x:
        x["frames"] = x["frames"].double()
    x["modalities"] = nested(arrays, "")
    for group in x["modalities"].values():
        for made in group.values():
            made["value"] = made["value"].double()
    y = {"id": torch.from_numpy(arrays["target.id"]), "dt": torch.from_numpy(arrays["target.dt"])}
    targets = nested(arrays, "target.")
    if targets:
        y["modalities"] = targets
        for group in targets.values():
            for made in group.values():
                made["value"] = made["value"].double() if made["value"].dtype == torch.float32 else made["value"]
    single, torch.Tensor.float = torch.Tensor.float, torch.Tensor.double
    with torch.no_grad():
        preds, features, loss = model(x, y)
    torch.Tensor.float = single
    for handle in handles:
        handle.remove()
    stages["embed.id_prev"] = features["id_prev"]
    if features["raw_frames"] is not None:
        stages["frames.conv"] = features["raw_frames"]
    for group in x["modalities"]:
        stages[f"embed.{group}"] = features[group]["all"]
    stages["last_layer"] = features["last_layer"]
    stages["pooled"] = features["last_layer"].mean(dim=1)
    stages["logits.id"], stages["logits.dt"] = preds["id"], preds["dt"]
    for group in targets.values():
        for name in group:
            stages[f"pred.{name}"] = preds[name]
    for name, values in features.get("clip", {}).items():
        stages[f"clip.{name}"] = values
    for name, value in loss.items():
        stages[f"loss.{name}"] = torch.as_tensor(value).reshape(1)
    for name, value in list(stages.items()):
        assert value.dtype == torch.float64, name
    return {f"f64.{name}": value.detach().numpy().copy() for name, value in stages.items()}


def main():
    module = load(sys.argv[1])
    torch.set_num_threads(1)
    for name, case in CASES.items():
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        config = config_of(case)
        model = module.Neuroformer(spaced_config(config), Vocabulary(case["neurons"], case["bins"])).eval()
        weigh(model, case["seed"])
        left = [key for key in model.state_dict() if key.endswith((".pe", ".mask"))]
        weights = {key: value.numpy().astype(np.float32) for key, value in model.state_dict().items() if key not in left}
        arrays = inputs_of(case, np.random.default_rng(case["seed"]))
        outputs = run(model.double(), arrays)
        tensor_file.write(folder / "weights.safetensors", weights)
        tensor_file.write(folder / "inputs.safetensors", arrays)
        tensor_file.write(folder / "outputs.safetensors", outputs)
        vocabulary = {"id": {"neurons": case["neurons"]}, "dt": {"bins": case["bins"]}}
        described = {"case": name, "seed": case["seed"], "config": config, "vocab": vocabulary, "upstream": "a-antoniades/Neuroformer, commit 36ed940"}
        (folder / "config.json").write_text(json.dumps(described, indent=1) + "\n")
        print(name, sum(array.nbytes for array in weights.values()), sum(array.nbytes for array in outputs.values()))


def spaced_config(config):
    """As upstream's loader makes it, except that lists hold dictionaries as they are."""
    made = spaced(config)
    made.contrastive.vars = config["contrastive"]["vars"]
    return made


if __name__ == "__main__":
    main()
