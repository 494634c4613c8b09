#!/usr/bin/env python3
"""Is the search of `tend tune` better than Optuna's on real trainings? The best validation loss found with the epochs of so many full
trainings, on ten tasks, pairs by seed.

    benchmarks/tuning_trainings.py [--seeds 20 --budget 20 --tasks iris,wine --optuna tpe+hyperband,tpe+halving --packs]

All search the same space about the same experiment, and tend makes every training: `tend tune` by itself; Optuna by its sampler and
pruner, which see the values of each epoch. Epochs are counted, not seconds. An experiment has one network and a fifth of the rows for
validation; --packs leaves the packs and folds that tend infers. A task is won where tend's loss is lower in more pairs than it is higher;
the mean difference has its 95 % interval (Student's t, paired by seed). Needs optuna and scipy (PyPI), ../shared/data and
build/release/tend (./run builds it).
"""
import argparse
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from scipy import stats

ROOT = Path(__file__).resolve().parent.parent
TEND, DATA = Path(os.environ.get("TEND", ROOT / "build/release/tend")), ROOT.parent / "shared/data"
EPOCHS = 27
TASKS = {
    "iris": ["tables/iris.csv", "--target", "species"],
    "wine": ["tables/winequality-red.csv", "--target", "11"],
    "cancer": ["tables/breast-cancer-wisconsin.csv", "--target", "9"],
    "mpg": ["tables/mpg.csv", "--target", "mpg"],
    "titanic": ["tables/titanic.csv", "--target", "survived", "--ignore", "alive"],
    "phoneme": ["tables/phoneme.csv", "--target", "5"],
    "adult": ["tables/adult.csv", "--target", "income", "--set", "data.limit=3000"],
    "diamonds": ["tables/diamonds.csv", "--target", "price", "--set", "data.limit=3000"],
    "digits": ["digits", "--set", 'network.layers=["flatten", {dense=64}, "relu", {dropout=0.2}, {dense=10}]'],
    "moons": ["--set", 'data.source={generate="moons", rows=600, noise=0.3}'],
}


def literal(words, folder, packs):
    """The experiment that tend infers, without early stopping, as a file."""
    words = [str(DATA / w) if w.startswith("tables/") else w for w in words]
    if not packs:
        words += ["--set", "network.pack=1", "--set", "data.validation=0.2"]
    subprocess.run([TEND, "train", *words, "--epochs", "1", "--run", f"{folder}/given", "--quiet"], check=True)
    text = Path(f"{folder}/given/experiment.toml").read_text()
    text = re.sub(r"^epochs = .*", f"epochs = {EPOCHS}", text, flags=re.M)
    text = re.sub(r"^early_stopping = .*\n", "", text, flags=re.M)
    text = re.sub(r"^\[train\.early_stopping\]\n(?:[^\[].*\n|\n)*", "", text, flags=re.M)
    return text


def space(text):
    """The same for both: rate, weight decay, width, and the dropout where there is some."""
    rate = float(re.search(r"learning_rate = ([0-9.e-]+)", text).group(1))
    parameters = {"update.optimizer.learning_rate": ("log", rate / 30, rate * 30), "update.weight_decay": ("log", 1e-4, 1.0),
                  "network.layers.dense_1.dense": ("int", 8, 128)}
    if "dropout" in text:
        parameters["network.layers.dropout_1.dropout"] = ("uniform", 0.0, 0.6)
    return parameters


