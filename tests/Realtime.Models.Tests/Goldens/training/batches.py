"""Three samples each: the golden one, one of two units, one of one unit, so that rows of the unit table come and go."""

import numpy as np

UNITS = [["u0", "u1", "u2"], ["u0", "u2"], ["u1"]]


def up8(count):
    return -(-count // 8) * 8


def recordings(golden, seed, duration, spikes, query_times):
    """raw.* of all samples: local unit of each spike, its time in s, and the query times in s."""
    random = np.random.RandomState(seed)
    raw = {0: (golden["raw.0.spike_unit_index"], golden["raw.0.spike_timestamps"], query_times[0])}
    for sample, count in enumerate(spikes, 1):
        times = np.sort(np.floor(random.rand(count) * duration * 30000) / 30000)
        raw[sample] = (random.randint(0, len(UNITS[sample]), count), times, query_times[sample])
    return raw


def rows(sample):
    return np.array([1 + int(unit[1:]) for unit in UNITS[sample]])


def targets(random, base, valid):
    """Targets near what the untrained network says, in samples 1 and 2 nearer: their gradients are short. Weights as in upstream's recipes."""
    near = np.array([1.0, 0.05, 0.05])[:, None, None]
    target = (base + near * random.standard_normal(base.shape)).astype(np.float32)
    weights = random.choice([0.0, 0.1, 1.0, 5.0], valid.shape, p=[0.1, 0.2, 0.4, 0.3]).astype(np.float32)
    weights[:, 0] = 1
    target[~valid] = 0
    weights[~valid] = 0
    return target, weights


def poyo(golden):
    queries = [golden["output_timestamps"][0][golden["output_mask"][0]], np.arange(1, 18) / 17 * 0.97, np.array([0.0, 0.013, 0.2, 0.5, 0.501, 0.875, 1.0, 1.1])]
    raw = recordings(golden, 31, 1.0, [37, 20], queries)
    tokens = up8(max(2 * len(UNITS[s]) + len(raw[s][0]) for s in raw))
    outputs = up8(max(map(len, queries)))
    batch = {
        "input_unit_index": np.zeros((3, tokens), np.int64),
        "input_timestamps": np.zeros((3, tokens)),
        "input_token_type": np.zeros((3, tokens), np.int64),
        "input_mask": np.zeros((3, tokens), bool),
        "latent_index": np.repeat(golden["latent_index"], 3, 0),
        "latent_timestamps": np.repeat(golden["latent_timestamps"], 3, 0),
        "session_index": np.ones(3, np.int64),
        "output_timestamps": np.zeros((3, outputs), np.float32),
        "output_mask": np.zeros((3, outputs), bool),
    }
    for sample, (unit, time, query) in raw.items():
        own = rows(sample)
        each = len(own)
        parts = {
            "input_unit_index": np.concatenate([np.repeat(own, 2), own[unit]]),
            "input_timestamps": np.concatenate([np.tile([0.0, 1.0], each), time]),
            "input_token_type": np.concatenate([np.tile([1, 2], each), np.zeros(len(unit), np.int64)]),
            "input_mask": np.ones(2 * each + len(unit), bool),
            "output_timestamps": query.astype(np.float32),
            "output_mask": np.ones(len(query), bool),
        }
        for name, part in parts.items():
            batch[name][sample, : len(part)] = part
    return batch, raw


def possm(golden, width=0.05, chunks=5):
    queries = [golden["raw.0.query_timestamps.cursor_velocity_2d"], np.linspace(0.004, 0.25, 10), np.array([0.049, 0.05, 0.1, 0.199, 0.2, 0.23, 0.2499])]
    raw = recordings(golden, 32, chunks * width, [31, 4], queries)
    ends = np.round(width * np.arange(1, chunks + 1), 5)
    starts = np.round(ends - width, 5)
    ends[-1] += 1e-6
    chunk_of = {s: np.searchsorted(ends, raw[s][1], side="right") for s in raw}
    tokens = max(np.bincount(chunk, minlength=chunks).max() for chunk in chunk_of.values())
    outputs = up8(max(map(len, queries)))
    batch = {
        "spike_unit_index": np.zeros((3, chunks, tokens), np.int64),
        "spike_timestamps": np.zeros((3, chunks, tokens), np.float32),
        "spike_type": np.zeros((3, chunks, tokens), np.int64),
        "input_mask": np.zeros((3, chunks, tokens), bool),
        "n_intervals": np.full(3, chunks, np.int64),
        "latent_index": np.repeat(golden["latent_index"], 3, 0),
        "latent_timestamps": np.repeat(golden["latent_timestamps"], 3, 0),
        "output_session_index": np.zeros((3, outputs), np.int64),
        "output_timestamps": np.zeros((3, outputs)),
        "output_decoder_index": np.zeros((3, outputs), np.int64),
        "output_bin_index": np.zeros((3, outputs), np.int64),
        "output_mask": np.zeros((3, outputs), bool),
    }
    for sample, (unit, time, query) in raw.items():
        for chunk in range(chunks):
            own = chunk_of[sample] == chunk
            count = own.sum()
            batch["spike_unit_index"][sample, chunk, :count] = rows(sample)[unit[own]]
            batch["spike_timestamps"][sample, chunk, :count] = (time[own] - starts[chunk]).astype(np.float32)
            # An empty chunk shows one blank token: unit row 0, time 0.
            batch["input_mask"][sample, chunk, : max(count, 1)] = True
        count = len(query)
        batch["output_session_index"][sample, :count] = 1
        batch["output_timestamps"][sample, :count] = query
        batch["output_decoder_index"][sample, :count] = 1
        batch["output_bin_index"][sample, :count] = np.searchsorted(ends, query, side="right") + 1
        # A query at or beyond the closing end belongs to the last chunk.
        assert batch["output_bin_index"][sample].max() <= chunks
        batch["output_mask"][sample, :count] = True
    return batch, raw
