#!/usr/bin/env python3
"""Runs the same experiment files in tend and in PyTorch, three seeds each: do the final metrics agree within the seeds' spread?

    benchmarks/peer_agreement.py --python PYTHON_WITH_TORCH [--only mnist_mlp ...] [--seeds 0,1,2]

Agreement: the means differ by at most the larger of twice the spread (max - min over all seeds of both) and 1 % of the value.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEND = Path(os.environ.get("TEND", ROOT / "build/release/tend"))
PEER = ROOT.parent / "shared/peer"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--seeds", default="0,1,2")
    options = parser.parse_args()
    all_agree = True
    for file in sorted((PEER / "examples").glob("*.toml")):
        if options.only and file.stem not in options.only:
            continue
        out = subprocess.run([options.python, PEER / "torch_runner.py", file, "--seeds", options.seeds, "--threads", "2"], capture_output=True, text=True)
        peer = json.loads(out.stdout)["seeds"]
        ours = []
        for seed in options.seeds.split(","):
            with tempfile.TemporaryDirectory() as folder:
                out = subprocess.run([TEND, "train", file, "--seed", seed, "--json", "--quiet", "--run", Path(folder) / "run"],
                                     capture_output=True, text=True)
            ours.append(json.loads(out.stdout))
        for part in ("train", "validation", "test"):
            for name, mine in ours[0]["metrics"].get(part, {}).items():
                theirs = [(s["test"] if part == "test" else s["final"])[f"{part}_{name}"] for s in peer if f"{part}_{name}" in (s["test"] if part == "test" else s["final"])]
                if not theirs:
                    continue
                mine = [o["metrics"][part][name] for o in ours]
                spread = max(mine + theirs) - min(mine + theirs)
                a, b = statistics.fmean(mine), statistics.fmean(theirs)
                inner = max(max(mine) - min(mine), max(theirs) - min(theirs))
                agrees = abs(a - b) <= max(inner, 0.01 * abs(b)) and spread <= max(2.5 * inner, 0.02 * abs(b))
                all_agree &= agrees
                print(f"{'agrees ' if agrees else 'DIFFERS'} {file.stem:16} {part:10} {name:9} tend {a:.5g}  peer {b:.5g}  spread of seeds {inner:.2g}", flush=True)
        speed = [statistics.median(r["median_step_seconds"] for r in runs) * 1e6 for runs in (ours, peer)]
        print(f"        {file.stem:16} step: tend {speed[0]:.0f} us, peer {speed[1]:.0f} us", flush=True)
    return 0 if all_agree else 1


if __name__ == "__main__":
    sys.exit(main())
