"""Runs the model code of github.com/neuro-galaxy/torch_brain from a clone under an old PyTorch; none of it is stored here.

What the code imports but does not need for a forward pass is replaced by empty stand-ins.
"""

import ast
import importlib
import subprocess
import sys
import tempfile
import types
from pathlib import Path

import torch
import torch.nn.functional as F

POYO_COMMIT = "0512ee0"
POSSM_COMMIT = "a440fe2"

STAND_INS = {
    "batching": ["pad8", "track_mask8"],
    "data": ["Data", "chain", "pad2d", "pad8", "track_mask2d", "track_mask8"],
    "datasets": ["Dataset"],
    "registry": ["ModalitySpec", "MODALITY_REGISTRY"],
    "utils": ["resolve_weights_based_on_interval_membership", "isin_interval"],
    "data.collate": ["collate", "chain", "track_batch"],
}

# The only einops patterns in use.
PATTERNS = {
    "b n (h d) -> b h n d": lambda x, h: x.unflatten(-1, (h, -1)).transpose(1, 2),
    "b h n d -> b n (h d)": lambda x: x.transpose(1, 2).flatten(-2),
    "b n -> b () () n": lambda x: x[:, None, None, :],
    "b n l -> b () n l": lambda x: x[:, None],
    "... (d r) -> ... d r": lambda x, r: x.unflatten(-1, (-1, r)),
    "... d r -> ... (d r)": lambda x: x.flatten(-2),
    "... n -> ... (n r)": lambda x, r: x.repeat_interleave(r, -1),
}


def attention(query, key, value, attn_mask=None, dropout_p=0.0):
    """Softmax attention; a query that sees no key gets 0, as in torch 2.5 and later."""
    assert dropout_p == 0
    scores = query @ key.transpose(-1, -2) / query.size(-1) ** 0.5
    if attn_mask is not None:
        # A finite number: minus infinity makes the gradient of a row without keys NaN.
        scores = scores.masked_fill(~attn_mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(-1)
    if attn_mask is not None:
        weights = weights * attn_mask
    return weights @ value


def source(clone, commit, path):
    return subprocess.run(["git", "-C", str(clone), "show", f"{commit}:{path}"], check=True, capture_output=True, text=True).stdout


def load(clone, commit, paths, module):
    """The named module of torch_brain as it was at a commit."""
    F.scaled_dot_product_attention = attention
    changed = lambda x, pattern, **axes: PATTERNS[pattern](x, **axes)
    tensor_type = type("TensorType", (), {"__class_getitem__": classmethod(lambda cls, _: cls)})
    outside = {
        "einops": {"rearrange": changed, "repeat": changed},
        "torchtyping": {"TensorType": tensor_type},
        "temporaldata": {"Data": object},
    }
    for name, members in outside.items():
        stand_in = types.ModuleType(name)
        stand_in.__dict__.update(members)
        sys.modules[name] = stand_in

    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "torch_brain"
        for path in paths:
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            # Before torch 2 this decorator needs its parentheses.
            file.write_text(source(clone, commit, path).replace("@torch.no_grad\n", "@torch.no_grad()\n"))
        for name in ["", "models"]:
            (package / name).mkdir(parents=True, exist_ok=True)
            (package / name / "__init__.py").write_text("")
        for name, members in STAND_INS.items():
            text = "".join(f"{member} = object\n" for member in members)
            if name == "utils":
                text += "def create_linspace_latent_tokens(*_, **__): return None, None\n"
            if name == "data":
                (package / "data").mkdir()
                (package / "data" / "__init__.py").write_text(text)
            else:
                (package / (name.replace(".", "/") + ".py")).write_text(text)
        sys.path.insert(0, folder)
        try:
            return importlib.import_module(module)
        finally:
            sys.path.remove(folder)
            for name in [name for name in sys.modules if name.split(".")[0] == "torch_brain"]:
                del sys.modules[name]


def poyo(clone):
    names = ["__init__", "infinite_vocab_embedding", "position_embeddings", "rotary_attention"]
    paths = ["torch_brain/models/poyo.py"] + [f"torch_brain/nn/{name}.py" for name in names]
    return load(clone, POYO_COMMIT, paths, "torch_brain.models.poyo").POYO


def possm(clone):
    """The authors' first revision and their loss module."""
    names = ["__init__", "embedding", "feedforward", "infinite_vocab_embedding", "loss", "multitask_readout", "position_embeddings", "rotary_attention"]
    paths = ["torch_brain/models/possm.py"] + [f"torch_brain/nn/{name}.py" for name in names]
    module = load(clone, POSSM_COMMIT, paths, "torch_brain.models.possm")
    loss = types.ModuleType("loss")
    exec(source(clone, POSSM_COMMIT, "torch_brain/nn/loss.py"), loss.__dict__)
    return module.POSSM, loss.MSELoss()


def sparse_lamb(clone):
    module = types.ModuleType("optim")
    exec(source(clone, POYO_COMMIT, "examples/poyo/optim.py"), module.__dict__)
    return module.SparseLamb


def poyo_loss(clone):
    """The function weighted_mse_loss_fn alone; its file needs packages that are not needed here."""
    tree = ast.parse(source(clone, POYO_COMMIT, "examples/poyo/utils.py"))
    tree.body = [node for node in tree.body if getattr(node, "name", "") == "weighted_mse_loss_fn"]
    names = {"torch": torch}
    exec(compile(tree, "utils.py", "exec"), names)
    return names["weighted_mse_loss_fn"]
