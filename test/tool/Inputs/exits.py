"""exits.py STATUS COMMAND...: runs the command and fails unless its exit status is STATUS."""

import subprocess
import sys

status = subprocess.run(sys.argv[2:]).returncode
if status != int(sys.argv[1]):
    sys.exit(f"exits.py: status {status}, expected {sys.argv[1]}")
