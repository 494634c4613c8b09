#!/usr/bin/env python3
"""Are trials of one shape, which differ only in rates and decays, faster stacked than side by side?

    benchmarks/stacked.py [--trials 4 16] [--threads 1 2] [--seconds 4] [--only NAME]

Steps of small networks on about 1,600 training rows: each thread trains its trials one after another (side), or as one pack with a member
for each trial (stacks), or all threads share one pack (stack). The ways take turns, an epoch of each in a block. Prints the microseconds
of a step of one trial on one thread in the fastest block of each way (CPU time where --threads is 1, otherwise wall time), and the ratio
of `side` to each other way: above 1, stacking is faster; first of the fastest blocks, then the median of all blocks, since other
programs of a shared machine slow single blocks down. On one thread also the CPU time of a whole trial of `tend tune`, the share of its
steps in it, and how much faster a study would become if all trials had steps as fast as in `stacks`, and the rest of a trial cost what it
does now. Needs build/release (./run builds it).
"""
import argparse
import itertools
import json
import resource
import statistics
import subprocess
import tempfile
from pathlib import Path

from programs import BUILD
from programs import program as built

EPOCHS, TRIALS = 10, 41
# The rates are so low that no gradient becomes subnormal: arithmetic on such numbers takes ten times as long.
EXPERIMENT = """seed = 1
[data]
source = {source}
validation = 0.2
[network]
layers = {layers}
[loss]
name = "{loss}"
[update]
optimizer = {{ name = "adam", learning_rate = 1e-5 }}
[train]
epochs = {epochs}
batch_size = {batch}
"""
TUNE = """[tune]
sampler = "random"
stopper = "none"
final_seeds = 0
[tune.parameters]
"update.optimizer.learning_rate" = { log_uniform = [1e-6, 1e-5] }
"update.weight_decay" = { log_uniform = [1e-6, 1e-2] }
"""
CLASSES = '{ generate = "blobs", rows = 2000, features = 10, classes = 3, noise = 3.0 }'
VALUES = '{ generate = "regression", rows = 2000, features = 10, noise = 0.3 }'
PERCEPTRON = '["flatten", {{ dense = {width} }}, "relu", {{ dense = {width} }}, "relu", {{ dense = {outputs} }}]'
CONVOLUTIONS = '[{ conv2d = 8, kernel = 3 }, "relu", { conv2d = 8, kernel = 3 }, "relu", "flatten", { dense = 10 }]'


def experiments():
    softmax = "softmax_cross_entropy"
    for width, batch in ((4, 8), (8, 32), (16, 32), (16, 128), (32, 32), (64, 32), (64, 128), (256, 32)):
        yield f"classes, width {width}, batch {batch}", CLASSES, PERCEPTRON.format(width=width, outputs=3), softmax, batch
    for width in (16, 64):
        yield f"values, width {width}, batch 32", VALUES, PERCEPTRON.format(width=width, outputs=1), "mean_squared_error", 32
        yield f"digits, width {width}, batch 32", '"digits"', PERCEPTRON.format(width=width, outputs=10), softmax, 32
    yield "digits, convolutions, batch 32", '"digits"', CONVOLUTIONS, softmax, 32


def cpu_seconds_of_trial(file, folder):
    """Of a whole trial on one thread: what a study of many trials takes more than one of a single trial."""
    def of_study(trials):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = [BUILD / "tend", "tune", file, "--run", f"{folder}/study", "--trials", trials, "--threads", 1, "--overwrite", "--quiet"]
        subprocess.run([str(w) for w in words], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    many, one = zip(*((of_study(TRIALS), of_study(1)) for _ in range(5)))
    return (min(many) - min(one)) / (TRIALS - 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, nargs="+", default=[4, 16])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=4, help="of each comparison")
    parser.add_argument("--only", default="", help="a part of the name: classes, values, digits, convolutions")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program, file = built("stacked"), Path(folder) / "e.toml"
        for name, source, layers, loss, batch in experiments():
            if given.only not in name:
                continue
            text = EXPERIMENT.format(source=source, layers=layers, loss=loss, epochs=EPOCHS, batch=batch)
            file.write_text(text + TUNE)
            trial = cpu_seconds_of_trial(file, folder)
            file.write_text(text)
            for trials, threads in itertools.product(given.trials, given.threads):
                words = [program, file, trials, threads, given.seconds]
                run = json.loads(subprocess.run([str(w) for w in words], check=True, capture_output=True, text=True).stdout)
                side = min(run["side"])
                line = f"{name:30} {run['flops']:7.2g} operations, {trials:2} trials, threads {threads}: side {side:7.2f} us"
                for way in ("stacks", "stack"):
                    if way in run:
                        middle = statistics.median(s / o for s, o in zip(run["side"], run[way]))
                        line += f"; {way} {min(run[way]):7.2f} us, ratio {side / min(run[way]):.2f} (median {middle:.2f})"
                if threads == 1:
                    steps = EPOCHS * run["steps"] * 1e-6
                    saved = steps * (side - min(run["stacks"]))
                    line += f"; a trial {trial * 1e3:.1f} ms, steps {100 * steps * side / trial:.0f} %, study {trial / (trial - saved):.2f}"
                print(line, flush=True)


if __name__ == "__main__":
    main()
