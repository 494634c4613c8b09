#!/usr/bin/env python3
"""Does a part of the recipe of tables help?

    benchmarks/table_parts.py [--parts NAME ...] [--tables NAME ...] [--seeds 0,1,2] [--threads 1] [--tend PATH] [--known FILE.json]
                              [-o FILE.md]

Each part is trained on the same rows as the usual recipe (benchmarks/tables.py: 80 % of each table of ../shared/data/tables, split by the
seed), with the experiment that tend infers and one change. Prints the means of the usual recipe and, for each part, the differences in the
score (accuracy or r2) and in the log loss with their 95 % intervals (Student's t, paired by seed). --known keeps results between calls, by
part, table and seed.
"""
import argparse
import copy
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import numpy as np

import tables


def kind_of(layer):
    return layer if isinstance(layer, str) else next(iter(layer))


def hidden(layers, change):
    return [new for layer in layers for new in change(layer)]


def numbers_and_categories(model):
    """Of the columns as the network sees them after the usual steps: numbers without their bins, and the levels of categories."""
    with open(model, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        pipeline = json.loads(json.loads(file.read(size))["__metadata__"]["tend"])["pipeline"]
    levels = [len(c.get("levels", [])) for c in pipeline["columns"]]
    edges = next((s["learnt"] for s in pipeline["steps"] if "piecewise_linear" in json.dumps(s["step"])), None)
    return pipeline, levels, edges


def periodic(frequencies, units, deviation, relu):
    """Layers that put periodic embeddings of the numbers beside the columns, for an experiment and its model."""

    def change(layers, model, bins):
        _, levels, edges = numbers_and_categories(model)
        places, at, column = [], 0, 0
        for count in levels:  # in the order of the raw columns; edges are by column after one_hot
            for _ in range(max(count, 1)):
                if count == 0:
                    places.append(at)
                at += max(1, len(edges[column])) if edges and bins else 1
                column += 1
        front = [{"select_columns": places, "name": "numbers"},
                 {"column_dense": frequencies, "initializer": {"normal": 2 * math.pi * deviation}, "bias_initializer": {"uniform": math.pi}},
                 "sine", {"column_dense": units}, *(["relu"] if relu else []), {"flatten": True, "name": "periodic"},
                 {"concat": ["input", "periodic"]}]
        return [*front, *layers]

    return change


def toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {toml(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(map(toml, value)) + "]" if isinstance(value, list) else json.dumps(value)


def steps_of(experiment, change):
    return f"prepare.steps={toml([new for step in experiment['prepare']['steps'] for new in change(step)])}"


def layers_of(experiment, change):
    return f"network.layers={toml(hidden(experiment['network']['layers'], change))}"


def embedded(experiment, model):
    """Categories of at least five values are looked up; the other columns stay as they are."""
    _, levels, _ = numbers_and_categories(model)
    categories = [n for n in levels if n > 0]
    if not categories:
        return None
    count = len(categories)
    steps = [s for s in experiment["prepare"]["steps"] if kind_of(s) != "one_hot"] + ["codes"]
    layers = [{"select_columns": list(range(count)), "name": "codes"}, {"column_embedding": [n + 1 for n in categories]},
              {"select_columns": list(range(count, width_of(model))), "from": "input", "name": "numbers"},
              {"concat": ["column_embedding_1", "numbers"]}, *experiment["network"]["layers"]]
    return [f"prepare.steps={toml(steps)}", f"network.layers={toml(layers)}"]


def width_of(model):
    """Columns after the steps with codes in place of one_hot."""
    _, levels, edges = numbers_and_categories(model)
    column, width = 0, 0
    for n in levels:
        width += 1 if n else max(1, len(edges[column]) if edges else 1)
        column += max(n, 1)
    return width


def dropped(experiment, model):
    """Dropout layers where there are none, and rates of their own for the members."""
    rates = "network.pack_dropout=[0.0, 0.0, 0.1, 0.2, 0.3, 0.5]"
    if any(kind_of(layer) == "dropout" for layer in experiment["network"]["layers"]):
        return [rates]
    return [rates, layers_of(experiment, lambda layer: [layer, {"dropout": 0.1}] if layer == "relu" else [layer])]


def without_bins(step):
    return [] if kind_of(step) == "piecewise_linear" else [step]


def with_periodic(*settings, bins):
    def change(experiment, model):
        layers = periodic(*settings)(experiment["network"]["layers"], model, bins)
        sets = [f"network.layers={toml(layers)}"]
        return sets if bins else [*sets, steps_of(experiment, without_bins)]

    return change


PARTS = {
    "the usual recipe": lambda e, m: [],
    "coslog4 instead of cosine": lambda e, m: ["update.schedule=coslog4"],
    "mish instead of relu": lambda e, m: [layers_of(e, lambda layer: ["mish" if layer == "relu" else layer])],
    "column_scale before the first layer": lambda e, m: [f"network.layers={toml(['column_scale', *e['network']['layers']])}"],
    "quantile_normal instead of robust_scale":
        lambda e, m: [steps_of(e, lambda step: ["quantile_normal" if step == "robust_scale" else step])],
    "periodic embeddings besides bins": with_periodic(16, 4, 0.1, False, bins=True),
    "periodic embeddings instead of bins": with_periodic(16, 4, 0.1, False, bins=False),
    "periodic embeddings with relu (PLR) instead of bins": with_periodic(16, 8, 0.1, True, bins=False),
    "column_embedding instead of one_hot": embedded,
    "members of other activations": lambda e, m: ['network.pack_activations=["relu", "mish", "selu", "tanh"]'],
    "members of other dropout": dropped,
    "members of other widths": lambda e, m: ["network.pack_widths=[32, 64, 128]"],
    "members of other depths": lambda e, m: ["network.pack_depths=[1, 2, 3]"],
}


def train(given, sets, name, seed):
    """The usual recipe: a bare run. A part: the experiment that this run wrote, with the changes."""
    table, target = tables.load(name)
    regression = tables.TABLES[name][3]
    rows, test = tables.train_test_split(table, test_size=0.2, random_state=seed, stratify=None if regression else table[target])
    kept = given.folder / f"{name}_{seed}.safetensors"
    with tempfile.TemporaryDirectory() as folder:
        if not sets:
            options = copy.copy(given)
            options.set = []
            result = tables.ours(options, target, rows, test, seed, regression, folder)
            kept.write_bytes((Path(folder) / "run/model.safetensors").read_bytes())
            kept.with_suffix(".toml").write_text((Path(folder) / "run/experiment.toml").read_text())
            return result
        paths = {key: Path(folder) / f"{key}.csv" for key in ("source", "test")}
        rows.to_csv(paths["source"], index=False)
        test.to_csv(paths["test"], index=False)
        experiment = Path(folder) / "experiment.toml"
        experiment.write_text(kept.with_suffix(".toml").read_text())
        command = [given.tend, "train", experiment, "--threads", given.threads, "--run", Path(folder) / "run", "--json", "--quiet"]
        for change in [*(f"data.{key}={json.dumps(str(path))}" for key, path in paths.items()), *sets]:
            command += ["--set", change]
        began = time.perf_counter()
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        seconds = time.perf_counter() - began
        summary = json.loads(done.stdout or "{}")
        if "metrics" not in summary:
            sys.exit(f"{' '.join(map(str, command))}: {done.stdout} {done.stderr}")
        alarms = [c["check"] for c in summary["checks"] if c["verdict"] in ("warn", "fail")]
        alarms += [f["rule"] for f in summary["findings"] if f["severity"] in ("warning", "critical")]
        metrics = summary["metrics"]["test"]
        return metrics["r2" if regression else "accuracy"], None if regression else metrics["loss"], seconds, alarms


def difference(part, usual, column):
    pairs = [(part[s][column], usual[s][column]) for s in part if s in usual and part[s][column] is not None]
    if not pairs:
        return "-"
    d = np.array([a - b for a, b in pairs])
    half = tables.T_OF_95[len(d)] * d.std(ddof=1) / math.sqrt(len(d)) if len(d) in tables.T_OF_95 else math.nan
    text = f"{d.mean():+.4f}" + ("" if math.isnan(half) else f" ± {half:.4f}")
    return text if len(d) == len(usual) else f"{text} ({len(d)} of {len(usual)} seeds)"


def report(known, names, parts):
    usual = known["the usual recipe"]
    mean = {name: [np.mean([r[c] for r in usual[name].values()]) if usual[name] and None not in [r[c] for r in usual[name].values()] else None
                   for c in (0, 1)] for name in names}
    lines = [["part", "", *names, "mean"], ["---"] * (len(names) + 3),
             ["the usual recipe", "score", *(f"{mean[n][0]:.4f}" for n in names), f"{np.mean([mean[n][0] for n in names]):.4f}"],
             ["", "log loss", *("-" if mean[n][1] is None else f"{mean[n][1]:.4f}" for n in names), ""]]
    for part in parts:
        if part == "the usual recipe" or part not in known:
            continue
        for title, column in (("score", 0), ("log loss", 1)):
            cells = [difference(known[part].get(n, {}), usual[n], column) for n in names]
            means = [float(c.split()[0]) for c in cells if c != "-"]
            lines.append([part if column == 0 else "", title, *cells, f"{np.mean(means):+.4f}" if means else "-"])
        alarms = sorted({a for of in known[part].values() for r in of.values() for a in r[3]})
        if alarms:
            lines.append(["", "alarms", *[", ".join(sorted({a for r in known[part].get(n, {}).values() for a in r[3]})) or "0" for n in names], ""])
    return ["| " + " | ".join(line) + " |" for line in lines]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--parts", nargs="*", choices=list(PARTS), default=list(PARTS))
    options.add_argument("--tables", nargs="*", choices=list(tables.TABLES), default=list(tables.TABLES))
    options.add_argument("--seeds", default="0,1,2")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--tend", default=os.environ.get("TEND", tables.ROOT / "build/release/tend"))
    options.add_argument("--known", help="a file that keeps results between calls")
    options.add_argument("-o", "--output", help="a file for the markdown table")
    given = options.parse_args()
    path = Path(given.known or "/dev/null")
    known = json.loads(path.read_text()) if given.known and path.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        given.folder = Path(given.known + ".runs") if given.known else Path(folder)
        given.folder.mkdir(exist_ok=True)
        for name in given.tables:
            for seed in given.seeds.split(","):
                for part in ["the usual recipe", *(p for p in given.parts if p != "the usual recipe")]:
                    of = known.setdefault(part, {}).setdefault(name, {})
                    if seed in of:
                        continue
                    kept = given.folder / f"{name}_{seed}.safetensors"
                    experiment = tomllib.loads(kept.with_suffix(".toml").read_text()) if kept.exists() else {}
                    sets = PARTS[part](experiment, kept)
                    if sets is None:
                        continue
                    of[seed] = train(given, sets, name, int(seed))
                    print(part, name, seed, *of[seed], file=sys.stderr, flush=True)
                    if given.known:
                        path.write_text(json.dumps(known))
    lines = report(known, given.tables, given.parts)
    print("\n".join(lines))
    if given.output:
        Path(given.output).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
