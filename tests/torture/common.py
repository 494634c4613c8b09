"""For the torture tests: a short experiment, its uninterrupted run, and comparisons with it."""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("TEND_BUILD", os.path.join(ROOT, "build", "release"))
TEND = os.environ.get("TORTURE_TEND", os.path.join(BUILD, "tend"))
SHIM = os.environ.get("TORTURE_SHIM", os.path.join(BUILD, "libtorture.so"))
SHORT = """seed = 3
[data]
source = { generate = "blobs", rows = 300, noise = 1.0 }
validation = 0.2
test = 0.1
[network]
layers = [{ dense = 16 }, "batch_norm", "relu", { dropout = 0.2 }, { dense = 3 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "adam", learning_rate = 0.01 }
[train]
epochs = 4
batch_size = 32
[watch]
checks = "none"
"""


def counted(usual):
    """The number of cases: --count N; and the seed."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--count", type=int, default=usual, help="the number of cases")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices")
    given = parser.parse_args()
    random.seed(given.seed)
    return given.count


class Site:
    """A temporary folder with an experiment and its uninterrupted run "whole"."""

    def __init__(self, experiment=SHORT, epochs=None):
        self.path = os.path.realpath(tempfile.mkdtemp(prefix="tend_torture_"))
        with open(self / "e.toml", "w") as file:
            file.write(experiment if epochs is None else experiment.replace("epochs = 4", f"epochs = {epochs}"))
        started = time.time()
        done = self.tend("train", "e.toml", "--run", "whole", "--quiet")
        self.seconds = time.time() - started
        if done.returncode:
            sys.exit(f"the uninterrupted run failed: {done.stderr}")
        self.whole = self.result("whole")
        self.troubles = []

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def start(self, *words, env=None, **more):
        return subprocess.Popen([TEND, *words], cwd=self.path, env={**os.environ, "OMP_NUM_THREADS": "2", **(env or {})},
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)

    def tend(self, *words, env=None, **more):
        process = self.start(*words, env=env, **more)
        try:
            out, error = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            out, error = process.communicate()
            error += "\nit did not end in 120 seconds"
        return subprocess.CompletedProcess(words, process.returncode, out, error)

    def result(self, run):
        """What must be equal to the bit: the model, and the metrics of the summary."""
        with open(self / f"{run}/model.safetensors", "rb") as file:
            model = file.read()
        with open(self / f"{run}/summary.json") as file:
            summary = json.load(file)
        return model, summary["metrics"], summary["steps"], summary["status"]

    def fail(self, case, text):
        self.troubles.append(f"{case}: {text}")
        print(self.troubles[-1], file=sys.stderr, flush=True)

    def ends_like_whole(self, run, case, again=True):
        """Resumes the run to its end, and compares it with the uninterrupted one. Trains it if it never began. True if all is well."""
        if again:
            words = ("resume", run, "--quiet") if os.path.exists(self / f"{run}/experiment.toml") else \
                    ("train", "e.toml", "--run", run, "--quiet")
            done = self.tend(*words)
            if done.returncode:
                return self.fail(case, f"{words[0]} ended with {done.returncode}: {done.stderr.strip()}")
        try:
            if self.result(run) != self.whole:
                return self.fail(case, "the bits differ from those of the uninterrupted run")
        except (OSError, ValueError) as error:
            return self.fail(case, f"the result cannot be read: {error}")
        done = self.tend("verify", run)
        if done.returncode:
            return self.fail(case, f"verify: {done.stdout}{done.stderr}")
        return True

    def remove(self, run):
        shutil.rmtree(self / run, ignore_errors=True)

    def end(self, good, of, what):
        """Prints the figure, removes the folder, and ends with 1 if a case failed."""
        shutil.rmtree(self.path, ignore_errors=True)
        print(f"{good} of {of} {what}", flush=True)
        sys.exit(0 if good == of and not self.troubles else 1)
