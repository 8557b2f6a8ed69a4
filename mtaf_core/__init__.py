"""MTAF: how popular a shopping-guide micro-video will be on day 6, why, and what would change it."""

import os

__version__ = "0.1.0"

# Read once, when torch or a tree library is first imported. By default their threads spin while they wait for each
# other: on a machine with other work, forecasts for two people at once say, everything then takes several times longer.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
