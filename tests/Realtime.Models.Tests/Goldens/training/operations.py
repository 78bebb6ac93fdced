"""Each operation alone: inputs, the gradient that flows in, the output and the gradient of every input, all in double."""

import math

import numpy as np
import torch
import torch.nn.functional as F


def tensors(seed):
    random = np.random.RandomState(seed)
    stored = {}

    def draw(*shape, scale=1.0):
        return scale * random.standard_normal(shape)

    def operation(name, function, inputs, fixed=None, grad_out=None, call=None):
        """Runs function over leaf tensors; `fixed` gets no gradient and is stored as it is, `call` is handed over and not stored."""
        leaves = {key: torch.tensor(value, requires_grad=True) for key, value in inputs.items()}
        constants = {key: torch.as_tensor(value) for key, value in (fixed or {}).items()}
        out = function(**leaves, **constants, **(call or {}))
        flow = draw(*out.shape) if grad_out is None else np.full(tuple(out.shape), grad_out)
        grads = torch.autograd.grad(out, list(leaves.values()), torch.tensor(flow))
        for key, value in {**inputs, **(fixed or {})}.items():
            stored[f"{name}.{key}"] = np.asarray(value)
        stored[f"{name}.grad_out"] = flow.reshape(out.shape or (1,))
        stored[f"{name}.out"] = out.detach().numpy().reshape(out.shape or (1,))
        for key, grad in zip(leaves, grads):
            stored[f"{name}.grad_{key}"] = grad.numpy()

    # Widths that are no multiple of any vector width.
    x, weight = draw(7, 19), draw(13, 19)
    operation("linear", lambda x, weight, bias: F.linear(x, weight, bias), dict(x=x, weight=weight, bias=draw(13)))
    operation("linear_no_bias", lambda x, weight: F.linear(x, weight), dict(x=x, weight=weight))

    # Rows of usual spread, of a spread that eps governs, and far from zero.
    rows = draw(6, 17) * np.array([1, 3, 2e-3, 1, 0.1, 1])[:, None] + np.array([0, 0, 0, 5, -2, 30])[:, None]
    operation(
        "layer_norm",
        lambda x, gain, bias: F.layer_norm(x, (x.size(-1),), gain, bias, 1e-5),
        dict(x=rows, gain=1 + draw(17, scale=0.3), bias=draw(17)),
    )

    def geglu(x):
        value, gate = x.chunk(2, -1)
        return value * F.gelu(gate)

    halves = draw(5, 22)
    halves[0, 11:] = [-40, -8, -6, -3, -0.7518, 0, 1e-8, 3, 6, 8, 40]
    operation("geglu", geglu, dict(x=halves))

    attentions(operation, draw, random)

    def embedding_sum(a, b, a_rows, b_rows):
        return F.embedding(a_rows, a, padding_idx=0) + F.embedding(b_rows, b)

    operation(
        "embedding_sum",
        embedding_sum,
        dict(a=draw(6, 5), b=draw(4, 5)),
        dict(a_rows=np.array([2, 5, 2, 0, 2, 1, 0, 5, 3]), b_rows=np.array([1, 0, 1, 1, 3, 0, 0, 1, 1])),
    )

    # What torch.nn.GRU(5, 7, 2) calls: state 0 before the first row of [T, B, in].
    shapes = {name: tuple(parameter.shape) for name, parameter in torch.nn.GRU(5, 7, 2).named_parameters()}

    def gru(x, **parameters):
        return torch.gru(x, torch.zeros(2, 3, 7).double(), [parameters[name] for name in shapes], True, 2, 0.0, True, False, False)[0]

    operation("gru", gru, {"x": draw(6, 3, 5), **{name: draw(*shape, scale=0.5) for name, shape in shapes.items()}})

    operation("dropout", lambda x, keep, p: x * keep / (1 - p), dict(x=draw(5, 11)), dict(keep=random.rand(5, 11) >= 0.4, p=np.array([0.4])))
    losses(operation, draw, random)

    # Later ones come last, so that earlier ones keep their numbers.
    activations(operation, draw)
    row_operations(operation, draw)
    masked_attention(operation, draw, random)
    more_losses(operation, draw, random)
    return stored


