"""SIGINT and SIGTERM at random moments: the exit code is 130 or 143 with a checkpoint, or the run had ended; the end has the same bits."""
import os
import random
import signal
import time

from common import Site, counted

count = counted(100)
site = Site(epochs=60)
good = 0
for i in range(count):
    run, number = f"s{i}", random.choice((signal.SIGINT, signal.SIGTERM))
    process = site.start("train", "e.toml", "--run", run, "--quiet")
    time.sleep(random.uniform(0, 1.2 * site.seconds))
    process.send_signal(number)
    error = process.communicate()[1]
    # Before the program catches signals, the system ends it: -number.
    allowed = (0, 128 + number, -number)
    if process.returncode not in allowed:
        site.fail(f"case {i}", f"the exit code {process.returncode} after signal {number}: {error}")
    elif process.returncode == 128 + number and not os.path.exists(site / f"{run}/checkpoints"):
        site.fail(f"case {i}", "no checkpoint")
    else:
        good += bool(site.ends_like_whole(run, f"case {i}"))
    site.remove(run)
site.end(good, count, "interrupted runs end with the same bits")
