"""A power failure at random moments: what was not flushed to the disk is lost. The run goes on from a checkpoint whose saving had ended.

The shim logs all file operations of a training. At a cut, the folder is built again: the content of a file as it was last flushed, names
of a folder as they were when the folder was last flushed. In half of the cases some of what was not flushed is there too: writes at
random, names up to a random operation."""
import copy
import os
import random
import re
import shutil
import sys

from common import SHIM, Site, counted


def read_log(path):
    """The operations: (kind, path, detail). Details: (offset, bytes) of writes, length, or the second name."""
    with open(path, "rb") as file:
        data = file.read()
    at, operations = 0, []
    while at < len(data):
        end = data.index(b"\n", at)
        kind, rest = data[at:end].decode().split(" ", 1)
        at = end + 1
        if kind == "write":
            offset, length, name = rest.split(" ", 2)
            operations.append((kind, name, (int(offset), data[at:at + int(length)])))
            at += int(length)
        elif kind == "truncate":
            length, name = rest.split(" ", 1)
            operations.append((kind, name, int(length)))
        elif kind == "rename":
            operations.append((kind, *rest.split("\t")))
        else:
            operations.append((kind, rest, None))
    return operations


def applied(content, operation):
    kind, detail = operation
    if kind == "truncate":
        return content[:detail] + b"\0" * (detail - len(content))
    offset, written = detail
    return content[:offset] + b"\0" * (offset - len(content)) + written + content[offset + len(written):]


class Node:
    """A file: its flushed content and what was done to it since. A folder: its flushed names and what was done since."""

    def __init__(self, is_folder):
        self.is_folder, self.flushed, self.since = is_folder, {} if is_folder else b"", []

    def now(self):
        names = dict(self.flushed)
        for name, node in self.since:
            names.pop(name, None) if node is None else names.__setitem__(name, node)
        return names


class Disk:
    def __init__(self, above):
        self.above, self.top = above, Node(True)

    def folder_and_name(self, path):
        *folders, name = os.path.relpath(path, self.above).split("/")
        node = self.top
        for part in folders:
            node = node.now()[part]
        return node, name

    def node(self, path):
        if path == self.above:
            return self.top
        folder, name = self.folder_and_name(path)
        return folder.now()[name]

    def do(self, kind, path, detail):
        if kind in ("write", "truncate"):
            self.node(path).since.append((kind, detail))
        elif kind == "sync":
            node = self.node(path)
            if node.is_folder:
                node.flushed = node.now()
            else:
                for operation in node.since:
                    node.flushed = applied(node.flushed, operation)
            node.since = []
        else:
            folder, name = self.folder_and_name(path)
            if kind in ("create", "mkdir"):
                folder.since.append((name, Node(kind == "mkdir")))
            elif kind == "rename":
                node = folder.now()[name]
                to, new_name = self.folder_and_name(detail)
                to.since.append((new_name, node))
                folder.since.append((name, None))
            else:
                folder.since.append((name, None))

    def build(self, node, path, loses_all):
        """Writes what is left after the failure."""
        if not node.is_folder:
            content = node.flushed
            for operation in [] if loses_all else node.since:
                if random.random() < 0.5:
                    content = applied(content, operation)
            with open(path, "wb") as file:
                file.write(content)
            return
        os.makedirs(path, exist_ok=True)
        left = copy.copy(node)
        left.since = [] if loses_all else node.since[:random.randint(0, len(node.since))]
        for name, inside in left.now().items():
            self.build(inside, os.path.join(path, name), loses_all)


def saved_step(done):
    """The step of the newest checkpoint whose folder had its name and whose name was flushed; None before the first one."""
    newest, renamed = None, None
    for kind, path, detail in done:
        if kind == "rename" and (found := re.search(r"/checkpoints/step-(\d+)$", detail)):
            renamed = int(found[1])
        elif kind == "sync" and path.endswith("/checkpoints") and renamed is not None:
            newest = renamed
    return newest


def log_of(site, run):
    env = {"LD_PRELOAD": SHIM, "TORTURE_PATH": site.path, "TORTURE_LOG": "/dev/shm/tend_torture_log_" + str(os.getpid())}
    done = site.tend("train", "e.toml", "--run", run, "--quiet", "--checkpoint-seconds", "0.001", env=env)
    if done.returncode:
        sys.exit(f"the logged run failed: {done.stderr}")
    operations = read_log(env["TORTURE_LOG"])
    os.remove(env["TORTURE_LOG"])
    shutil.rmtree(site / run)
    return operations


def survives(site, operations, cut, run, loses_all):
    disk = Disk(site.path)
    for operation in operations[:cut]:
        disk.do(*operation)
    case = f"cut after {cut} of {len(operations)} operations, {'all' if loses_all else 'some'} of what was not flushed is lost"
    left = disk.top.flushed if loses_all else disk.top.now()
    saved = saved_step(operations[:cut])
    # After the first epoch the program has shown the run: it must be there.
    began = any(kind == "create" and path.endswith(f"/{run}/metrics.csv") for kind, path, _ in operations[:cut])
    if run in left:
        disk.build(left[run], site / run, loses_all)
    if began and not os.path.exists(site / f"{run}/experiment.toml"):
        return site.fail(case, "a run that had begun is lost")
    if os.path.exists(site / f"{run}/experiment.toml"):
        steps = [int(name[5:]) for name in os.listdir(site / f"{run}/checkpoints") if name.startswith("step-")]
        if saved is not None and max(steps, default=-1) < saved:
            return site.fail(case, f"the checkpoint of step {saved} is lost; there are {steps}")
        shown = site.tend("verify", run)
        if shown.returncode:
            return site.fail(case, f"verify before resume: {shown.stdout}{shown.stderr}")
    return site.ends_like_whole(run, case)


count = counted(200)
site = Site()
good, operations = 0, []
for i in range(count):
    if i % 50 == 0:
        operations = log_of(site, "cut")
    good += bool(survives(site, operations, random.randint(1, len(operations)), "cut", i % 2 == 0))
    site.remove("cut")
site.end(good, count, "power failures leave a run that ends with the same bits")
