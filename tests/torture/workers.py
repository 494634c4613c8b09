"""Many processes train the trials of one study in one SQLite file and are killed at random moments: no trial is lost, doubled or
stuck, and the study is that of one process. --count: kills."""
import os
import random
import sqlite3
import subprocess
import time

from common import Site, counted

WORKERS = 32
EXPERIMENT = """seed = 3
[data]
source = { generate = "blobs", rows = 1000, classes = 3, noise = 1.5 }
validation = 0.3
[network]
layers = [{ dense = 16 }, "relu", { dense = 3 }]
[loss]
name = "softmax_cross_entropy"
[update]
optimizer = { name = "momentum", learning_rate = 0.001 }
[train]
epochs = 27
batch_size = 16
[tune]
final_seeds = 0
parallel = 32
budget = %d
parameters = { "update.optimizer.learning_rate" = { log_uniform = [1e-3, 1.0] } }
"""


def decisions(folder):
    """Every assignment with its result, without who made it and when."""
    with sqlite3.connect(f"{folder}/study.db") as db:
        return db.execute("SELECT number, trial, from_epoch, to_epoch, place, report FROM assignment ORDER BY number").fetchall()


count = counted(200)
site = Site(epochs=2)
with open(site / "study.toml", "w") as file:
    file.write(EXPERIMENT % max(40, 2 * count))
alone = site.start("tune", "study.toml", "--run", "alone", "--quiet", "--threads", "2")
alone.communicate()
site.start("tune", "study.toml", "--run", "many", "--quiet", "--time", "0.01s").communicate()  # makes the study
workers, killed, done_by_then, began = [], 0, 0, time.monotonic()
start = lambda: site.start("tune", "--worker", "many", "--quiet", "--threads", "1")
while True:
    workers = [w for w in workers if w.poll() is None]
    while len(workers) < WORKERS and killed < count:
        workers.append(start())
    if killed < count:
        time.sleep(random.uniform(0, 0.6))
        victim = random.choice(workers)
        victim.kill()
        victim.communicate()
        killed += 1
        if killed == count:
            done_by_then = sum(bool(row[-1]) for row in decisions(site / "many"))
        continue
    if not workers:
        break
    time.sleep(0.1)
last = start()
text = last.communicate()
wanted, found = decisions(site / "alone"), decisions(site / "many")
problems = []
if last.returncode != 0:
    problems.append(f"the last worker ended with {last.returncode}: {text}")
if any(not row[-1] for row in found):
    problems.append(f"{sum(not row[-1] for row in found)} assignments are stuck")
if len({row[0] for row in found}) != len(found):
    problems.append("an assignment is doubled")
if found != wanted:
    first = next((i for i, (a, b) in enumerate(zip(wanted, found)) if a != b), min(len(wanted), len(found)))
    problems.append(f"the study differs from that of one process: {len(wanted)} and {len(found)} assignments, first at {first}")
for problem in problems:
    print("  " + problem)
print(f"  {killed} kills of {WORKERS} workers; {done_by_then} of {len(found)} assignments at the last kill; {time.monotonic() - began:.0f} s")
site.end(count if not problems else 0, count, "kills leave the study of one process")
