"""Makes the reference tensors of training by PyTorch's autograd.

    /usr/bin/python3 make_training_goldens.py CLONE_FOR_POYO [CLONE_FOR_POSSM]

A clone is one of github.com/neuro-galaxy/torch_brain that holds commits 0512ee0 (POYO) and a440fe2 (POSSM, branch possm); one clone may serve
both. Weights come from ../poyo_tiny and ../possm_tiny. Needs PyTorch 1.13 and NumPy. Two runs write the same bytes.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import torch

import batches
import operations
import tensor_file
import upstream
from networks import Poyo, Possm

FOLDER = Path(__file__).resolve().parent
STEPS = 10
SNAPSHOTS = [1, 2, 10]
# The golden weights are sharp: the norm lies between 9 and 500, so this clips about half of the steps.
MAX_NORM = 100.0
LARGE = 2048
THIN = 13
ONE_CYCLE = dict(total_steps=STEPS, pct_start=0.5, div_factor=1, final_div_factor=1e4)
LAMB = dict(lr=4e-3, betas=(0.9, 0.999), eps=1e-6, weight_decay=1e-4)
ADAMW = dict(lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2)


def gradients(network, data):
    loss = network.loss(*data, samples=[0, 1, 2])
    parameters = network.parameters()
    grads = torch.autograd.grad(loss, list(parameters.values()))
    stored = {"loss": np.array([loss.item()])}
    for name, grad in zip(parameters, grads):
        # Large tensors lose digits to stay small; 1e-7 of the value is far below any tolerance.
        stored[f"grad.{name}"] = grad.numpy().astype(np.float64 if grad.numel() <= 1024 else np.float32)
    stored["grad_norm"] = np.array([torch.stack([grad.norm() for grad in grads]).norm().item()])
    return stored


def optimiser(network, kind, lamb):
    parameters = network.parameters()
    if kind == "adamw":
        return torch.optim.AdamW(parameters.values(), **ADAMW)
    sparse = [value for name, value in parameters.items() if network.is_sparse(name)]
    dense = [value for name, value in parameters.items() if not network.is_sparse(name)]
    return lamb([{"params": sparse, "sparse": True}, {"params": dense}], **LAMB)


def train(network, data, optim, cycle_momentum):
    """Ten steps; returns the numbers of each step and the weights after steps 0, 1, 2 and 10."""
    parameters = network.parameters()
    copy = lambda: {name: value.detach().numpy().copy() for name, value in parameters.items()}
    schedule = torch.optim.lr_scheduler.OneCycleLR(optim, optim.defaults["lr"], cycle_momentum=cycle_momentum, **ONE_CYCLE)
    numbers = {"loss": [], "grad_norm": [], "lr": [], "beta1": []}
    weights = {0: copy()}
    for step in range(1, STEPS + 1):
        optim.zero_grad()
        loss = network.loss(*data, samples=[(step - 1) % 3])
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters.values(), MAX_NORM)
        group = optim.param_groups[0]
        for name, value in [("loss", loss.item()), ("grad_norm", norm.item()), ("lr", group["lr"]), ("beta1", group["betas"][0])]:
            numbers[name].append(value)
        optim.step()
        if step < STEPS:
            schedule.step()
        if step in SNAPSHOTS:
            weights[step] = copy()
    return {name: np.array(values) for name, values in numbers.items()}, weights


def change_norms(weights, step):
    return np.array([np.linalg.norm(weights[step][name].astype(np.float64) - weights[0][name]) for name in weights[0]])


def steps(make, data, kind, lamb):
    """Tensors of steps_KIND, and how far a float32 run of the same steps is off."""
    cycled = kind == "lamb"
    runs = {}
    for name, dtype, cycle in [("double", torch.float64, cycled), ("other", torch.float64, not cycled), ("float", torch.float32, cycled)]:
        network = make(dtype)
        runs[name] = train(network, data, optimiser(network, kind, lamb), cycle)
    numbers, weights = runs["double"]
    stored = dict(numbers)
    for step in SNAPSHOTS:
        for name, value in weights[step].items():
            if value.size > LARGE:
                stored[f"step{step}.{name}.every{THIN}"] = value.ravel()[::THIN].astype(np.float32)
            else:
                stored[f"step{step}.{name}"] = value.astype(np.float64 if value.size <= 128 else np.float32)
        stored[f"step{step}.change_norms"] = change_norms(weights, step)
    # The same ten steps with beta1 the other way; weights by their change alone.
    other = "fixed_beta1" if cycled else "cycled_beta1"
    for name, value in runs["other"][0].items():
        stored[f"{other}.{name}"] = value
    stored[f"{other}.step{STEPS}.change_norms"] = change_norms(runs["other"][1], STEPS)

    off = {"loss": digits(np.abs(runs["float"][0]["loss"] / numbers["loss"] - 1).max())}
    for step in SNAPSHOTS:
        apart = {name: np.abs(runs["float"][1][step][name] - value) for name, value in weights[step].items()}
        worst = max(apart, key=lambda name: apart[name].max())
        most = np.quantile(np.concatenate([value.ravel() for value in apart.values()]), 0.999)
        off[f"step{step}"] = {"worst": worst, "max_abs": digits(apart[worst].max()), "abs_of_999_in_1000": digits(most)}
    return stored, off


def gradients_off(single, data, double):
    """The tensor whose float32 gradient is worst, against that tensor's largest gradient."""
    apart = {}
    for network in [double, single]:
        parameters = network.parameters()
        grads = torch.autograd.grad(network.loss(*data, samples=[0, 1, 2]), list(parameters.values()))
        for name, grad in zip(parameters, grads):
            apart.setdefault(name, []).append(grad.double())
    relative = {name: ((a - b).abs().max() / a.abs().max()).item() for name, (a, b) in apart.items()}
    worst = max(relative, key=relative.get)
    return {"worst": worst, "max_abs_by_largest": digits(relative[worst])}


