#!/usr/bin/env python3
"""Is a bare run on a table as good as scikit-learn's perceptron with the usual preparation?

    benchmarks/tables.py [--tables NAME ...] [--seeds 0,1,2,3,4] [--jobs 1] [--tend PATH] [--boosting] [--set KEY=VALUE ...] [-o FILE.md]

Each table of ../shared/data/tables is split five times into 80 % and 20 % of its rows, stratified for classes. tend gets the 80 % and a
target column, and infers everything else; it needs a validation part, and takes it from these rows. scikit-learn's MLPClassifier or
MLPRegressor gets the same rows: missing values filled, numbers and regression targets standardized, texts one-hot, early_stopping=True.
Both predict the same 20 %. --boosting adds HistGradientBoosting with its defaults. --set passes on settings, to compare recipes.
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


def load(name):
    target, header, _, _ = TABLES[name]
    table = pd.read_csv(FOLDER / f"{name}.csv", skipinitialspace=True, na_values=["?"], header=0 if header else None)
    if not header:
        table.columns = [f"column_{c}" for c in table.columns]
        target = f"column_{target}"
    return table.dropna(subset=[target]), target


def peer(kind, name, target, train, test, seed):
    _, _, copies, regression = TABLES[name]
    x, held = train.drop(columns=[target, *copies]), test.drop(columns=[target, *copies])
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
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = make_pipeline(columns, model).fit(x, train[target]).score(held, test[target])
    return score, time.perf_counter() - began


def ours(given, target, train, test, seed, regression, folder):
    paths = [Path(folder) / "train.csv", Path(folder) / "test.csv"]
    for path, part in zip(paths, (train, test)):
        part.to_csv(path, index=False)
    command = [given.tend, "train", paths[0], "--target", target, "--seed", seed, "--threads", 1, "--set", f"data.test={json.dumps(str(paths[1]))}",
               "--run", Path(folder) / "run", "--json", "--quiet"]
    for change in given.set:
        command += ["--set", change]
    began = time.perf_counter()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if not done.stdout.strip():
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    summary = json.loads(done.stdout)
    alarms = [c["check"] for c in summary["checks"] if c["verdict"] in ("warn", "fail")]
    alarms += [f["rule"] for f in summary["findings"] if f["severity"] in ("warning", "critical")]
    return summary["metrics"]["test"]["r2" if regression else "accuracy"], seconds, alarms


def one(job):
    name, seed, given = job
    table, target = load(name)
    regression = TABLES[name][3]
    train, test = train_test_split(table, test_size=0.2, random_state=seed, stratify=None if regression else table[target])
    with tempfile.TemporaryDirectory() as folder:
        score, seconds, alarms = ours(given, target, train, test, seed, regression, folder)
    row = {"table": name, "seed": seed, "tend": score, "tend_seconds": seconds, "alarms": alarms}
    for kind in ["mlp"] + ["boosting"] * given.boosting:
        key = f"{kind} {name} {seed}"
        if key not in given.known:
            given.known[key] = peer(kind, name, target, train, test, seed)
        row[kind], row[f"{kind}_seconds"] = given.known[key]
    return row


def line(name, rows, boosting):
    scores, peers = np.array([r["tend"] for r in rows]), np.array([r["mlp"] for r in rows])
    differences = scores - peers
    half = T_OF_95[len(rows)] * differences.std(ddof=1) / math.sqrt(len(rows)) if len(rows) in T_OF_95 else math.nan
    spread = [v.std(ddof=1) if len(rows) > 1 else math.nan for v in (scores, peers)]
    alarms = sorted({a for r in rows for a in r["alarms"]})
    cells = [name, "r2" if TABLES[name][3] else "accuracy", f"{scores.mean():.4f} ± {spread[0]:.4f}", f"{peers.mean():.4f} ± {spread[1]:.4f}",
             f"{differences.mean():+.4f} ± {half:.4f}"]
    if boosting:
        cells.append(f"{np.mean([r['boosting'] for r in rows]):.4f}")
    cells += [f"{np.mean([r['tend_seconds'] for r in rows]):.1f}", f"{np.mean([r['mlp_seconds'] for r in rows]):.1f}", ", ".join(alarms) or "0"]
    return "| " + " | ".join(cells).replace(" ± nan", "") + " |"  # one seed has no spread


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tables", nargs="*", choices=list(TABLES), default=list(TABLES))
    options.add_argument("--seeds", default="0,1,2,3,4")
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument("--tend", default=os.environ.get("TEND", ROOT / "build/release/tend"))
    options.add_argument("--boosting", action="store_true", help="also HistGradientBoosting with its defaults")
    options.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="settings for tend")
    options.add_argument("--peers", help="a file that keeps the results of scikit-learn between calls")
    options.add_argument("-o", "--output", help="a file for the markdown table")
    given = options.parse_args()
    given.known = json.loads(Path(given.peers).read_text()) if given.peers and Path(given.peers).exists() else {}
    jobs = [(name, int(seed), given) for name in given.tables for seed in given.seeds.split(",")]
    head = ["table", "metric", "tend", "scikit-learn MLP", "difference"] + ["boosting"] * given.boosting + ["s, tend", "s, MLP", "alarms"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    print("\n".join(lines), flush=True)
    rows = []
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for row in pool.map(one, jobs):
            rows.append(row)
            found = [r for r in rows if r["table"] == row["table"]]
            if len(found) == len(given.seeds.split(",")):
                lines.append(line(row["table"], found, given.boosting))
                print(lines[-1], flush=True)
                if given.peers:
                    Path(given.peers).write_text(json.dumps(given.known))
    means = [np.mean([r["tend"] - r["mlp"] for r in rows if r["table"] == name]) for name in given.tables]
    lines += ["", f"Mean difference over the tables: {np.mean(means):+.4f}; tend is ahead on {sum(m > 0 for m in means)} of {len(means)}."]
    print("\n".join(lines[-2:]))
    if given.output:
        command = f"benchmarks/tables.py --seeds {given.seeds} --tables {' '.join(given.tables)}" + " --boosting" * given.boosting
        command += "".join(f" --set '{change}'" for change in given.set)  # no paths of this machine
        Path(given.output).write_text("# Bare runs on tables\n\nMeans ± standard deviation over the seeds on the same test rows; the "
                                      "difference has its 95 % interval (Student's t, paired by seed).\nOne thread each. Made by "
                                      f"`{command}`.\n\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
