#!/usr/bin/env python3
"""Compares the step time of `tend train` with the yardsticks, run in turn: median over rounds of (tend / yardstick).

    benchmarks/step_time.py [--rounds 3] [--only tiny usual narrow large cnn] [--threads 1 2]

Needs ../shared/yardstick (mlp_step.cpp, conv_step.cpp), g++ and oneDNN. A result is tend's median step in `tend train`, with
signals, without loading (reported separately), divided by the yardstick's median in the same round.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
TEND = Path(os.environ.get("TEND", ROOT / "build/release/tend"))
SIZES = {"tiny": (32, 64, 100, 10), "usual": (128, 784, 512, 512, 10), "narrow": (256, 100, 256, 256, 256, 2),
         "large": (512, 784, 2048, 2048, 10)}
BARS = {"tiny": 0.55, "usual": 1.10, "narrow": 1.10, "large": 1.10, "cnn": 1.12}
SECONDS = {"tiny": 1e-5, "usual": 3e-3, "narrow": 2e-3, "large": 1e-1}  # approximate time of a step; it determines the number of steps


def build(folder):
    for name, flags in (("mlp_step", ["-ffast-math"]), ("conv_step", [])):
        subprocess.run(["g++", "-O3", "-march=native", *flags, "-fopenmp", SHARED / f"yardstick/{name}.cpp", "-ldnnl", "-o", folder / name],
                       check=True)


def experiment(name):
    batch, first, *hidden, classes = SIZES[name]
    steps = max(20, min(20000, int(2 / SECONDS[name])))
    rows = batch * min(steps, 200)
    layers = ", \"relu\", ".join(f"{{ dense = {w} }}" for w in (*hidden, classes))
    return f"""seed = 1
[data]
source = {{ generate = "uniform", rows = {rows}, features = {first}, classes = {classes} }}
[network]
layers = [{layers}]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = {{ name = "adam", learning_rate = 1e-4 }}
[train]
epochs = {max(1, steps * batch // rows)}
batch_size = {batch}
[watch]
checks = "none"
"""


def tend_step(file, threads, folder, more=()):
    out = subprocess.run([TEND, "train", file, "--json", "--quiet", "--threads", str(threads), "--run", folder / "run", *more],
                         capture_output=True, text=True)
    if not out.stdout:
        sys.exit(f"tend failed on {file}:\n{out.stderr}")
    summary = json.loads(out.stdout)
    return summary["median_step_seconds"] * 1e6, summary.get("median_loading_seconds", 0) * 1e6, summary.get("p99_step_seconds", 0) * 1e6


def yardstick(folder, command, threads):
    env = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    text = subprocess.run([folder / command[0], *map(str, command[1:])], capture_output=True, text=True, check=True, env=env).stdout
    if command[0] == "mlp_step":
        return float(re.search(r"median_us ([\d.]+)", text)[1])
    return 1e3 * float(re.search(r"([\d.]+) ms a step", text)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[*SIZES, "cnn"])
    parser.add_argument("--threads", nargs="*", type=int, default=[1, 2])
    options = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        build(folder)
        for name in options.only:
            if name == "cnn":
                file, more = SHARED / "peer/workloads/mnist_cnn.toml", ["--set", "data.limit=6400", "--epochs", "2"]
                commands = [("conv_step", "mnist"), ("mlp_step", 64, 9216, 128, 10)]
            else:
                file, more = folder / f"{name}.toml", []
                file.write_text(experiment(name))
                commands = [("mlp_step", *SIZES[name])]
            for threads in options.threads:
                rounds = []
                for _ in range(options.rounds):
                    base = sum(yardstick(folder, command, threads) for command in commands)
                    rounds.append((tend_step(file, threads, folder, more), base))
                ratio = statistics.median(t[0] / base for t, base in rounds)
                (step, loading, p99), base = sorted(rounds, key=lambda r: r[0][0])[len(rounds) // 2]
                worst = max(worst, ratio / BARS[name])
                print(f"{name:7} {threads} thread{'s' if threads > 1 else ' '}  ratio {ratio:.3f} (bar {BARS[name]:.2f})  "
                      f"tend {step:9.1f} us  p99 {p99:9.1f}  loading {loading:6.1f}  yardstick {base:9.1f} us", flush=True)
    return 0 if worst <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
