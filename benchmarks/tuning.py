#!/usr/bin/env python3
"""How good is a search? Mean regret of `tend tune --ask-tell` on recorded trainings, judged by ../shared/peer/tune_runner.py.

    benchmarks/tuning.py [--tune 'sampler = "random"'] [arguments of tune_runner.py: --seeds 20 --only table|curves ...]

--tune adds lines to [tune] of each study (\\n between them). regret = (found - best) / (median - best), so 0 is best. Needs numpy and
build/release/tend (./run builds it). `python ../shared/peer/tune_runner.py random` (or coarse_to_fine, optuna, optuna_gp) judges the
others in the same way.
"""
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNNER, TEND = ROOT.parent / "shared/peer/tune_runner.py", ROOT / "build/release/tend"


def main(given):
    if "-h" in given or "--help" in given:
        print(__doc__)
        return 0
    if not RUNNER.exists():
        print(f"skipped: {RUNNER} is not there")
        return 0
    extra = ""
    if given and given[0] == "--tune":
        extra, given = given[1].replace("\\n", "\n"), given[2:]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "engine"
        script.write_text(f"""#!{sys.executable}
import os, sys
study = open(sys.argv[1]).read().replace("[tune]", "[tune]\\n" + {extra!r}, 1)
open(sys.argv[1], "w").write(study)
os.execv({str(TEND)!r}, ["tend", "tune", sys.argv[1], "--ask-tell"])
""")
        os.chmod(script, 0o755)
        return subprocess.run([sys.executable, RUNNER, f"{shlex.quote(str(script))} {{study}}", *given]).returncode


sys.exit(main(sys.argv[1:]))
