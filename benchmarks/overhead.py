#!/usr/bin/env python3
"""What does looking after a training cost? Training without it against training with it, in turn (A B A B ...).

    benchmarks/overhead.py [--what record,watch] [--threads 2] [--seconds 2] [--pairs 30] [--only NAME] [--clock processor]

record: the record of every step and a checkpoint every 10 s; watch: all signals of each step, and the rules; nothing: the same training
twice, which shows the noise. The blocks are short because the speed of a shared machine drifts within seconds: each block with it is
compared with the two blocks around it. Prints the median of these ratios with the 95 % interval of that median, and the median and the
99th percentile of the steps. The step includes all that the training thread does. Trainings: a tiny perceptron, MNIST, a transformer of
letters, and the sizes of step_time.py. --clock processor counts processor time, for a machine
that does other work. MNIST and the letters need ../shared/data. Needs build/release (./run builds it).
"""
import argparse
import json
import math
import statistics
import subprocess
import tempfile
from pathlib import Path

from programs import program as built
from step_time import SIZES, experiment

ROOT = Path(__file__).resolve().parent.parent
TINY = """seed = 1
[data]
source = { generate = "blobs", rows = 2000 }
validation = 0.1
[network]
layers = [{ dense = 16 }, "relu", { dense = 3 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = "adam"
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--what", default="record,watch")
    parser.add_argument("--only", default="", help="a part of the name: tiny, perceptron, CNN, transformer, or of step_time.py: usual, narrow, large")
    parser.add_argument("--clock", choices=("elapsed", "processor"), default="elapsed")
    given = parser.parse_args()
    mnist = ROOT.parent / "shared/data"
    with tempfile.TemporaryDirectory() as folder:
        program, tiny = built("overhead"), Path(folder) / "tiny.toml"
        tiny.write_text(TINY)
        examples = ROOT / "examples/experiments"
        trainings = [("tiny", tiny), ("MNIST perceptron", examples / "mnist_mlp.toml"), ("MNIST small CNN", examples / "mnist_cnn.toml"),
                     ("transformer of letters", examples / "char_transformer.toml")]
        for size in SIZES:
            trainings.append((f"step_time.py {size}", Path(folder) / f"{size}.toml"))
            trainings[-1][1].write_text(experiment(size))
        for name, file in trainings:
            if given.only not in name:
                continue
            if file.parent == examples and not mnist.exists():
                print(f"{name}: skipped, {mnist} is not there")
                continue
            for what in given.what.split(","):
                words = [program, file, mnist, given.threads, given.seconds, 10, folder, given.pairs, what, given.clock]
                run = json.loads(subprocess.run([str(w) for w in words], check=True, capture_output=True, text=True).stdout)
                ratios = sorted(run["time_ratios"])
                n, half = len(ratios), 0.98 * math.sqrt(len(ratios))
                low, high = ratios[max(0, round(n / 2 - half) - 1)], ratios[min(n - 1, round(n / 2 + half))]
                print(f"{name}, {what}, {given.threads} threads, {n} blocks of {given.seconds:g} s:")
                print(f"  time of a step with it / without it: {statistics.median(ratios):.4f} ({low:.4f} .. {high:.4f})")
                for key in ("median", "mean", "p99"):
                    without, kept = run["without"][key], run["with"][key]
                    print(f"  {key:6} step: {1e3 * without:.4g} ms without, {1e3 * kept:.4g} ms with, ratio {kept / without:.3f}", flush=True)


main()
