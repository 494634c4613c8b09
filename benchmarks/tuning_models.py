#!/usr/bin/env python3
"""Is the search of `tend tune --ask-tell` better than Optuna's where scikit-learn's models are tuned? After Bayesmark (Uber, 2019).

    benchmarks/tuning_models.py [--models tree,svm ... --data iris,wine ... --engines tend,tpe,gp,random --seeds 0,1 --batches 16x8]
                                [--known FILE.json]

A problem is a model of scikit-learn on one of its bundled data sets: the mean loss of 5-fold cross-validation (log loss; mean squared error)
over the spaces of Bayesmark. An engine gets 16 batches of 8 proposals: it sees the values of a batch only after the whole batch.
score = 100 (1 - mean of (found - best) / (median - best), between -1 and 1): best is the lowest value that any engine of this call found on
the problem, median that of single random proposals. 100 is the best, random proposals have about 91. The engines run on the same problems in
turn; differences are paired by problem and seed, with their 95 % interval. Needs scikit-learn and optuna (PyPI; its gp needs torch), and
build/release/tend (./run builds it). --known keeps values between calls.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TEND = os.environ.get("TEND", str(ROOT / "build/release/tend"))
CHANCES = 100  # random proposals, whose median is the worst that counts
TREE = {"max_depth": ("int", 1, 15), "min_samples_split": ("logit", 0.01, 0.99), "min_samples_leaf": ("logit", 0.01, 0.49),
        "min_weight_fraction_leaf": ("logit", 0.01, 0.49), "max_features": ("logit", 0.01, 0.99), "min_impurity_decrease": ("uniform", 0.0, 0.5)}
NETWORK = {"hidden_layer_sizes": ("int", 50, 200), "alpha": ("log", 1e-5, 1e1), "batch_size": ("int", 10, 250),
           "learning_rate_init": ("log", 1e-5, 1e-1), "tol": ("log", 1e-5, 1e-1), "validation_fraction": ("logit", 0.1, 0.9)}
# The spaces of Bayesmark, without what newer versions of scikit-learn no longer have.
SPACES = {
    "neighbours": {"n_neighbors": ("int", 1, 25), "p": ("int", 1, 4)},
    "svm": {"C": ("log", 1.0, 1e3), "gamma": ("log", 1e-4, 1e-3), "tol": ("log", 1e-5, 1e-1)},
    "tree": TREE,
    "forest": TREE,
    "boosted": {"n_estimators": ("int", 10, 100), "learning_rate": ("log", 1e-4, 1e1)},
    "linear": {"strength": ("log", 1e-2, 1e2), "tol": ("log", 1e-5, 1e-1)},
    "adam": {**NETWORK, "beta_1": ("logit", 0.5, 0.99), "beta_2": ("logit", 0.9, 1 - 1e-6), "epsilon": ("log", 1e-9, 1e-6)},
    "sgd": {**NETWORK, "momentum": ("logit", 0.001, 0.999), "power_t": ("logit", 0.1, 0.9)},
}


def model_of(name, is_class, p):
    from sklearn import ensemble, linear_model, neighbors, neural_network, svm, tree
    kind = "Classifier" if is_class else "Regressor"
    if name == "neighbours":
        return getattr(neighbors, f"KNeighbors{kind}")(**p)
    if name == "svm":
        return svm.SVC(probability=True, random_state=0, **p) if is_class else svm.SVR(**p)
    if name == "tree":
        return getattr(tree, f"DecisionTree{kind}")(random_state=0, **p)
    if name == "forest":
        return getattr(ensemble, f"RandomForest{kind}")(n_estimators=10, random_state=0, **p)
    if name == "boosted":
        return getattr(ensemble, f"AdaBoost{kind}")(random_state=0, **p)
    if name == "linear":
        return linear_model.LogisticRegression(C=p["strength"], tol=p["tol"], max_iter=200) if is_class else \
            linear_model.Ridge(alpha=p["strength"], tol=p["tol"])
    return getattr(neural_network, f"MLP{kind}")(solver=name, early_stopping=True, max_iter=40, random_state=0, **p)


class Problem:
    """A model on a data set: value(parameters) is to be made small."""

    def __init__(self, model, data):
        from sklearn import datasets, model_selection, preprocessing
        x, y = getattr(datasets, f"load_{data}")(return_X_y=True)
        self.name, self.model, self.is_class = f"{model}/{data}", model, data != "diabetes"
        x, _, self.y, _ = model_selection.train_test_split(x, y, test_size=0.2, random_state=0)
        self.x = preprocessing.StandardScaler().fit_transform(x)
        splits = model_selection.StratifiedKFold if self.is_class else model_selection.KFold
        self.parts = list(splits(5, shuffle=True, random_state=0).split(self.x, self.y))
        self.space = SPACES[model]

    def value(self, parameters):
        from sklearn import metrics
        losses = []
        for train, test in self.parts:
            try:
                fitted = model_of(self.model, self.is_class, parameters).fit(self.x[train], self.y[train])
                if self.is_class:
                    losses.append(metrics.log_loss(self.y[test], fitted.predict_proba(self.x[test]), labels=np.unique(self.y)))
                else:
                    losses.append(metrics.mean_squared_error(self.y[test], fitted.predict(self.x[test])))
            except ValueError:  # the parameters do not suit the data: a fit that diverges
                return math.inf
        return statistics.mean(losses)


def drawn(space, random):
    def one(kind, low, high):
        if kind == "int":
            return int(random.integers(low, high + 1))
        to, back = {"log": (math.log, math.exp), "logit": (lambda v: math.log(v / (1 - v)), lambda v: 1 / (1 + math.exp(-v))),
                    "uniform": (float, float)}[kind]
        return min(high, max(low, back(random.uniform(to(low), to(high)))))
    return {name: one(*given) for name, given in space.items()}


def by_random(problem, batches, size, seed):
    random = np.random.default_rng(seed)
    return [problem.value(drawn(problem.space, random)) for _ in range(batches * size)]


def by_optuna(problem, batches, size, seed, kind):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers = {"tpe": optuna.samplers.TPESampler, "gp": optuna.samplers.GPSampler}
    study = optuna.create_study(sampler=samplers[kind](seed=seed))
    logit = lambda v: math.log(v / (1 - v))  # noqa: E731

    def suggested(trial):
        parameters = {}
        for name, (scale, low, high) in problem.space.items():
            if scale == "int":
                parameters[name] = trial.suggest_int(name, low, high)
            elif scale == "logit":
                parameters[name] = min(high, max(low, 1 / (1 + math.exp(-trial.suggest_float(name, logit(low), logit(high))))))
            else:
                parameters[name] = trial.suggest_float(name, low, high, log=scale == "log")
        return parameters

    values = []
    for _ in range(batches):
        trials = [study.ask() for _ in range(size)]
        told = [(trial, problem.value(suggested(trial))) for trial in trials]
        for trial, value in told:
            if math.isfinite(value):
                study.tell(trial, value)
            else:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
            values.append(value)
    return values


def by_tend(problem, batches, size, seed):
    scales = {"int": "int", "log": "log_uniform", "logit": "logit", "uniform": "uniform"}
    lines = [f"seed = {seed}", "[tune]", 'direction = "minimize"', "steps = 1", f"budget_steps = {batches * size}", "[tune.parameters]"]
    lines += [f"{name} = {{ {scales[kind]} = [{low!r}, {high!r}] }}" for name, (kind, low, high) in problem.space.items()]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "study.toml").write_text("\n".join(lines) + "\n")
        process = subprocess.Popen([TEND, "tune", "study.toml", "--ask-tell"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder)

        def talk(message):
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline() or '{"error": "the engine has ended"}')

        values = []
        for _ in range(batches):
            trials = [talk({"ask": True}) for _ in range(size)]
            if "trial" not in trials[0]:
                sys.exit(f"tend tune: {trials[0]}")
            told = [(t["trial"], problem.value(t["parameters"])) for t in trials if "trial" in t]
            for trial, value in told:
                talk({"tell": trial, "values": [value if math.isfinite(value) else None]})
                values.append(value)
        process.stdin.close()
        process.wait(60)
    return values


ENGINES = {"tend": by_tend, "random": by_random, "tpe": lambda *a: by_optuna(*a, "tpe"), "gp": lambda *a: by_optuna(*a, "gp")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(SPACES))
    parser.add_argument("--data", default="iris,wine,breast_cancer,digits,diabetes")
    parser.add_argument("--engines", default="tend,tpe,gp,random")
    parser.add_argument("--seeds", default="0,1")
    parser.add_argument("--batches", default="16x8")
    parser.add_argument("--known", type=Path)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    batches, size = map(int, given.batches.split("x"))
    known = json.loads(given.known.read_text()) if given.known and given.known.exists() else {}
    engines, seeds = given.engines.split(","), given.seeds.split(",")
    losts = {engine: [] for engine in engines}
    for data in given.data.split(","):
        for model in given.models.split(","):
            problem = Problem(model, data)
            chance = f"{problem.name} chance"
            if chance not in known:
                random = np.random.default_rng(12345)
                known[chance] = [problem.value(drawn(problem.space, random)) for _ in range(CHANCES)]
            for seed in seeds:
                for engine in engines:
                    key = f"{problem.name} {engine} {seed} {given.batches}"
                    if key not in known:
                        known[key] = min(ENGINES[engine](problem, batches, size, int(seed)))
            if given.known:
                given.known.write_text(json.dumps(known))
            values = {engine: [known[f"{problem.name} {engine} {seed} {given.batches}"] for seed in seeds] for engine in engines}
            best = min(min(v) for v in [*values.values(), known[chance]])
            median = statistics.median(known[chance])
            lost = {e: [min(1.0, max(-1.0, (v - best) / (median - best))) for v in values[e]] for e in engines}
            for e in engines:
                losts[e] += lost[e]
            print(f"{problem.name:24}" + "  ".join(f"{e} {100 * (1 - statistics.mean(lost[e])):6.2f}" for e in engines), flush=True)
    print("score" + " " * 19 + "  ".join(f"{e} {100 * (1 - statistics.mean(losts[e])):6.2f}" for e in engines))
    for e in engines[1:]:
        gains = [100 * (b - a) for a, b in zip(losts[engines[0]], losts[e])]
        spread = 1.96 * statistics.stdev(gains) / math.sqrt(len(gains)) if len(gains) > 1 else math.nan
        print(f"{engines[0]} - {e}: {statistics.mean(gains):+.2f} +- {spread:.2f}; better in {sum(g > 0 for g in gains)}, "
              f"worse in {sum(g < 0 for g in gains)} of {len(gains)}")


main()