def rotate(x, times, omega):
    """x [rows, heads, width]; pairs of adjacent channels turn by omega * time."""
    angle = times[:, None, None] * omega
    cos, sin = angle.cos(), angle.sin()
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, odd * cos + even * sin), -1).flatten(-2)


def attentions(operation, draw, random):
    """Two segments in one call: the queries of a segment see the keys of the same segment alone."""
    heads, width = 2, 6

    def attention(q, k, v, query_times, key_times, omega, query_lengths, key_lengths, mask=None, window=None, keep=None, p=None, rotate_values=False, rotated=True):
        query, key, value = (x.unflatten(-1, (heads, width)) for x in (q, k, v))
        if rotated:
            query, key = rotate(query, query_times, omega), rotate(key, key_times, omega)
        if rotate_values:
            value = rotate(value, key_times, omega)
        segment = lambda lengths: torch.repeat_interleave(torch.arange(len(lengths)), lengths)
        seen = segment(query_lengths)[:, None] == segment(key_lengths)
        if mask is not None:
            seen = seen & mask
        if window is not None:
            seen = seen & window
        scores = torch.einsum("qhc,khc->hqk", query, key) / math.sqrt(width)
        weights = scores.masked_fill(~seen, -math.inf).softmax(-1)
        if keep is not None:
            weights = weights * keep / (1 - p)
        out = torch.einsum("hqk,khc->qhc", weights, value)
        if rotate_values:
            out = rotate(out, -query_times, omega)
        return out.flatten(-2)

    queries, keys = [3, 5], [7, 4]
    inputs = lambda: dict(q=draw(8, 12), k=draw(11, 12), v=draw(11, 12))
    places = dict(
        query_times=random.rand(8),
        key_times=random.rand(11),
        omega=np.array([2 * math.pi / 0.01, 2 * math.pi / 1.5, 0.0]),
        query_lengths=np.array(queries),
        key_lengths=np.array(keys),
    )
    mask = np.array([1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1], bool)
    operation("attention_plain", attention, inputs(), places, call=dict(rotated=False))
    operation("attention", attention, inputs(), {**places, "mask": mask})
    operation("attention_rotated_values", attention, inputs(), {**places, "mask": mask}, call=dict(rotate_values=True))

    window = np.zeros((8, 11), bool)
    for query, (first, last) in enumerate([(0, 0), (0, 2), (3, 6), (7, 7), (7, 8), (7, 9), (8, 10), (8, 10)]):
        window[query, first : last + 1] = True
    operation("attention_windowed", attention, inputs(), {**places, "window": window}, call=dict(rotate_values=True))

    keep = random.rand(heads, 8, 11) >= 0.25
    operation("attention_dropout", attention, inputs(), {**places, "mask": mask, "keep": keep, "p": np.array([0.25])}, call=dict(rotate_values=True))


def losses(operation, draw, random):
    """Weighted sums over valid queries, divided by the sum of weights; out is one number."""
    pred, target = draw(2, 6, 3), draw(2, 6, 3)
    mask = np.array([[1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0]], bool)
    weights = np.where(mask, random.choice([0.0, 0.1, 1.0, 5.0], (2, 6)), 0.0)
    weights[0, 0], weights[0, 1], weights[1, 0] = 5.0, 0.1, 0.0

    def weighted(per_query, weights):
        return (per_query * weights).sum() / weights.sum()

    def squared(pred, target, weights, mask):
        return weighted((pred - target)[mask].square().mean(-1), weights[mask])

    def huber(pred, target, weights, mask, beta):
        each = F.smooth_l1_loss(pred[mask], target[mask], reduction="none", beta=float(beta))
        return weighted(each.mean(-1), weights[mask])

    def cross_entropy(logits, classes, weights, mask):
        return weighted(F.cross_entropy(logits[mask], classes[mask], reduction="none"), weights[mask])

    fixed = dict(target=target, weights=weights, mask=mask)
    operation("weighted_squared_error", squared, dict(pred=pred), fixed, grad_out=0.7)
    operation("huber", huber, dict(pred=pred), {**fixed, "beta": np.array([0.8])}, grad_out=0.7)
    classes = random.randint(0, 3, (2, 6))
    operation("weighted_cross_entropy", cross_entropy, dict(logits=3 * pred), dict(classes=classes, weights=weights, mask=mask), grad_out=0.7)


