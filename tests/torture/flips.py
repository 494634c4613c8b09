"""Flipped bits and cut files of checkpoints, model, record and summary: refused with an error or read, never a crash."""
import os
import subprocess
import sys

from common import BUILD, Site, counted

count = counted(10000)
site = Site()
done = subprocess.run([os.path.join(BUILD, "torture_flips"), site / "whole", str(count), "1"], stdout=subprocess.PIPE, text=True)
*troubles, last = done.stdout.splitlines() or [""]
for line in troubles:
    site.fail("flips", line)
good, refused = (int(word) for word in last.split()) if done.returncode in (0, 1) else (0, 0)
if done.returncode not in (0, 1):
    print(f"the program ended with {done.returncode}", file=sys.stderr)
site.end(good, count, f"damaged files are refused ({refused}) or read without a crash; no damaged checkpoint is accepted")