def by_tend(text, parameters, budget, seed, folder):
    names = {"log": "log_uniform", "int": "int", "uniform": "uniform"}
    lines = [f'"{name}" = {{ {names[kind]} = [{low}, {high}] }}' for name, (kind, low, high) in parameters.items()]
    path = Path(f"{folder}/tend.toml")
    path.write_text(re.sub(r"^seed = \d+", f"seed = {seed}", text, flags=re.M) +
                    f"\n[tune]\nbudget = {budget}\nfinal_seeds = 0\nparallel = 1\n[tune.parameters]\n" + "\n".join(lines) + "\n")
    done = subprocess.run([TEND, "tune", path, "--run", f"{folder}/tend-{seed}", "--json", "--quiet"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"tend tune failed: {done.stderr}")
    return json.loads(done.stdout)["best"]["value"]


def by_optuna(text, parameters, budget, seed, folder, sampler, pruner):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers = {"tpe": optuna.samplers.TPESampler, "gp": optuna.samplers.GPSampler, "random": optuna.samplers.RandomSampler}
    pruners = {"halving": lambda: optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3),
               "hyperband": lambda: optuna.pruners.HyperbandPruner(min_resource=1, max_resource=EPOCHS),
               "median": optuna.pruners.MedianPruner, "none": optuna.pruners.NopPruner}
    study = optuna.create_study(sampler=samplers[sampler](seed=seed), pruner=pruners[pruner](), study_name="s")
    study.enqueue_trial({name: given_value(text, name) for name in parameters if given_value(text, name) is not None})
    path = Path(f"{folder}/optuna.toml")
    path.write_text(re.sub(r"^seed = \d+", f"seed = {seed}", text, flags=re.M))
    left, best, number = budget * EPOCHS, float("inf"), 0
    while left > 0:
        trial = study.ask()
        words = []
        for name, (kind, low, high) in parameters.items():
            v = trial.suggest_int(name, low, high) if kind == "int" else trial.suggest_float(name, low, high, log=kind == "log")
            words += ["--set", f"{name}={v!r}"]
        run = f"{folder}/optuna-run"
        subprocess.run([TEND, "train", path, "--run", run, "--overwrite", "--quiet", *words],
                       env={**os.environ, "TEND_WATCH__CHECKS": "none", "TEND_WATCH__POLICY": "observe"}, capture_output=True)
        values = []
        with open(f"{run}/metrics.csv") as file:
            for row in csv.DictReader(file):
                values.append(float(row["validation_loss"]))
        state, last = optuna.trial.TrialState.COMPLETE, float("inf")
        for step, value in enumerate(values[:left], 1):
            left -= 1
            if value != value or value == float("inf"):
                state = optuna.trial.TrialState.FAIL
                break
            best, last = min(best, value), min(last, value)
            trial.report(last, step)
            if step < len(values) and trial.should_prune():
                state = optuna.trial.TrialState.PRUNED
                break
        if not values:
            state, left = optuna.trial.TrialState.FAIL, left - 1
        study.tell(trial, last if state == optuna.trial.TrialState.COMPLETE else None, state=state)
        number += 1
    return best


def given_value(text, name):
    key = name.split(".")[-1]
    found = re.search(rf"\b{key} = ([0-9.e-]+)", text)
    return (int if key == "dense" else float)(found.group(1)) if found else None


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--seeds", type=int, default=20)
parser.add_argument("--budget", type=int, default=20)
parser.add_argument("--tasks", default=",".join(TASKS))
parser.add_argument("--optuna", default="tpe+hyperband", help="tpe|gp|random + halving|hyperband|median|none, several with commas")
parser.add_argument("--packs", action="store_true")
given = parser.parse_args()
if not DATA.exists():
    sys.exit(f"skipped: {DATA} is not there")
rivals, won = given.optuna.split(","), {}
for task in given.tasks.split(","):
    found = {name: [] for name in ["tend", *rivals]}
    for seed in range(given.seeds):
        with tempfile.TemporaryDirectory() as folder:
            text = literal(TASKS[task], folder, given.packs)
            parameters = space(text)
            found["tend"].append(by_tend(text, parameters, given.budget, seed, folder))
            for rival in rivals:
                found[rival].append(by_optuna(text, parameters, given.budget, seed, folder, *rival.split("+")))
    print(f"{task:9} tend {statistics.mean(found['tend']):.4f}", end="")
    for rival in rivals:
        differences = [b - a for a, b in zip(found["tend"], found[rival])]
        better, worse = sum(d > 0 for d in differences), sum(d < 0 for d in differences)
        won[rival] = won.get(rival, 0) + (better > worse)
        width = stats.t.ppf(0.975, len(differences) - 1) * statistics.stdev(differences) / len(differences) ** 0.5 if len(differences) > 1 else float("inf")
        print(f"   {rival} {statistics.mean(found[rival]):.4f}, higher by {statistics.mean(differences):+.4f} +- {width:.4f}, "
              f"in {better} pairs, lower in {worse}", end="")
    print(flush=True)
for rival in rivals:
    print(f"tend wins {won[rival]} of {len(given.tasks.split(','))} tasks against Optuna's {rival} (budget {given.budget}, {given.seeds} seeds)")
