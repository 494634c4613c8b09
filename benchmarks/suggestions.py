#!/usr/bin/env python3
"""How long does a sampler take to choose a trial? Median milliseconds of `ask` in `tend tune --ask-tell`, late in a study.

    benchmarks/suggestions.py [--sampler tpe --dimensions 40 --trials 1000] [--asks 51]

Without --sampler: tpe with 40 dimensions after 1,000 trials and gp with 10 dimensions after 250, and what the protocol itself takes
(sampler random). Needs build/release/tend (./run builds it).
"""
import argparse
import json
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

TEND = Path(__file__).resolve().parent.parent / "build/release/tend"


def milliseconds(sampler, dimensions, trials, asks):
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(f'seed = 1\n[tune]\nsampler = "{sampler}"\ntrials = {trials + asks}\n[tune.parameters]\n')
        for i in range(dimensions):
            file.write(f"p{i} = {{ uniform = [0.0, 1.0] }}\n")
        file.flush()
        # The first trials are cheap to choose: the sampler is asked for all, which is the study that it makes itself.
        tend = subprocess.Popen([TEND, "tune", file.name, "--ask-tell"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        times = []
        for i in range(trials + asks):
            began = time.perf_counter()
            tend.stdin.write('{"ask": true}\n')
            tend.stdin.flush()
            answer = json.loads(tend.stdout.readline())
            if i >= trials:
                times.append(1e3 * (time.perf_counter() - began))
            value = sum((v - 0.3) ** 2 for v in answer["parameters"].values()) + 0.01 * random.random()
            tend.stdin.write(json.dumps({"tell": answer["trial"], "values": [value]}) + "\n")
            tend.stdin.flush()
            tend.stdout.readline()
        tend.stdin.close()
        tend.wait()
    return statistics.median(times)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--sampler")
parser.add_argument("--dimensions", type=int, default=40)
parser.add_argument("--trials", type=int, default=1000)
parser.add_argument("--asks", type=int, default=51)
given = parser.parse_args()
cases = [(given.sampler, given.dimensions, given.trials)] if given.sampler else [("tpe", 40, 1000), ("gp", 10, 250)]
for sampler, dimensions, trials in cases:
    took, protocol = (milliseconds(name, dimensions, trials, given.asks) for name in (sampler, "random"))
    print(f"{sampler}: {took - protocol:.3f} ms a suggestion with {dimensions} dimensions after {trials} trials "
          f"({took:.3f} with the protocol, which takes {protocol:.3f})")
