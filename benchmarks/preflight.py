#!/usr/bin/env python3
"""Which faults of ../shared/faulty are named before training, which alarms do healthy programs raise, and how long does it take?

    benchmarks/preflight.py [--only A1 L03 ...] [--checks NAME,...] [--kinds faulty,healthy,fixed] [--seeds 1] [--jobs 2] [--out FILE.json]

A faulty program is detected if a check warns or fails. Its cause is right if the first reported cause (top 1) or one of the first three
(top 3) is among the causes in case.json. Alarms on healthy programs are false; alarms on repaired ones are listed for review.
"""
import argparse
import concurrent.futures
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEND = Path(os.environ.get("TEND", ROOT / "build/release/tend"))
SHARED = ROOT.parent / "shared/faulty"


def programs(kinds):
    for folder in sorted(SHARED.iterdir()):
        if (folder / "case.json").exists():
            case = json.loads((folder / "case.json").read_text())
            for kind in ("faulty", "fixed"):
                if kind in kinds:
                    yield kind, folder.name, folder / f"{kind}.toml", case
    if "healthy" in kinds:
        for name in json.loads((SHARED / "healthy/index.json").read_text()):
            yield "healthy", name, SHARED / f"healthy/{name}.toml", {}


def run(job):
    kind, name, file, case, seed, checks = job
    command = [TEND, "check", file, "--json", "--threads", "1", "--seed", str(seed)] + (["--only", checks] if checks else [])
    done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout.strip():
        return dict(kind=kind, name=name, seed=seed, trouble=done.stderr.strip()[-300:], alarms=[], seconds=0, by_check={})
    report = json.loads(done.stdout)
    alarms = [c for c in report["checks"] if c["verdict"] in ("warn", "fail")]
    told = list(dict.fromkeys(c["cause"] for c in alarms))
    return dict(kind=kind, name=name, seed=seed, alarms=alarms, told=told, causes=case.get("causes", []), weak=case.get("weak", False),
                seconds=report["seconds"], by_check={c["check"]: c["seconds"] for c in report["checks"]})


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="*", default=[])
    options.add_argument("--checks", default="")
    options.add_argument("--kinds", default="faulty,healthy")
    options.add_argument("--seeds", default="1")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--out")
    given = options.parse_args()
    jobs = [(kind, name, file, case, int(seed), given.checks) for seed in given.seeds.split(",")
            for kind, name, file, case in programs(given.kinds.split(",")) if not given.only or name in given.only]
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        results = list(pool.map(run, jobs))
    for r in results:
        if r.get("trouble"):
            print(f"{r['kind']}/{r['name']} seed {r['seed']}: {r['trouble']}")
        elif r["kind"] == "faulty" or r["alarms"]:
            mark = "" if r["kind"] != "faulty" else "-- " if not r["alarms"] else "ok " if r["told"][0] in r["causes"] else "3  " if set(r["told"][:3]) & set(r["causes"]) else "?? "
            print(f"{mark}{r['kind']}/{r['name']}{' (weak)' if r.get('weak') else ''}: " + "; ".join(
                f"{a['check']} {a['verdict']} {a['cause']} ({a['message'][:110]})" for a in r["alarms"][:4])
                + (f"   wanted {','.join(r['causes'])}" if r["kind"] == "faulty" else ""))
    faulty = [r for r in results if r["kind"] == "faulty"]
    for title, some in (("clear", [r for r in faulty if not r["weak"]]), ("weak", [r for r in faulty if r["weak"]])):
        if some:
            seen = [r for r in some if r["alarms"]]
            first = [r for r in seen if r["told"][0] in r["causes"]]
            third = [r for r in seen if set(r["told"][:3]) & set(r["causes"])]
            print(f"{title} faults: {len(seen)} of {len(some)} detected, {len(first)} with the right cause first, {len(third)} among the first three")
    for kind in ("healthy", "fixed"):
        some = [r for r in results if r["kind"] == kind]
        if some:
            print(f"{kind}: {sum(bool(r['alarms']) for r in some)} of {len(some)} with an alarm")
    seconds = sorted((r["seconds"], r["name"]) for r in results)
    print(f"seconds: median {seconds[len(seconds) // 2][0]:.2f}, longest {seconds[-1][0]:.2f} ({seconds[-1][1]})")
    if given.out:
        Path(given.out).write_text(json.dumps(results, indent=1))


main()
