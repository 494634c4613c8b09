#!/usr/bin/env python3
"""How well does `tend tune` predict the time of a trial before it begins? Searches over width, depth, batch size and rate, without a
stopper, and compares the predicted with the measured seconds of each trial.

    benchmarks/trial_cost.py [--trials 30] [--threads 2] [--only NAME]

Prints, for each search, the median of measured / predicted seconds with its quartiles, and the median of the larger by the smaller of the
two, which is 1 if all are right: for the first five trials, which only the machine's speed in a few steps precedes, and for the rest.
Needs build/release/tend (./run builds it).
"""
import argparse
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

TEND = Path(__file__).resolve().parent.parent / "build/release/tend"
TABLE = """seed = 1
[data]
source = { generate = "blobs", rows = 6000, features = 20, classes = 5, noise = 3.0 }
validation = 0.2
[network]
layers = [{ dense = 32 }, "relu", { dense = 32 }, "relu", { dense = 5 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = "adam"
[train]
epochs = 5
[tune]
sampler = "random"
stopper = "none"
final_seeds = 0
parallel = 2
[tune.parameters]
width = { int = [8, 512], paths = ["network.layers.dense_1.dense", "network.layers.dense_2.dense"] }
"train.batch_size" = { ordinal = [8, 32, 128, 512] }
"update.optimizer" = { choice = ["sgd", "adam", "rmsprop"] }
"""
PICTURES = """seed = 1
[data]
source = "digits"
validation = 0.2
[network]
layers = [{ conv2d = 8, kernel = 3 }, "relu", { conv2d = 8, kernel = 3 }, "relu", "flatten", { dense = 10 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = "adam"
[train]
epochs = 3
[tune]
sampler = "random"
stopper = "none"
final_seeds = 0
parallel = 2
[tune.parameters]
channels = { int = [4, 48], paths = ["network.layers.conv2d_1.conv2d", "network.layers.conv2d_2.conv2d"] }
"train.batch_size" = { ordinal = [16, 64, 256] }
"""


def trials_of(experiment, trials, threads):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "e.toml"
        file.write_text(experiment)
        words = [TEND, "tune", file, "--run", f"{folder}/s", "--trials", str(trials), "--threads", str(threads), "--json", "--quiet"]
        done = subprocess.run([str(w) for w in words], check=True, capture_output=True, text=True)
        return [t for t in json.loads(done.stdout)["trials"] if t["predicted_seconds"]]


def line(name, trials):
    ratios = [t["seconds"] / t["predicted_seconds"] for t in trials]
    low, _, high = statistics.quantiles(ratios, n=4)
    off = statistics.median(max(r, 1 / r) for r in ratios)
    times = sorted(t["seconds"] for t in trials)
    print(f"{name:24} {len(trials):4} trials of {times[0]:.2g} to {times[-1]:.2g} s: measured / predicted {statistics.median(ratios):.2f} "
          f"({low:.2f} to {high:.2f}), off by a factor of {off:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=30)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="a part of the name: perceptrons, convolutions")
    given = parser.parse_args()
    for name, experiment in (("perceptrons", TABLE), ("convolutions", PICTURES)):
        if given.only in name:
            trials = trials_of(experiment, given.trials, given.threads)
            line(f"{name}, the first five", trials[:5])
            line(f"{name}, the rest", trials[5:])


if __name__ == "__main__":
    main()
