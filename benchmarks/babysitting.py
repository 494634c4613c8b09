#!/usr/bin/env python3
"""Which faulty programs of ../shared/faulty are detected, named and repaired, and are healthy ones left alone?

    benchmarks/babysitting.py [--only A1 L03 ...] [--kinds faulty,random,healthy,field] [--seeds 1,2,3] [--jobs 2] [--cache FILE.json] [--out FILE.json]

Each faulty program is trained under policy repair; beside it, once for each seed, the faulty and the fixed program under policy advise, which
changes nothing (kept in --cache). As babysitting.md defines:
  detected     a check warns or fails, or a finding is a warning or critical
  cause        the first told, and one of the first three, is in case.json
  repaired     the final metric reaches that of the fixed program with the same seed, less one point (values: r2 less .01; a loss: 1 % more)
  time         seconds of processor time of the repaired run, with reading, checks and trials, over one run under policy advise: of the
               faulty or the fixed program, whichever is longer, since faulty ones may end at their first step. Each runs on one thread, and
               processor time depends less than elapsed time on what the machine does besides.
  random       with "random" among the kinds: the same number of repairs, each decided by the same tournament, among remedies that are
               drawn at random, whatever they help against (benchmarks/engine/random_repair.cpp)
A program counts as repairable if its fixed.toml differs outside [data]. Healthy programs: alarms, repairs, and whether the metrics of policy
repair have the bits of policy observe. Field cases (../shared/field, those that are programs; tests/flow/field_test.cpp has the files):
the faulty one must raise an alarm or an error, with the cause that its README asks for among three, the fixed one no alarm.
"""
import argparse
import concurrent.futures
import json
import math
import os
import statistics
import subprocess
import tempfile
import tomllib
from pathlib import Path

from programs import program as built

ROOT = Path(__file__).resolve().parent.parent
TEND = os.environ.get("TEND", str(ROOT / "build/release/tend"))
SHARED = ROOT.parent / "shared/faulty"


def train(file, seed, policy, checks="standard"):
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/out", "w+") as out, open(folder + "/err", "w+") as err:
            child = subprocess.Popen([TEND, "train", file, "--json", "--quiet", "--threads", "1", "--seed", str(seed), "--policy", policy,
                                      "--set", f"watch.checks={checks}", "--checkpoint-seconds", "0", "--run", folder + "/run"],
                                     stdout=out, stderr=err)
            usage = os.wait4(child.pid, 0)[2]
            out.seek(0), err.seek(0)
            printed, complaint = out.read(), err.read()
    seconds = usage.ru_utime + usage.ru_stime
    result = json.loads(printed) if printed.strip() else {}
    if "metrics" not in result:
        return {"trouble": complaint.strip()[-300:] or printed.strip()[-300:], "wall": seconds}
    return {"wall": seconds, **{k: result[k] for k in ("status", "metrics", "checks", "findings", "repairs")}}


def value(result, metric):
    """The metric as case.json names it, larger is better."""
    if "trouble" in result:
        return -math.inf
    part, name = metric.split("_", 1)
    found = result["metrics"].get(part) or {}
    # Losses of values are in units of the targets as they are prepared, which a repair may change: r2 is not.
    if "loss" in name and found.get("r2") is not None:
        return found["r2"]
    v = found.get(name)
    if v is None:
        return -math.inf
    return -v if name in ("loss", "mse", "mae") else v


def reaches(ours, wanted):
    if wanted == -math.inf:
        return True
    slack = 0.01 if wanted >= 0 or wanted > -1 else 0.01 * abs(wanted)
    return ours >= wanted - max(slack, 0.01 * abs(wanted) if wanted < 0 else 0)


def told_by(result):
    alarms = [(c["cause"], c["check"], c["message"]) for c in result.get("checks", []) if c["verdict"] in ("warn", "fail")]
    for f in result.get("findings", []):
        if f["severity"] in ("warning", "critical"):
            alarms += [(cause, f["rule"], f["message"]) for cause, _ in f["causes"]]
    alarms += [(r["cause"], r["rule"], r["message"]) for r in result.get("repairs", [])]  # the finding that it answers is gone
    return alarms


