"""Spike statistics of session folders by numpy and scipy. Usage:

statistics.py each FOLDER SHORT LONG          one line per unit: spikes, rate, CV, LV, shares below 2 and 6 ms, Fano in windows of SHORT and LONG s
statistics.py table SHORT LONG FOLDER...      quartiles over the units of each folder, as a Markdown table (intervals: units of 50 spikes or more)
"""
import json
import os
import sys

import numpy as np
from scipy import stats

NAMES = ["spikes", "rate, Hz", "CV", "LV", "ISI < 2 ms", "ISI < 6 ms", "Fano {}", "Fano {}"]


def fano(counts):
    return counts.var(ddof=1) / counts.mean() if len(counts) > 1 and counts.any() else np.nan


def unit(times, segments, short, long):
    trains = [times[(times >= a) & (times < b)] for a, b in segments]
    isi = np.concatenate([np.diff(train) for train in trains])
    terms = np.concatenate([np.diff(np.diff(train)) / (np.diff(train)[:-1] + np.diff(train)[1:]) for train in trains if len(train) > 2] or [[]])
    counts = {}
    for width in (short, long):
        counts[width] = np.concatenate(
            [np.histogram(t, a + width * np.arange(int((b - a) / width + 1e-9) + 1))[0] if b - a >= width - 1e-9 else np.empty(0, int) for t, (a, b) in zip(trains, segments)]
        )
    n = sum(map(len, trains))
    cv = stats.variation(isi, ddof=1) if len(isi) > 1 else np.nan
    lv = 3 * np.mean(np.square(terms)) if len(terms) else np.nan
    shares = [np.mean(isi < limit) if len(isi) else np.nan for limit in (0.002, 0.006)]
    return [n, n / sum(b - a for a, b in segments), cv, lv, *shares, fano(counts[short]), fano(counts[long])]


def session(folder, short, long):
    meta = json.load(open(os.path.join(folder, "meta.json"), encoding="utf-8"))
    times, clusters = (np.load(os.path.join(folder, f"spikes.{name}.npy")) for name in ("times", "clusters"))
    segments = meta.get("segments") or [[0, meta["duration_s"]]]
    return np.array([unit(times[clusters == row], segments, short, long) for row in range(meta["n_units"])], dtype=float)


if sys.argv[1] == "each":
    for row in session(sys.argv[2], float(sys.argv[3]), float(sys.argv[4])):
        print(" ".join(repr(float(value)) for value in row))
else:
    widths = sys.argv[2:4]
    names = NAMES[1:6] + [f"Fano {float(width):g} s" for width in widths]
    print("| session | units | " + " | ".join(names) + " |\n|" + " --- |" * (len(names) + 2))
    for folder in sys.argv[4:]:
        rows = session(folder, float(widths[0]), float(widths[1]))
        cells = []
        for column in range(1, rows.shape[1]):
            values = rows[:, column] if column == 1 else rows[rows[:, 0] >= 50, column]
            low, middle, high = np.nanquantile(values, [0.25, 0.5, 0.75])
            cells.append(f"**{middle:.3g}** ({low:.3g} to {high:.3g})")
        print(f"| {os.path.basename(os.path.normpath(folder))} | {len(rows)} | " + " | ".join(cells) + " |")
