#!/usr/bin/env python3
"""Times 1,000 steps of the usual perceptron while other processes are busy: two threads against one thread.

    benchmarks/company.py [--rounds 3]

It measures without another process, with one single-threaded busy process, and with a multi-threaded one (a spinning process per core).
It prints the total time of 1,000 steps and p99 for 1 and 2 threads, and the ratio (limit 1.2).
"""
import argparse
import json
import os
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEND = Path(os.environ.get("TEND", ROOT / "build/release/tend"))
FILE = """seed = 1
[data]
source = { generate = "uniform", rows = 25600, features = 784, classes = 10 }
[network]
layers = [{ dense = 512 }, "relu", { dense = 512 }, "relu", { dense = 10 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "adam", learning_rate = 1e-4 }
[train]
epochs = 5
batch_size = 128
[watch]
checks = "none"
"""


def spin():
    while True:
        pass


def thousand_steps(file, threads, folder):
    out = subprocess.run([TEND, "train", file, "--json", "--quiet", "--threads", str(threads), "--run", folder / "run"],
                         capture_output=True, text=True).stdout
    summary = json.loads(out)
    seconds = summary["steps"] * 128 / summary["examples_per_second"]
    return seconds, summary["p99_step_seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        file = folder / "usual.toml"
        file.write_text(FILE)
        for company, count in (("alone", 0), ("one busy process", 1), ("a busy process a core", multiprocessing.cpu_count())):
            others = [multiprocessing.Process(target=spin, daemon=True) for _ in range(count)]
            for other in others:
                other.start()
            rounds = [[thousand_steps(file, threads, folder) for threads in (1, 2)] for _ in range(options.rounds)]
            for other in others:
                other.kill()
            one, two = (statistics.median(r[k][0] for r in rounds) for k in (0, 1))
            tail = [statistics.median(r[k][1] for r in rounds) * 1e3 for k in (0, 1)]
            worst = max(worst, two / one if count else 0)
            print(f"{company:24} 1 thread {one:6.2f} s (p99 {tail[0]:6.2f} ms)  2 threads {two:6.2f} s (p99 {tail[1]:6.2f} ms)  ratio {two / one:.2f}", flush=True)
    return 0 if worst <= 1.2 else 1


if __name__ == "__main__":
    sys.exit(main())
