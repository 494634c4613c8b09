"""Each file operation of a short run fails once, in each way: the run, or its resumption, ends with the same bits."""
import os
import random

from common import SHIM, Site, counted

HOWS = ("ENOSPC", "EIO", "EINTR", "short", "before", "after", "full")
count = counted(0)  # 0: all
site = Site()


def train(run, how, at):
    counter = site / "operations"
    if os.path.exists(counter):
        os.remove(counter)
    env = {"LD_PRELOAD": SHIM, "TORTURE_PATH": site / run, "TORTURE_COUNT": counter, "TORTURE_AT": str(at), "TORTURE_HOW": how}
    done = site.tend("train", "e.toml", "--run", run, "--quiet", "--checkpoint-seconds", "0.001", env=env)
    return done, int(open(counter).read()) if os.path.exists(counter) else None


def survives(how, at, run):
    done, _ = train(run, how, at)
    allowed = (137,) if how in ("before", "after") else (0,) if how == "short" else (0, 73)
    case = f"{how} at operation {at}"
    if done.returncode not in allowed + (0,):
        return site.fail(case, f"the exit code {done.returncode}: {done.stderr.strip()}")
    if done.returncode == 0:
        return site.ends_like_whole(run, case, again=False)
    if done.returncode == 73 and "tend: error:" not in done.stderr:
        return site.fail(case, "no message")
    if done.returncode == 137 and os.path.exists(site / f"{run}/experiment.toml"):
        proved = site.tend("verify", run)
        if proved.returncode:
            return site.fail(case, f"verify before resume: {proved.stdout}{proved.stderr}")
    return site.ends_like_whole(run, case)


done, operations = train("counted", "none", 0)
cases = [(how, at) for how in HOWS for at in range(1, operations + 1)]
if count:
    cases = random.sample(cases, min(count, len(cases)))
good = 0
for i, (how, at) in enumerate(cases):
    good += bool(survives(how, at, f"f{i}"))
    site.remove(f"f{i}")
site.end(good, len(cases), f"failing file operations (of {operations} in the run, in {len(HOWS)} ways) leave a run that ends with the same bits")
