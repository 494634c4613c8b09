"""kill -9 at random moments of a training and of its resumption: the end is that of a run that was never stopped."""
import os
import random
import time

from common import Site, counted

count = counted(300)
site = Site(epochs=60)
good = 0
for i in range(count):
    run = f"k{i}"
    process = site.start("train", "e.toml", "--run", run, "--quiet", "--checkpoint-seconds", "0.01")
    for _ in range(random.choice((0, 0, 1, 2, 3))):
        time.sleep(random.uniform(0, 1.5 * site.seconds))
        process.kill()
        process.wait()
        if not os.path.exists(site / f"{run}/experiment.toml"):
            break
        process = site.start("resume", run, "--quiet", "--checkpoint-seconds", "0.01")
    time.sleep(random.uniform(0, 1.2 * site.seconds))
    process.kill()
    process.communicate()
    good += bool(site.ends_like_whole(run, f"case {i}"))
    site.remove(run)
site.end(good, count, "killed runs end with the same bits")
