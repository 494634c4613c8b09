"""For tests of the house: a small tree for deliberate violations, and a function that runs a tool."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


class TreeTest(unittest.TestCase):
    def setUp(self):
        self.tree = tempfile.mkdtemp(prefix="tend_house_")
        self.addCleanup(shutil.rmtree, self.tree)

    def write(self, path, text):
        path = os.path.join(self.tree, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def copy(self, *paths):
        for path in paths:
            source, goal = os.path.join(ROOT, path), os.path.join(self.tree, path)
            os.makedirs(os.path.dirname(goal), exist_ok=True)
            shutil.copytree(source, goal) if os.path.isdir(source) else shutil.copy2(source, goal)

    def files(self):
        return {os.path.relpath(os.path.join(folder, name), self.tree)
                for folder, _, names in os.walk(self.tree) for name in names if "__pycache__" not in folder}

    def run_tool(self, *command, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
        return done.returncode, done.stdout

    def tool(self, name, *arguments):
        return self.run_tool(sys.executable, os.path.join(ROOT, "tools", name), *arguments)