def digits(value):
    """One digit, rounded up: the last bits of a float32 run are no reference."""
    size = 10.0 ** np.floor(np.log10(value))
    return float(f"{np.ceil(value / size) * size:.0e}")


def model(name, make, batch, raw, lamb, extra):
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    network = make(torch.float64)
    difference = network.check()
    random = np.random.RandomState(41)
    valid = batch["output_mask"]
    with torch.no_grad():
        base = network.predict(network.tensors(batch, [0, 1, 2])).numpy()
    target, weights = batches.targets(random, base, valid)
    data = (batch, target, weights)

    inputs = {**batch, "targets": target, "query_weights": weights}
    for sample, (unit, time, query) in raw.items():
        inputs[f"raw.{sample}.spike_unit_index"] = unit.astype(np.int64)
        inputs[f"raw.{sample}.spike_timestamps"] = time.astype(np.float64)
        inputs[f"raw.{sample}.query_timestamps"] = np.asarray(query, np.float64)
    tensor_file.write(folder / "training_inputs.safetensors", inputs)
    grads = gradients(network, data)
    tensor_file.write(folder / "gradients.safetensors", grads)
    off = {"gradients": gradients_off(make(torch.float32), data, network)}
    for kind in ["lamb", "adamw"]:
        stored, off[kind] = steps(make, data, kind, lamb)
        tensor_file.write(folder / f"steps_{kind}.safetensors", stored)
        print(name, kind, "norms", stored["grad_norm"].round(2).tolist(), "loss", stored["loss"].round(3).tolist())
    print(name, "float32:", off["gradients"])
    print(name, "forward pass off the golden one by", difference, "loss", grads["loss"], "gradient norm", grads["grad_norm"])

    parameters = network.parameters()
    meta = {
        "torch": torch.__version__,
        **extra,
        "arithmetic": "float64 throughout, weights widened from ../../" + name + "/weights.safetensors, all angles in double, dropout off",
        "samples": [{"units": units, "rows": batches.rows(s).tolist()} for s, units in enumerate(batches.UNITS)],
        "loss": "mean over outputs of the squared error, times the query's weight; sum over valid queries / sum of their weights",
        "clipping": {"function": "clip_grad_norm_", "max_norm": MAX_NORM, "factor": "min(1, max_norm / (norm + 1e-6))"},
        "schedule": {"class": "OneCycleLR", **ONE_CYCLE, "max_lr": {"lamb": LAMB["lr"], "adamw": ADAMW["lr"]}, "base_momentum": 0.85, "max_momentum": 0.95},
        "lamb": {**LAMB, "clamp_value": 10, "debias": False, "cycle_momentum": True, "sparse": [n for n in parameters if network.is_sparse(n)]},
        "adamw": {**ADAMW, "cycle_momentum": False, "bias_correction": "with the beta1 of the present step", "sparse": []},
        "order_of_a_step": "loss and gradients; clip; record loss, norm before clipping, lr, beta1; optimiser; schedule",
        "sample_of_step": "(step - 1) mod 3, steps counted from 1",
        "float32_against_float64": off,
        "parameters": {n: list(p.shape) for n, p in parameters.items()},
        "tensors": {
            "training_inputs": "the batch under the names of inputs.safetensors, three samples; targets [samples, queries, outputs]; query_weights [samples, queries]; raw.S.* as the tokeniser gets it (units in 'samples')",
            "gradients": "loss [1] and grad_norm [1] of all three samples together; grad.PARAMETER, F64 up to 1024 numbers, F32 beyond",
            "steps_lamb, steps_adamw": f"loss, grad_norm, lr, beta1 [10]; stepK.PARAMETER: weights after step K, F64 up to 128 numbers, F32 up to {LARGE}; "
            f"beyond that stepK.PARAMETER.every{THIN}: numbers 0, {THIN}, {2 * THIN}, ... of the row-major tensor, F32; "
            "stepK.change_norms [parameters]: L2 norm of (weights after step K - weights at the start), in the order of 'parameters'; "
            "fixed_beta1.* (LAMB) and cycled_beta1.* (AdamW): the same run with cycle_momentum the other way",
        },
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")


def main():
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", "dropout option")
    poyo_clone, possm_clone = sys.argv[1], sys.argv[-1]
    folder = FOLDER.parent
    stored = operations.tensors(21)
    tensor_file.write(FOLDER / "operations.safetensors", stored)
    meta = {
        "torch": torch.__version__,
        "seed": 21,
        "arithmetic": "float64",
        "names": "OP.INPUT, OP.grad_out (flows in), OP.out, OP.grad_INPUT; a number is stored as [1]",
        "operations": sorted({name.split(".")[0] for name in stored}),
    }
    (FOLDER / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")

    lamb = upstream.sparse_lamb(poyo_clone)
    golden = tensor_file.read(folder / "poyo_tiny" / "inputs.safetensors")
    extra = {"upstream": "neuro-galaxy/torch_brain 0512ee0: torch_brain/models/poyo.py, examples/poyo/{optim,utils}.py"}
    model("poyo_tiny", lambda dtype: Poyo(folder / "poyo_tiny", poyo_clone, dtype), *batches.poyo(golden), lamb, extra)

    golden = tensor_file.read(folder / "possm_tiny" / "inputs.safetensors")
    extra = {
        "upstream": "neuro-galaxy/torch_brain a440fe2: torch_brain/models/possm.py and its layers, with strict masks and the decoder of the late revision "
        "(checked against late.f64.pred); optimiser of 0512ee0, its groups as in examples/possm/train.py",
        "dec_rotary_emb.omega": "late.dec_rotary_emb.omega of ../../possm_tiny/outputs.safetensors; fixed, no gradient",
        "task": "cursor_velocity_2d, the only one; every sample has it, so upstream's mean over samples is the plain loss",
    }
    model("possm_tiny", lambda dtype: Possm(folder / "possm_tiny", possm_clone, dtype), *batches.possm(golden), lamb, extra)


if __name__ == "__main__":
    main()
