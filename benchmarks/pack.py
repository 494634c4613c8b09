#!/usr/bin/env python3
"""What does a pack of networks cost?

    benchmarks/pack.py [--rows 1000 5000 40000] [--pairs 3] [--epochs 10] [--tend PATH]

- whole commands: a pack of 32 networks against 32 runs of one network one after another, on the first rows of adult.csv, with the same
  layers, rows and epochs; the medians of the pairs, which take turns
- a prediction of one row by an average of 16 networks, in one thread and in two at once
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from programs import program as built

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT.parent / "shared/data/tables/adult.csv"
NETWORKS = 32


def seconds(command):
    began = time.perf_counter()
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return time.perf_counter() - began


def compare(given, rows, folder):
    table = Path(folder) / f"{rows}.csv"
    with TABLE.open() as lines:
        table.write_text("".join(line for _, line in zip(range(rows + 1), lines)))
    usual = [given.tend, "train", table, "--target", "income", "--epochs", given.epochs, "--quiet", "--overwrite", "--run", Path(folder) / "run",
             "--set", "network.pack_folds=1", "--set", "data.validation=0.1", "--set", "train.batch_size=128"]
    # the same layers and steps of the preparation for both
    steps = 'prepare.steps=["impute", "one_hot", "robust_scale", { piecewise_linear = 16 }]'
    layers = 'network.layers=[{ dense = 64 }, "relu", { dense = 64 }, "relu", { dense = 2 }]'
    usual += ["--set", steps, "--set", layers, "--set", "train.early_stopping={ patience = 1000 }"]
    pairs = []
    for _ in range(given.pairs):
        pack = seconds(usual + ["--set", f"network.pack={NETWORKS}"])
        runs = sum(seconds(usual + ["--seed", seed]) for seed in range(NETWORKS))
        pairs.append((pack, runs))
    ratio = statistics.median(runs / pack for pack, runs in pairs)
    print(f"{rows} rows: a pack of {NETWORKS} {statistics.median(p for p, _ in pairs):.2f} s, {NETWORKS} runs {statistics.median(r for _, r in pairs):.2f} s, "
          f"ratio {ratio:.2f}", flush=True)


def predictions(given, folder):
    run = Path(folder) / "predict"
    # without validation rows no network is left out of the average
    seconds([given.tend, "train", TABLE, "--target", "income", "--epochs", 1, "--quiet", "--run", run, "--set", "network.pack=16",
             "--set", "data.validation=0",
             "--set", 'network.layers=[{ dense = 64 }, "relu", { dense = 64 }, "relu", { dense = 2 }]', "--set", "watch.checks=none"])
    networks = sum(m["share"] > 0 for m in json.loads((run / "summary.json").read_text())["members"])
    for threads in (1, 2):
        out = subprocess.run([built("predict_row"), run / "model.safetensors", str(threads)], check=True, capture_output=True, text=True).stdout
        took = json.loads(out)
        print(f"one row, average of {networks} networks, {threads} at once: median {took['median_microseconds']:.1f} us, 99th percentile "
              f"{took['p99_microseconds']:.1f} us", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, nargs="+", default=[1000, 5000, 40000])
    options.add_argument("--pairs", type=int, default=3)
    options.add_argument("--epochs", type=int, default=10)
    options.add_argument("--tend", default=os.environ.get("TEND", ROOT / "build/release/tend"))
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        predictions(given, folder)
        for rows in given.rows:
            compare(given, rows, folder)


if __name__ == "__main__":
    main()
