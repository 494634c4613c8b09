"""Places that are hard to write: a full disk with room later, a read-only folder, few open files, closed output."""
import os
import subprocess
import time

from common import TEND, Site, counted

count = counted(10)
site = Site(epochs=60)
good, cases = 0, 0


def case(name, is_good):
    global good, cases
    cases += 1
    good += bool(is_good) or bool(site.fail(name, "not as it must be"))


def mounted(options):
    os.makedirs(site / "disk", exist_ok=True)
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", site / "disk"], stderr=subprocess.DEVNULL).returncode == 0


def fill(leave):
    """Fills the disk but for some bytes."""
    room = os.statvfs(site / "disk")
    try:
        with open(site / "disk/filler", "wb") as file:
            file.write(b"x" * max(0, room.f_bavail * room.f_bsize - leave))
    except OSError:  # the run took the room meanwhile: it is full
        pass


def full_disk(i):
    if not mounted("size=64m"):
        return False
    try:
        # Nothing fits: an error before the first step, and no folder.
        fill(0)
        done = site.tend("train", "e.toml", "--run", "disk/r", "--quiet")
        case(f"a full disk at the start: {done.returncode} {done.stderr}", done.returncode == 73 and "tend: error:" in done.stderr)
        os.remove(site / "disk/filler")
        # The disk becomes full during the run, and has room again.
        process = site.start("train", "e.toml", "--run", "disk/q", "--quiet", "--epochs", "10000000", "--checkpoint-seconds", "0.02")
        while not os.path.exists(site / "disk/q/metrics.csv") and process.poll() is None:
            time.sleep(0.001)
        fill(4096 * (i % 5))
        time.sleep(0.3)
        os.remove(site / "disk/filler")
        time.sleep(0.7)
        process.terminate()
        error = process.communicate()[1]
        proved = site.tend("verify", "disk/q")
        case(f"room later: {process.returncode} {error} {proved.stdout}", process.returncode == 143 and proved.returncode == 0)
        return True
    finally:
        subprocess.run(["umount", "-l", site / "disk"])


def read_only():
    if not mounted("size=4m"):
        return False
    try:
        site.tend("train", "e.toml", "--run", "disk/r", "--quiet")
        subprocess.run(["mount", "-o", "remount,ro", site / "disk"], check=True)
        for words, code in ((("train", "e.toml", "--run", "disk/s"), 73), (("resume", "disk/r", "--epochs", "70"), 73),
                            (("verify", "disk/r"), 0), (("show", "disk/r"), 0), (("runs", "disk"), 0),
                            (("predict", "disk/r", "points.csv", "-o", "p.csv"), 0), (("runs", "--delete", "disk/r", "--yes"), 73)):
            done = site.tend(*words)
            case(f"a read-only folder: {words[0]}: {done.returncode} {done.stderr}", done.returncode == code)
        return True
    finally:
        subprocess.run(["umount", "-l", site / "disk"])


with open(site / "points.csv", "w") as file:
    file.write("0,1\n0.5,1\n")
all_mounted = True
for i in range(count):
    all_mounted &= full_disk(i)
    few = subprocess.run(["prlimit", "--nofile=32", TEND, "train", "e.toml", "--run", f"few{i}", "--quiet"], cwd=site.path, stderr=subprocess.PIPE)
    case(f"32 open files: {few.returncode} {few.stderr}", few.returncode == 0 and site.ends_like_whole(f"few{i}", "few", again=False))
    closed = subprocess.run(f"{TEND} train e.toml --run closed{i} >&- 2>&-", shell=True, cwd=site.path)
    case(f"closed output: {closed.returncode}", closed.returncode == 0 and site.ends_like_whole(f"closed{i}", "closed", again=False))
all_mounted &= read_only()
if not all_mounted:
    print("full disk and read-only folder: skipped, since tmpfs cannot be mounted (this needs root)")
site.end(good, cases, "places that are hard to write: an error or the same bits")
