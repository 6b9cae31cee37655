"""Lets CMake build the extension, and packs what it would install.

The build stands in build/python at the top of the repository. With $OSTEOFLARE_BUILD, the extension that stands in that
build folder is taken instead; it must have been built for this Python.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERSION = re.search(r"project\(osteoflare VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))[1]


def cmake(*arguments):
    subprocess.run(["cmake", *map(str, arguments)], check=True)


class BuildByCMake(build_ext):
    """Installs the component `python` into the package that is being built."""

    def run(self):
        build = os.environ.get("OSTEOFLARE_BUILD")
        if not build:
            build = ROOT / "build" / "python"
            cmake("-S", ROOT, "-B", build, "-G", "Ninja", "-D", "CMAKE_BUILD_TYPE=Release", "-D", "OSTEOFLARE_TESTS=OFF",
                  "-D", "OSTEOFLARE_PYTHON_PACKAGE=ON", "-D", f"PYTHON_EXECUTABLE={sys.executable}")
            cmake("--build", build, "--target", "osteoflare_extension")
        with tempfile.TemporaryDirectory() as prefix:
            cmake("--install", build, "--component", "python", "--prefix", prefix)
            extension = next(pathlib.Path(prefix).rglob("_osteoflare*.so"))
            shutil.copytree(extension.parent, pathlib.Path(self.build_lib) / "osteoflare", dirs_exist_ok=True)


setup(version=VERSION, ext_modules=[Extension("osteoflare._osteoflare", sources=[])],
      cmdclass={"build_ext": BuildByCMake})
