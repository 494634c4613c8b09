"""Each public header compiles by itself, and includes no library except the standard one. All of them also compile in one program, with
the headers of the command line: a name that two of them define is an error there. If two programs include one of the two headers each,
the linker keeps one definition for both, and reports nothing."""
import os
import re
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
GENERATED = os.path.join(os.environ.get("TEND_BUILD", os.path.join(ROOT, "build", "release")), "generated")
INSIDES = re.compile(r"tend/kernels/(onednn|simd|reference)/")
STANDARD = re.compile(r"/(include/c\+\+/|lib/gcc/|include/(x86_64|aarch64)-linux-gnu/)|^/usr/include/[a-z0-9_-]+\.h$|"
                      r"^/usr/include/(linux|asm|asm-generic|bits|sys|gnu|c\+\+)/")
FOREIGN = re.compile(r"dnnl|cuda|mpi\.h|sqlite|toml\+\+|nlohmann|archive|turbojpeg|spng|tiffio|webp|zlib|fast_float|Random123|CLI/|gtest|omp\.h")


def public_headers():
    for top in (ROOT, GENERATED):
        for folder, _, names in os.walk(os.path.join(top, "tend")):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), top)
                if name.endswith(".h") and not name.endswith("_test.h") and not INSIDES.match(path):
                    yield path


COMPILER = [os.environ.get("CXX", "g++"), "-std=c++20", "-Wall", "-Wextra", "-Werror", "-I", ROOT, "-I", GENERATED]
INCLUDE = re.compile(r'^#include "(tend/[^"]+)"', re.M)


def read(header):
    for top in (ROOT, GENERATED):
        if os.path.exists(path := os.path.join(top, header)):
            with open(path) as file:
                return file.read()
    return ""


def shared_includes(headers):
    """For each header, its include that most other headers include too, or "" if they are few. If that include is precompiled, it need not
    be parsed for each of them. The test proves the same, because the header includes it itself."""
    direct = {h: [i for i in INCLUDE.findall(read(h)) if i in headers] for h in headers}
    users = {h: sum(h in includes for includes in direct.values()) for h in headers}
    return {h: max((i for i in direct[h] if users[i] >= 8), key=lambda i: (len(direct[i]), users[i]), default="") for h in headers}


def compiled(header, *arguments):
    """Returns the header, the messages, and the files that it includes."""
    with tempfile.NamedTemporaryFile(suffix=".d") as listing:
        done = subprocess.run(COMPILER + ["-MD", "-MF", listing.name, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        files = listing.read().decode().replace("\\\n", " ").split()[1:]
    return header, done.stdout, [f for f in files if f != "/dev/null" and not f.startswith(tempfile.gettempdir())]


class Headers(unittest.TestCase):
    def test_all_compile_in_one_program_without_optimization(self):
        headers = sorted(public_headers()) + [f"cli/{n}" for n in sorted(os.listdir(os.path.join(ROOT, "cli"))) if n.endswith(".h")]
        text = "".join(f'#include "{h}"\n' for h in headers) + "int main() {}\n"
        done = subprocess.run([os.environ.get("CXX", "g++"), "-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror",
                               "-I", ROOT, "-I", GENERATED, "-I", os.path.join(ROOT, "cli"), "-x", "c++", "-c", "-o", os.devnull, "-"], input=text, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.stdout, "")
        self.assertEqual(done.returncode, 0)

    def test_each_compiles_alone_and_names_no_third_party(self):
        headers = set(public_headers())
        shared = shared_includes(headers)
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
            def precompile(header):
                path = os.path.join(folder, header)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as file:
                    file.write(f'#include "{header}"\n')   # found under ROOT, as are files included with <> or by -I
                return compiled(header, "-x", "c++-header", "-c", path, "-o", path + ".gch")

            def compile_alone(header):
                first = ["-Winvalid-pch", "-include", os.path.join(folder, shared[header])] if shared[header] else []
                return compiled(header, "-fsyntax-only", *first, "-include", header, "-x", "c++", "/dev/null")

            results = list(pool.map(precompile, sorted(set(shared.values()) - {""})))
            results += list(pool.map(compile_alone, sorted(headers)))
        self.assertGreater(len(results), 20)
        for header, messages, files in results:
            with self.subTest(header):
                self.assertEqual(messages, "")
                ours = (ROOT + "/tend/", GENERATED + "/tend/")
                self.assertEqual([f for f in files if not os.path.abspath(f).startswith(ours) and (FOREIGN.search(f) or not STANDARD.search(f))], [])


unittest.main()