def activations(operation, draw):
    x = draw(5, 19, scale=2)
    x[0, :13] = [-40, -8, -6, -3, -0.7518, -1e-8, 1e-8, 0.1, 3, 6, 8, 40, 60]
    operation("gelu", lambda x: F.gelu(x), dict(x=x))
    operation("softsign", lambda x, scale: scale * F.softsign(x), dict(x=x), dict(scale=np.array([8.0])))
    operation("relu", lambda x: F.relu(x), dict(x=x))


def row_operations(operation, draw):
    operation("mean_rows", lambda x: x.unflatten(0, (4, 3)).mean(1), dict(x=draw(12, 19)))

    # Part a twice, so that its gradients add up.
    def gather(a, b, part, row):
        return torch.stack([(a, b, a)[p][r] for p, r in zip(part.tolist(), row.tolist())])

    places = dict(part=np.array([0, 1, 1, 2, 0, 2, 1, 0]), row=np.array([3, 0, 4, 3, 0, 3, 4, 1]))
    operation("gather", gather, dict(a=draw(4, 7), b=draw(5, 7)), places)


def masked_attention(operation, draw, random):
    """All queries of a call see the same keys, each under its own mask; one sees none and gets 0."""
    heads, width = 2, 6

    def attention(q, k, v, mask):
        query, key, value = (x.unflatten(-1, (heads, width)) for x in (q, k, v))
        scores = (torch.einsum("qhc,khc->hqk", query, key) / math.sqrt(width)).masked_fill(~mask, -math.inf)
        sees = mask.any(-1)
        weights = scores.masked_fill(~sees[:, None], 0.0).softmax(-1) * sees[:, None]
        return torch.einsum("hqk,khc->qhc", weights, value).flatten(-2)

    for name, queries, keys in [("attention_masked", 9, 11), ("attention_masked_few", 3, 11)]:
        mask = random.rand(queries, keys) < 0.6
        mask[1] = False
        mask[2, :10] = False
        mask[2, 10] = True
        operation(name, attention, dict(q=draw(queries, 12), k=draw(keys, 12), v=draw(keys, 12)), dict(mask=mask))
    operation("attention_causal", attention, dict(q=draw(40, 12), k=draw(40, 12), v=draw(40, 12)), dict(mask=np.tril(np.ones((40, 40), bool))))


def more_losses(operation, draw, random):
    classes = random.randint(0, 17, 8)

    # -1 is no class here; PyTorch's own mark is the argument.
    classes[[2, 5]] = -1
    cross_entropy = lambda logits, classes: F.cross_entropy(logits, classes, ignore_index=-1, reduction="sum")
    operation("cross_entropy", cross_entropy, dict(logits=draw(8, 17, scale=4)), dict(classes=classes), grad_out=0.7)

    def poisson(log_rates, counts, mask):
        return (F.poisson_nll_loss(log_rates, counts, log_input=True, full=False, reduction="none") * mask).sum()

    operation("poisson", poisson, dict(log_rates=draw(6, 11)), dict(counts=random.poisson(1.5, (6, 11)).astype(float), mask=(random.rand(6, 11) < 0.7).astype(float)), grad_out=0.7)

    def contrastive(a, b, temperature):
        scores = F.normalize(a, dim=-1) @ F.normalize(b, dim=-1).t() / temperature
        return F.cross_entropy(scores, torch.arange(len(a)))

    operation("contrastive", contrastive, dict(a=draw(6, 19), b=draw(6, 19, scale=3)), dict(temperature=np.array([0.25])), grad_out=0.7)
    operation("contrastive_with_itself", lambda a, temperature: contrastive(a, a, temperature), dict(a=draw(5, 7)), dict(temperature=np.array([0.5])), grad_out=0.7)
