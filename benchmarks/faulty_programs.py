#!/usr/bin/env python3
"""Runs the programs of ../shared/faulty (faulty, fixed, healthy) to their end and compares each with its reference.

    benchmarks/faulty_programs.py [--only A1 L03 fixed_A1 ...] [--seeds 1,2,3] [--jobs 2] [--out FILE.json]

A program agrees if it ends like the peer's runs of the same file: NaN where the peer has NaN, and the peer's mean within the range of
our seeds, widened by .03 or a quarter of the distance to 0 or 1 (losses: by a factor of 1.43). Healthy programs must reach their minimum.
"""
import argparse
import concurrent.futures
import json
import os
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEND = Path(os.environ.get("TEND", ROOT / "build/release/tend"))
SHARED = ROOT.parent / "shared/faulty"


def programs():
    for folder in sorted(SHARED.iterdir()):
        case = folder / "case.json"
        if case.exists():
            known = json.loads(case.read_text())
            for kind in ("faulty", "fixed"):
                yield f"{folder.name}/{kind}", folder / f"{kind}.toml", known["metric"], known["reference"][kind]
    for name, known in json.loads((SHARED / "healthy/index.json").read_text()).items():
        yield f"healthy/{name}", SHARED / f"healthy/{name}.toml", known["metric"], {"minimum": known["minimum"]}


def value(summary, metric):
    if metric == "validation_loss_relative":
        r2 = summary["metrics"]["validation"].get("r2")
        return None if r2 is None else 1 - r2
    part, name = metric.split("_", 1)
    return summary["metrics"].get(part, {}).get(name)


def run(program, seeds):
    label, file, metric, reference = program
    values, notes, seconds = [], [], 0.0
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            began = time.time()
            out = subprocess.run([TEND, "train", file, "--json", "--quiet", "--threads", "1", "--seed", str(seed),
                                  "--run", Path(folder) / "run"], capture_output=True, text=True)
            seconds += time.time() - began
        if not out.stdout.strip():
            return label, False, f"exit {out.returncode}: {out.stderr.strip()[-300:]}", [], seconds
        summary = json.loads(out.stdout)
        values.append(value(summary, metric))
        has_nan = summary.get("first_nan_step") is not None
        notes.append(has_nan)
    agrees, why = judge(values, notes, metric, reference)
    return label, agrees, why, values, seconds


def judge(values, nans, metric, reference):
    if "minimum" in reference:
        bar, ceiling = reference["minimum"], "loss" in metric
        good = all(v is not None and (v <= 2 * bar if ceiling else v >= bar) for v in values)
        return good, f"{metric} {values} against {bar}"
    wanted, expects_nan = reference.get(metric), "first_nan_step" in reference
    if "error" in reference:
        return False, f"the peer ended with {reference['error']!r}"
    if expects_nan or any(nans):
        return expects_nan == any(nans), f"NaN {nans}, the peer {'had' if expects_nan else 'had not'}; {metric} {values} against {wanted}"
    if wanted is None or any(v is None for v in values):
        return wanted is None and all(v is None for v in values), f"{metric} {values} against {wanted}"
    low, high = min(values), max(values)
    if "accuracy" in metric:
        room = max(0.03, 0.25 * min(wanted, 1 - wanted))
        return low - room <= wanted <= high + room, f"{metric} {low:.4f} .. {high:.4f} against {wanted} +- {room:.3f}"
    return low / 1.43 <= wanted <= high * 1.43 or min(abs(v - wanted) for v in values) < 0.02, f"{metric} {low:.5g} .. {high:.5g} against {wanted}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    seeds = [int(s) for s in options.seeds.split(",")]
    chosen = [p for p in programs() if not options.only or any(o in (p[0], p[0].split("/")[0], p[0].split("/")[1]) for o in options.only)]
    results, began = [], time.time()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for result in pool.map(lambda p: run(p, seeds), chosen):
            results.append(result)
            if not result[1]:
                print(f"DIFFERS {result[0]:28} {result[2]}", flush=True)
    agreed = sum(r[1] for r in results)
    print(f"{agreed} of {len(results)} programs end as their reference does, seeds {options.seeds}, {time.time() - began:.0f} s")
    if options.out:
        options.out.write_text(json.dumps([{"program": r[0], "agrees": r[1], "why": r[2], "values": r[3], "seconds": r[4]} for r in results], indent=1))
    return 0 if agreed == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
