#!/usr/bin/env python3
"""Healthy trainings are disturbed in flight: is it named, at the right step and layer, and is it healed?

    benchmarks/disturb.py [--only NAME ...] [--kinds spike,rate,zero,nan] [--count 100] [--seed 1] [--jobs 2] [--out FILE.json]

Takes programs of ../shared/faulty/healthy in turn, each with one kind of disturbance (benchmarks/engine/disturb.cpp). Named: the first
finding's step is within 5 of the disturbance, and its layer is that whose weights were zeroed. For "nan": the rule not_finite speaks.
Healed: the final validation metric is within a point of the undisturbed run's. Harmless disturbances (the run is within a point although
nothing was found) are counted apart. Needs build/release/libtend.a.
"""
import argparse
import concurrent.futures
import json
import math
import subprocess
import tempfile
from pathlib import Path

from programs import program as built

ROOT = Path(__file__).resolve().parent.parent
HEALTHY = ROOT.parent / "shared/faulty/healthy"


def judged(job):
    program, name, kind, seed = job
    done = subprocess.run([program, HEALTHY / f"{name}.toml", ROOT.parent / "shared/data", str(seed), kind], capture_output=True, text=True)
    if done.returncode:
        return {"name": name, "kind": kind, "trouble": done.stderr[-300:], "named": False, "healed": False, "harmless": False}
    r = json.loads(done.stdout)
    first = r["told"][0] if r["told"] else None
    by_repair = r["repairs"][0]["rule"] if r["repairs"] else None
    if kind == "nan":
        named = by_repair == "not_finite" or any(t["rule"] == "not_finite" for t in r["told"])
    else:
        named = bool(first) and abs(first["step"] - r["at"]) <= 5 and (kind != "zero" or first["layer"] == r["layer"])
    repaired, wanted = (x if x is not None else -math.inf for x in (r["repaired"], r["undisturbed"]))
    healed = repaired >= wanted - 0.01
    return {"name": name, "seed": seed, "named": named, "healed": healed, "harmless": healed and not r["told"] and not r["repairs"] and kind != "nan", **r}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="*", default=[])
    options.add_argument("--kinds", default="spike,rate,zero,nan")
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--out")
    given = options.parse_args()
    names = [n for n in json.loads((HEALTHY / "index.json").read_text()) if not given.only or n in given.only]
    kinds = given.kinds.split(",")
    with tempfile.TemporaryDirectory() as folder:
        program = built("disturb")
        jobs = [(program, names[i % len(names)], kinds[i % len(kinds)], given.seed + i) for i in range(given.count)]
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            results = list(pool.map(judged, jobs))
    for r in results:
        if not r["named"] or not r["healed"]:
            print(f"{r['name']} {r['kind']}: {'named' if r['named'] else 'NOT NAMED'}, {'healed' if r['healed'] else 'NOT HEALED'}"
                  f"{' (harmless)' if r['harmless'] else ''}; {r.get('trouble') or ''} at {r.get('at')} of {r.get('steps')}, layer {r.get('layer')}, "
                  f"told {[(t['rule'], t['step'], t['layer']) for t in r.get('told', [])][:3]}, undisturbed {r.get('undisturbed')}, now {r.get('repaired')}, "
                  f"{r.get('status')}, repairs {[(p['remedy'], p['from_step']) for p in r.get('repairs', [])]}")
    for kind in kinds:
        some = [r for r in results if r["kind"] == kind]
        harmful = [r for r in some if not r["harmless"]]
        print(f"{kind}: {sum(r['named'] for r in some)} of {len(some)} named ({len(some) - len(harmful)} harmless), {sum(r['healed'] for r in some)} within a point")
    print(f"all: {sum(r['named'] for r in results)} of {len(results)} named, {sum(r['harmless'] for r in results)} harmless and not named, "
          f"{sum(r['healed'] for r in results)} within a point")
    if given.out:
        Path(given.out).write_text(json.dumps(results, indent=1))


main()
