"""Two processes start on one run at the same time: exactly one runs, the other one ends with 75 and says who holds it."""
import random
import time

from common import Site, counted

count = counted(100)
site = Site(epochs=2000)  # long enough that the first one still runs when the second one starts
good = 0
for i in range(count):
    run = f"p{i}"
    if i % 2:  # both go on with an interrupted run
        process = site.start("train", "e.toml", "--run", run, "--quiet")
        time.sleep(0.25 * site.seconds)
        process.terminate()
        process.communicate()
        words = ("resume", run, "--quiet", "--epochs", "2000")
    else:
        words = ("train", "e.toml", "--run", run, "--quiet", "--overwrite")
    processes = [site.start(*words)]
    time.sleep(random.uniform(0, 0.02))
    processes.append(site.start(*words))
    errors = [p.communicate()[1] for p in processes]
    codes = sorted(p.returncode for p in processes)
    if codes != [0, 75]:
        site.fail(f"case {i}", f"{' '.join(words)}: the exit codes {codes}: {errors}")
    else:
        good += bool(site.ends_like_whole(run, f"case {i}", again=False))
    site.remove(run)
site.end(good, count, "pairs of processes: exactly one runs, with the same bits")
