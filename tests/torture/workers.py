"""Many processes train the trials of one study and are killed at random moments: no trial is lost, doubled or stuck, and the study is
that of one process. The study is in a SQLite file; with --server on a PostgreSQL server, which is restarted in between, as if its
machine failed. --count: kills."""
import os
import random
import sqlite3
import shutil
import subprocess
import sys
import tempfile
import time

from common import ROOT, Site, counted

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


COLUMNS = "number, trial, from_epoch, to_epoch, place, report"


class File:
    """The study in a SQLite file, in the folder "many"."""
    name = "SQLite"
    workers = ("tune", "--worker", "many", "--quiet", "--threads", "1")
    begins = ("tune", "study.toml", "--run", "many", "--quiet", "--time", "0.01s")

    def rows(self, site):
        return decisions(site / "many")

    def disturb(self, killed):
        pass

    def end(self):
        return ""


class Server:
    """The study on a server of its own, which is restarted after every tenth kill."""
    name = "PostgreSQL"

    def __init__(self, restarts_every):
        self.folder, self.restarts, self.every = tempfile.mkdtemp(prefix="tend_server_"), 0, restarts_every
        self.address = self.order("start") + "&study=many"
        self.workers = ("tune", "--worker", self.address, "--quiet", "--threads", "1")
        self.begins = ("tune", "study.toml", "--run", "many", "--quiet", "--time", "0.01s", "--store", self.address)

    def order(self, *words):
        done = subprocess.run([f"{ROOT}/tests/postgresql_server", words[0], self.folder, *words[1:]], stdout=subprocess.PIPE, text=True)
        if done.returncode == 77:
            sys.exit(77)
        if done.returncode:
            sys.exit(f"the server: {' '.join(words)} ended with {done.returncode}")
        return done.stdout.strip()

    def rows(self, site):
        """The rows as SQLite has them: tend copies nothing, so psql does."""
        text = subprocess.run(["psql", "-X", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-c", f"SELECT {COLUMNS} FROM tend_many.assignment ORDER BY number",
                               self.address.replace("&study=many", "")], stdout=subprocess.PIPE, text=True, check=True).stdout
        rows = [line.split("\x1f") for line in text.strip("\n").split("\x1e") if line.strip()]
        return [tuple(int(cell) for cell in row[:4]) + tuple(row[4:]) for row in rows]

    def disturb(self, killed):
        if killed % self.every == 0:
            self.order("stop", random.choice(["fast", "immediate"]))
            time.sleep(random.uniform(0, 0.5))
            self.order("start")
            self.restarts += 1

    def end(self):
        self.order("stop", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)
        return f", {self.restarts} restarts of the server"


def decisions(folder):
    """Every assignment with its result, without who made it and when."""
    with sqlite3.connect(f"{folder}/study.db") as db:
        return db.execute(f"SELECT {COLUMNS} FROM assignment ORDER BY number").fetchall()


def kill_at_will(site, place, count):
    """Keeps WORKERS at work until so many are killed, then lets them end. Returns the assignments that were made at the last kill."""
    workers, killed, done_by_then = [], 0, 0
    start = lambda: site.start(*place.workers)
    while killed < count or workers:
        workers = [w for w in workers if w.poll() is None]
        while len(workers) < WORKERS and killed < count:
            workers.append(start())
        time.sleep(random.uniform(0, 0.6) if killed < count else 0.1)
        if killed < count:
            victim = random.choice(workers)
            victim.kill()
            victim.communicate()
            killed += 1
            place.disturb(killed)
            if killed == count:
                done_by_then = sum(bool(row[-1]) for row in place.rows(site))
    return done_by_then


on_server = "--server" in sys.argv
if on_server:
    sys.argv.remove("--server")
count = counted(200)
place = Server(10 if count >= 100 else 4) if on_server else File()
site = Site(epochs=2)
with open(site / "study.toml", "w") as file:
    file.write(EXPERIMENT % max(40, 2 * count))
site.start("tune", "study.toml", "--run", "alone", "--quiet", "--threads", "2").communicate()
site.start(*place.begins).communicate()  # makes the study
began = time.monotonic()
done_by_then = kill_at_will(site, place, count)
last = site.start(*place.workers)
text = last.communicate()
wanted, found = decisions(site / "alone"), place.rows(site)
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
print(f"  {place.name}: {count} kills of {WORKERS} workers{place.end()}; {done_by_then} of {len(found)} assignments at the last kill; "
      f"{time.monotonic() - began:.0f} s")
site.end(count if not problems else 0, count, "kills leave the study of one process")
