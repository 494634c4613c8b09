"""An outside program finds the installed library with find_package(tend), trains with it and predicts."""
import os
import shutil
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
CMAKE = os.environ.get("CMAKE", "cmake")


class Consumer(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="tend_consumer_")
        self.addCleanup(shutil.rmtree, self.folder)

    def run_all(self, *commands):
        for command in commands:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder)
            self.assertEqual(done.returncode, 0, f"{' '.join(command)}\n{done.stdout}")
        return done.stdout

    def test_an_outside_project_trains_and_predicts(self):
        prefix, build = f"{self.folder}/prefix", f"{self.folder}/build"
        said = self.run_all([CMAKE, "--install", os.environ["TEND_BUILD"], "--prefix", prefix],
                            [CMAKE, "-S", HERE, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release", "-G", "Ninja"],
                            [CMAKE, "--build", build], [f"{build}/consumer"])
        self.assertEqual(said, "xor is learnt\n")
        for inside in ("onednn", "simd", "reference"):
            self.assertFalse(os.path.exists(f"{prefix}/include/tend/kernels/{inside}"))
        self.assertTrue(os.path.exists(f"{prefix}/include/tend/network/layers.h"))


unittest.main()
