#!/usr/bin/env python3
"""What does looking after a training cost? Training alone against training with it, in turn (A B A B ...).

    benchmarks/overhead.py [--what record,watch] [--threads 2] [--seconds 12] [--pairs 3] [--only NAME]

record: the record of every step and a checkpoint every 10 s; watch: all signals of each step, and the rules. Prints the medians over the
pairs: steps per second, median step, 99th percentile of the steps. The step includes all that the training thread does. MNIST needs
../shared/data/mnist. Needs build/release/libtend.a (./run builds it).
"""
import argparse
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/release"
LIBRARIES = ["-ldnnl", "-lgomp", "-lz", "-larchive", "-lturbojpeg", "-lspng", "-ltiff", "-lwebp", "-lsqlite3", "-lcrypto", "-lpthread"]
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
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--what", default="record,watch")
    parser.add_argument("--only", default="", help="a part of the name: tiny, perceptron, CNN")
    given = parser.parse_args()
    mnist = ROOT.parent / "shared/data"
    with tempfile.TemporaryDirectory() as folder:
        program, tiny = Path(folder) / "overhead", Path(folder) / "tiny.toml"
        tiny.write_text(TINY)
        toml = subprocess.run(["pkg-config", "--libs", "tomlplusplus"], capture_output=True, text=True).stdout.split()
        subprocess.run(["g++", "-std=c++20", "-O2", f"-I{ROOT}", f"-I{BUILD}/generated", ROOT / "benchmarks/engine/overhead.cpp",
                        BUILD / "libtend.a", *LIBRARIES, *toml, "-o", program], check=True)
        examples = ROOT / "examples/experiments"
        for name, file in (("tiny", tiny), ("MNIST perceptron", examples / "mnist_mlp.toml"), ("MNIST small CNN", examples / "mnist_cnn.toml")):
            if given.only not in name:
                continue
            if name.startswith("MNIST") and not (mnist / "mnist").exists():
                print(f"{name}: skipped, {mnist}/mnist is not there")
                continue
            for what in given.what.split(","):
                words = [program, file, mnist, given.threads, given.seconds, 10, folder, given.pairs, what]
                runs = json.loads(subprocess.run([str(w) for w in words], check=True, capture_output=True, text=True).stdout)
                middle = lambda has, key: statistics.median(r[key] for r in runs if r["with"] == has)
                print(f"{name}, {what}, {given.threads} threads, {given.pairs} pairs of {given.seconds:g} s:")
                for key, scale, unit in (("steps_per_second", 1, "/s"), ("median_step_seconds", 1e3, " ms"), ("p99_step_seconds", 1e3, " ms")):
                    alone, kept = middle(False, key), middle(True, key)
                    print(f"  {key:20} alone {scale * alone:10.4g}{unit}   with it {scale * kept:10.4g}{unit}   ratio {kept / alone:.3f}", flush=True)


main()
