"""Start the press without the packages above it: their own imports would be paid for with every PDF."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

CORE = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    for name, folder in (("socialvalue", CORE.parent), ("socialvalue.core", CORE)):
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    from socialvalue.core.press.child import run

    run(sys.argv[1:])
