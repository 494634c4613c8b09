#!/usr/bin/env python3
"""Does the rate that `tend check` suggests train as well as the best of a grid of twelve?

    benchmarks/learning_rate.py [--only NAME ...] [--seeds 1] [--jobs 2] [--grid FILE.json]

Each healthy program of ../shared/faulty trains to its end at twelve rates, 1e-5 to 3.16 by half decades, and at the suggested one.
Accuracy, or r2 for values, is compared on the validation rows. The bracket must contain the grid's best rate. --grid stores the grid's
results between calls.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEND = Path(os.environ.get("TEND", ROOT / "build/release/tend"))
HEALTHY = ROOT.parent / "shared/faulty/healthy"
RATES = [10 ** (-5 + i / 2) for i in range(12)]


def figure(name, seed, rate):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([TEND, "train", HEALTHY / f"{name}.toml", "--json", "--quiet", "--threads", "1", "--seed", str(seed), "--set", "watch.checks=none",
                               "--learning-rate", repr(rate), "--run", Path(folder) / "run"], capture_output=True, text=True)
    if not done.stdout.strip():
        return -1e9
    summary = json.loads(done.stdout)
    metrics = summary["metrics"]["validation"] or summary["metrics"]["train"]
    value = metrics.get("accuracy", metrics.get("r2"))
    return -1e9 if value is None or summary["status"] == "diverged" else value


def suggestion(name, seed):
    done = subprocess.run([TEND, "check", HEALTHY / f"{name}.toml", "--json", "--threads", "1", "--seed", str(seed), "--only", "learning_rate_range"],
                          capture_output=True, text=True)
    check = json.loads(done.stdout)["checks"][0]
    return check.get("record") or {}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="*", default=[])
    options.add_argument("--seeds", default="1")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--grid")
    options.add_argument("--grid-alone", action="store_true", help="measure the grid, and end")
    given = options.parse_args()
    known = json.loads(Path(given.grid).read_text()) if given.grid and Path(given.grid).exists() else {}
    names = [n for n in json.loads((HEALTHY / "index.json").read_text()) if not given.only or n in given.only]
    near = held = declined = runs = 0

    def grid(job):
        name, seed = job
        key = f"{name} {seed}"
        if key not in known:
            known[key] = [figure(name, seed, rate) for rate in RATES]
            if given.grid:
                Path(given.grid).write_text(json.dumps(known))
        return known[key]

    jobs = [(name, seed) for name in names for seed in map(int, given.seeds.split(","))]
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        grids = list(pool.map(grid, jobs))
        if given.grid_alone:
            return
        hints = list(pool.map(lambda job: suggestion(*job), jobs))
        figures = list(pool.map(lambda both: figure(*both[0], both[1]["suggestion"]) if both[1].get("suggestion") else None, zip(jobs, hints)))
    for (name, seed), values, hint, got in zip(jobs, grids, hints, figures):
        best = max(values)
        runs += 1
        if got is None:
            declined += 1
            print(f"{name} {seed}: declined ({hint.get('why', '')}); the grid's best {best:.4f}")
            continue
        # The grid's best rate is the middle of the rates whose results are within a thousandth of the best.
        good = [rate for rate, v in zip(RATES, values) if v >= best - 0.001]
        at = good[len(good) // 2]
        near += got >= best - 0.01
        held += hint["low"] <= at <= hint["high"]
        if got < best - 0.01 or not hint["low"] <= at <= hint["high"]:
            print(f"{name} {seed}: suggested {hint['suggestion']:.3g} in [{hint['low']:.2g}, {hint['high']:.2g}] gives {got:.4f}; the grid's best {best:.4f} at {at:.2g}"
                  f"   {' '.join(f'{v:.3f}' if v > -9 else 'x' for v in values)}")
    made = runs - declined
    print(f"suggestions: {near} of {made} within a point of the grid's best; brackets: {held} of {made} hold it; declined: {declined} of {runs}")


main()