def is_repairable(folder):
    both = [tomllib.loads((folder / f"{kind}.toml").read_text()) for kind in ("faulty", "fixed")]
    for table in both:
        table.pop("data", None)
    return both[0] != both[1]


def random_repair(folder, seed, metric, repairs):
    done = subprocess.run([built("random_repair"), folder / "faulty.toml", ROOT.parent / "shared/data", str(seed), str(repairs)], capture_output=True, text=True)
    if done.returncode:
        return -math.inf
    return value({"metrics": {part: dict(of) for part, of in json.loads(done.stdout)["metrics"].items()}}, metric)


def faulty_case(job):
    folder, seed, cache, at_random = job
    case = json.loads((folder / "case.json").read_text())
    key = f"{folder.name}/{seed}"
    if key not in cache:
        both = {kind: train(folder / f"{kind}.toml", seed, "advise") for kind in ("faulty", "fixed")}
        cache[key] = {"faulty": value(both["faulty"], case["metric"]), "fixed": value(both["fixed"], case["metric"]),
                      "wall": max(r["wall"] for r in both.values()), "faulty_wall": both["faulty"]["wall"]}
    known = cache[key]
    ours = train(folder / "faulty.toml", seed, "repair")
    alarms = told_by(ours)
    result = {"name": folder.name, "seed": seed, "weak": case["weak"], "causes": case["causes"], "metric": case["metric"], **known,
            "ours": value(ours, case["metric"]), "seconds": ours["wall"], "random": at_random and random_repair(folder, seed, case["metric"], len(ours.get("repairs", []))), "told": list(dict.fromkeys(a[0] for a in alarms)), "alarms": alarms,
            "repairs": [r["message"] for r in ours.get("repairs", [])], "repairable": is_repairable(folder), "trouble": ours.get("trouble")}
    print(line_of(result), flush=True)
    return result


def healthy_case(job):
    file, seed = job
    ours, observed = train(file, seed, "repair"), train(file, seed, "observe", "none")
    return {"name": file.stem, "seed": seed, "alarms": told_by(ours), "repairs": [r["message"] for r in ours.get("repairs", [])],
            "same": ours.get("metrics") == observed.get("metrics"), "trouble": ours.get("trouble")}


FIELD = {"T02": "data-scale", "T05": "batch-size", "T08": "architecture data-quality", "T09": "architecture", "T10": "data-leak",
         "T11": "data-label", "T12": "learning-rate-low", "T13": "", "T18": "data-leak"}  # T13: an error


def field_case(job):
    name, seed = job
    folder = SHARED.parent / "field" / name
    faulty, fixed = (train(folder / f"{kind}.toml", seed, "advise") for kind in ("faulty", "fixed"))
    told = list(dict.fromkeys(a[0] for a in told_by(faulty)))
    return {"name": name, "seed": seed, "told": told, "detected": bool(told or "trouble" in faulty),
            "cause": bool(set(told[:3]) & set(FIELD[name].split())) or ("trouble" in faulty and not FIELD[name]),
            "alarms": told_by(fixed) or fixed.get("trouble")}


def report_field(results):
    for r in results:
        if not r["cause"] or r["alarms"]:
            print(f"field {r['name']}/{r['seed']}: told {r['told']}; fixed: {r['alarms']}")
    print(f"field: detected {share([r for r in results if r['detected']], results)}, with their cause "
          f"{share([r for r in results if r['cause']], results)}; fixed ones with an alarm {share([r for r in results if r['alarms']], results)}")


def share(some, of):
    return f"{len(some)} of {len(of)} ({100 * len(some) / max(1, len(of)):.1f} %)"


