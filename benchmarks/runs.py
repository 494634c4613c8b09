#!/usr/bin/env python3
"""How long does tend runs take for many runs?

    benchmarks/runs.py [--count 10000]

Trains one run with all checks on the bundled digits, copies its experiment.toml and summary.json into many folders, and measures the list
(limit: 1 s for 10,000 runs), the list with a filter on a configuration key, and the list as JSON. Needs build/release/tend.
"""
import argparse
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

TEND = Path(__file__).resolve().parent.parent / "build/release/tend"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([TEND, "train", "--epochs", "2", "--quiet", "--run", f"{folder}/one"], check=True)
        for i in range(count):
            run = Path(folder) / f"runs/{i:05}"
            run.mkdir(parents=True)
            for name in ("experiment.toml", "summary.json"):
                shutil.copy(f"{folder}/one/{name}", run / name)
        size = (Path(folder) / "one/summary.json").stat().st_size
        print(f"{count} runs with a summary of {size} bytes")
        for words in ([], ["--sort", "metric"], ["--filter", "train.epochs=2"], ["--json"]):
            times = []
            for _ in range(3):
                began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
                out = subprocess.run([TEND, "runs", *words], cwd=folder, check=True, capture_output=True, text=True).stdout
                wall, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
                times.append((wall, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime))
            wall, cores = sorted(times)[1]
            print(f"tend runs {' '.join(words):26} {wall:.2f} s, {cores:.2f} s on the cores  ({len(out.splitlines())} lines)", flush=True)


main()
