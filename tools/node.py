"""Find Node and npm, which two stages of ``make test`` need; as root on Debian install them, else say what is missing.

Where they are absent the tests that need them are skipped, by name; with ``ATOPY_NODE=required`` (.ci/run) they fail.
"""

import os
import shutil
import subprocess
import sys

PACKAGES = ("nodejs", "npm")
PROGRAMS = ("node", "npm")


def main():
    """Exit with 0 whatever happens: what cannot run is skipped by the tests, by name."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing and can_install():
        print(f"Installing {' and '.join(PACKAGES)} (needed to run CQL and to validate FHIR) ...", flush=True)
        install()
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        print(
            f"Not installed: {', '.join(missing)}. The tests that run CQL and validate FHIR will be skipped.\n"
            f"  On Debian or Ubuntu:  sudo apt-get update && sudo apt-get install {' '.join(PACKAGES)}",
            file=sys.stderr,
        )


def can_install():
    """Whether this is root on a machine with apt."""
    return getattr(os, "geteuid", lambda: 1)() == 0 and shutil.which("apt-get") is not None


def install():
    """Install both; a failure is told by what is still missing."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES],
    ):
        subprocess.run(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )


if __name__ == "__main__":
    main()