def line_of(r):
    good = reaches(r["ours"], r["fixed"])
    named = "not detected" if not r["told"] else "first" if r["told"][0] in r["causes"] else "third" if set(r["told"][:3]) & set(r["causes"]) else "other cause"
    state = "fixed" if good else "better" if r["ours"] > r["faulty"] + 0.02 else "no gain"
    text = (f"{r['name']}/{r['seed']}{' weak' if r['weak'] else ''}{'' if r['repairable'] else ' data'}: {named}; {state}: {r['metric']} faulty {r['faulty']:.4g}, "
            f"repaired {r['ours']:.4g}, fixed {r['fixed']:.4g}; {r['seconds'] / r['wall']:.2f} x; wanted {','.join(r['causes'])}; told {','.join(r['told'][:3])}"
            + (f"; {r['trouble']}" if r["trouble"] else ""))
    return "\n      ".join([text] + ([] if good else [t[:260] for t in r["repairs"]]))


def report_faulty(results):
    clear = [r for r in results if not r["weak"]]
    print(f"detected: {share([r for r in clear if r['told']], clear)} of the clear ones")
    print(f"right cause first: {share([r for r in clear if r['told'][:1] and r['told'][0] in r['causes']], clear)}, "
          f"among three: {share([r for r in clear if set(r['told'][:3]) & set(r['causes'])], clear)}")
    able = [r for r in clear if r["repairable"]]
    print(f"repaired: {share([r for r in able if reaches(r['ours'], r['fixed'])], able)} of the clear, repairable ones; "
          f"without repair: {share([r for r in able if reaches(r['faulty'], r['fixed'])], able)}")
    if any(r["random"] is not False for r in able):
        print(f"repaired at random: {share([r for r in able if reaches(r['random'], r['fixed'])], able)}")
    ratios = sorted(r["seconds"] / r["wall"] for r in results)
    print(f"time over one run: median {statistics.median(ratios):.2f}, 90 % below {ratios[int(.9 * len(ratios))]:.2f}, longest {ratios[-1]:.2f}")


def report_healthy(results):
    for r in results:
        if r["alarms"] or r["repairs"] or not r["same"] or r["trouble"]:
            print(f"healthy {r['name']}/{r['seed']}: {r['trouble'] or ''} {r['alarms'][:3]} {r['repairs']} {'same bits' if r['same'] else 'OTHER METRICS'}")
    print(f"healthy: {share([r for r in results if r['alarms']], results)} with an alarm, {share([r for r in results if r['repairs']], results)} changed, "
          f"{share([r for r in results if r['same']], results)} with the metrics of policy observe")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="*", default=[])
    options.add_argument("--kinds", default="faulty")
    options.add_argument("--seeds", default="1")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--cache")
    options.add_argument("--out")
    given = options.parse_args()
    cache = json.loads(Path(given.cache).read_text()) if given.cache and Path(given.cache).exists() else {}
    seeds = [int(s) for s in given.seeds.split(",")]
    everything = {}
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        if "faulty" in given.kinds:
            folders = [f for f in sorted(SHARED.iterdir()) if (f / "case.json").exists() and (not given.only or f.name in given.only)]
            everything["faulty"] = []
            for result in pool.map(faulty_case, [(f, s, cache, "random" in given.kinds) for s in seeds for f in folders]):
                everything["faulty"].append(result)
                if given.cache:
                    Path(given.cache).write_text(json.dumps(dict(cache)))
            report_faulty(everything["faulty"])
        if "healthy" in given.kinds:
            files = [SHARED / f"healthy/{n}.toml" for n in json.loads((SHARED / "healthy/index.json").read_text()) if not given.only or n in given.only]
            everything["healthy"] = list(pool.map(healthy_case, [(f, s) for s in seeds for f in files]))
            report_healthy(everything["healthy"])
        if "field" in given.kinds:
            everything["field"] = list(pool.map(field_case, [(n, s) for s in seeds for n in FIELD if not given.only or n in given.only]))
            report_field(everything["field"])
    if given.out:
        Path(given.out).write_text(json.dumps(everything, indent=1))


main()
