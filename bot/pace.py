"""Setting up a process that reads a directory: millions of objects, two busy threads.

Once at its start, when all modules are loaded.
"""

import gc
import sys

# How long a thread keeps Python's lock from another that waits for it. The default, 5
# ms, is what the writing thread would wait after each statement beside a busy loop.
SWITCH_SECONDS = 0.0005


def set_pace() -> None:
    """Leave modules out of garbage collections, and let threads change places soon.

    A collection goes through all that modules made, a tenth of a second each time, and
    a large directory's rows cause a dozen: a fifth of a sync's time (measured).
    """
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)
