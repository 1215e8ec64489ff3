"""Make the virtual environment: locked packages, checked by hash, and the project itself.

Run by ``make setup`` with any Python 3.11 or later and nothing installed. It keeps what it did in
``.venv/.setup.json`` and does again only what has changed: another interpreter or folder makes the
environment anew, another lock installs the packages, another ``pyproject.toml`` installs the project.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCK = os.path.join(ROOT, "requirements", "dev.txt")
DONE = os.path.join(VENV, ".setup.json")
PIP = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]


def main():
    """Bring ``.venv`` up to date; exit with a message when something outside this repository is missing."""
    wanted = {
        "environment": [ROOT, os.path.realpath(sys.executable), sys.version],
        "lock": digest(LOCK),
        "project": digest(os.path.join(ROOT, "pyproject.toml")),
    }
    done = read_done()
    if done == wanted:
        return
    if done.get("environment") != wanted["environment"]:
        done = {"environment": wanted["environment"]}
        make_environment()
    if done.get("lock") != wanted["lock"]:
        print("Installing the locked packages into .venv (a minute or so) ...", flush=True)
        # Wheels only: building an old-style package would download its build tools without hashes.
        run(
            [*PIP, "--require-hashes", "--only-binary=:all:", "-r", LOCK],
            "the locked packages could not be installed",
        )
        write_done({**done, "lock": wanted["lock"]})
    run([*PIP, "--no-deps", "--no-build-isolation", "-e", ROOT], "the project itself could not be installed")
    write_done(wanted)
    print("Ready: .venv/bin/atopy", flush=True)


def digest(path):
    """SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def read_done():
    """What an earlier run did; nothing when the environment is absent or broken."""
    if not os.path.exists(PYTHON):
        return {}
    try:
        with open(DONE, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_done(done):
    """Keep what has been done so far, so that a run that was cut off goes on from there."""
    with open(DONE, "w", encoding="utf-8") as file:
        json.dump(done, file, indent=1)


def make_environment():
    """Make ``.venv`` anew. On Debian the module for it is a package of its own, which root can install."""
    if not can_make_environment():
        package = "python{}.{}-venv".format(*sys.version_info)
        install_with_apt(package)
        if not can_make_environment():
            sys.exit(f"setup: still no 'ensurepip' for {sys.executable} after installing {package}.")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", VENV], "the virtual environment could not be made")


def can_make_environment():
    """Whether this interpreter has ``venv`` and ``ensurepip``; asked anew, since apt may just have run."""
    command = [sys.executable, "-c", "import venv, ensurepip"]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


def install_with_apt(package):
    """Install one Debian package, or say what to type."""
    root = getattr(os, "geteuid", lambda: 1)() == 0
    if not root or not shutil.which("apt-get"):
        sys.exit(
            f"setup: {sys.executable} cannot make virtual environments: its module 'ensurepip' is missing.\n"
            f"  On Debian or Ubuntu:  sudo apt-get update && sudo apt-get install {package}\n"
            "  or name another Python 3.11+ that has it:  make setup PYTHON=/path/to/python3"
        )
    print(f"Installing {package} (needed to make a virtual environment) ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    run(["apt-get", "update"], "the list of Debian packages could not be fetched", environment)
    run(install, f"{package} could not be installed", environment)


def run(command, failure, environment=None):
    """Run a command in silence; when it fails, show what it printed and end with what failed."""
    done = subprocess.run(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode("utf-8", "replace"))
        sys.exit(f"setup: {failure} (exit {done.returncode}: {' '.join(command)})")


if __name__ == "__main__":
    main()
