"""How much memory this process held at once."""

import resource
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_mib() -> float:
    """The most so far, in MiB.

    From /proc where there is one: on Linux getrusage also counts what the parent held
    before this program was begun in its place. Elsewhere it counts in KiB, on macOS in
    bytes, and the figure is for the log only.
    """
    if _STATUS.exists():
        for line in _STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
