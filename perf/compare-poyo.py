#!/usr/bin/env python3
"""Our decoders against ONNX Runtime and eager PyTorch on one machine, interleaved: each round runs every contender once, one after the other.

usage: compare-poyo.py --ort-peer FOLDER --ort FOLDER [--torch-peer FILE --torch-brain FOLDER]
                       [--rtdecode FILE] [--configs poyo_1.3M,possm_small] [--spikes 1500,5000] [--threads 1,2]
                       [--rounds 5] [--seconds 3] [--units 96] [--python FILE] [--node FILE] [--json FILE]

--ort-peer     folder with build_onnx.py and time_ort.mjs (graphs of the same networks, written node by node)
--ort          folder whose node_modules holds onnxruntime-node
--torch-peer   poyo_torch_latency.py; it times upstream's own POYO class, so POSSM rows have no torch column
--torch-brain  clone of neuro-galaxy/torch_brain
--rtdecode     the program; default: the Release build of this repository
--python       the Python that has onnx and torch (Debian's packages: /usr/bin/python3)

Times are of one window (POYO, 1 s) or one chunk (POSSM, 50 ms) with the network alone: neither tokenising nor keeping the window of
spikes is in any column. Cells: median of the rounds' p50 / p50 of the best round, ms. ONNX Runtime runs in both of its attention forms,
and each round counts the faster one. On a shared machine only figures of one spell may be compared, and the best rounds say most.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command, env=None):
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def ours(opt, config, spikes, threads):
    text = run([opt.rtdecode, "bench", "model", "--config", config, "--spikes", str(spikes), "--units", str(opt.units),
                "--threads", str(threads), "--seconds", str(opt.seconds), "--json"])
    result = json.loads(text.strip().splitlines()[-1])
    return result["p50_us"] / 1000, result["share_of_peak"]


def ort(opt, graphs, config, spikes, threads):
    per_run = round(spikes * 0.05) if config.startswith("possm") else spikes
    times = []
    for graph in graphs[config]:
        text = run([opt.node, os.path.join(opt.ort_peer, "time_ort.mjs"), graph, "--ort", opt.ort, "--spikes", str(per_run),
                    "--queries", "1", "--threads", str(threads), "--runs", "1000000", "--seconds", str(opt.seconds)])
        times.append(json.loads(text.strip().splitlines()[-1])["p50"])
    return min(times)


def torch(opt, config, threads, folder):
    out = os.path.join(folder, "torch.json")
    env = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads), OMP_WAIT_POLICY="PASSIVE")
    run([opt.python, opt.torch_peer, opt.torch_brain, "--threads", str(threads), "--configs", config, "--units", str(opt.units),
         "--seconds", str(opt.seconds), "--reps", "1000000", "--json", out], env)
    with open(out) as file:
        return {row["spikes"]: row["median_ms"] for row in json.load(file)["rows"] if row["queries"] == 1}


def cell(times):
    return f"{statistics.median(times):.3f} / {min(times):.3f}" if times else "-"


def ratio(others, own):
    return f"{statistics.median(others) / statistics.median(own):.2f} / {min(others) / min(own):.2f}" if others and own else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rtdecode", default=os.path.join(HERE, "..", "Realtime.Host", "bin", "Release", "net10.0", "rtdecode"))
    parser.add_argument("--ort-peer", required=True)
    parser.add_argument("--ort", required=True)
    parser.add_argument("--torch-peer")
    parser.add_argument("--torch-brain")
    parser.add_argument("--configs", default="poyo_1.3M,possm_small")
    parser.add_argument("--spikes", default="1500,5000")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--units", type=int, default=96)
    parser.add_argument("--python", default="python3")
    parser.add_argument("--node", default="node")
    parser.add_argument("--json")
    opt = parser.parse_args()
    if bool(opt.torch_peer) != bool(opt.torch_brain):
        parser.error("--torch-peer and --torch-brain belong together")
    if opt.units != 96:
        print("note: the graphs of ONNX Runtime have 96 units whatever --units says", file=sys.stderr)
    configs = opt.configs.split(",")
    spikes, threads = ([int(x) for x in text.split(",")] for text in (opt.spikes, opt.threads))
    rows = {(c, s, t): dict(ours=[], share=[], ort=[], torch=[]) for c in configs for s in spikes for t in threads}
    with tempfile.TemporaryDirectory() as folder:
        graphs = {}
        for config in configs:
            graphs[config] = [os.path.join(folder, f"{config}-{form}.onnx") for form in ("mha", "plain")]
            for graph, form in zip(graphs[config], ("mha", "plain")):
                run([opt.python, os.path.join(opt.ort_peer, "build_onnx.py"), config, graph, "--variant", "table", "--attention", form],
                    dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
        for number in range(opt.rounds):
            for config in configs:
                for count in threads:
                    eager = torch(opt, config, count, folder) if opt.torch_peer and config.startswith("poyo") else {}
                    for load in spikes:
                        row = rows[config, load, count]
                        time, share = ours(opt, config, load, count)
                        row["ours"].append(time)
                        row["share"].append(share)
                        row["ort"].append(ort(opt, graphs, config, load, count))
                        if load in eager:
                            row["torch"].append(eager[load])
                        print(f"round {number + 1}: {config} {load} spikes/s {count} threads: "
                              + ", ".join(f"{name} {row[name][-1]:.3f}" for name in ("ours", "ort", "torch") if row[name]), file=sys.stderr, flush=True)
    print("| model | spikes/s | threads | ours, ms | share of peak, best | ONNX Runtime, ms | eager torch, ms | ONNX Runtime / ours | torch / ours |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (config, load, count), row in rows.items():
        print(f"| {config} | {load} | {count} | {cell(row['ours'])} | {max(row['share']):.2f} | {cell(row['ort'])} | {cell(row['torch'])} | "
              f"{ratio(row['ort'], row['ours'])} | {ratio(row['torch'], row['ours'])} |")
    print(f"\n{opt.rounds} rounds of {opt.seconds:g} s; cells: median of the rounds' p50 / p50 of the best round.")
    if opt.json:
        with open(opt.json, "w") as file:
            json.dump([dict(config=c, spikes=s, threads=t, **row) for (c, s, t), row in rows.items()], file, indent=1)


if __name__ == "__main__":
    main()
