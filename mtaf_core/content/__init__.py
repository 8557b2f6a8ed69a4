"""Floor 1: from a file to vectors. Decode once, embed three times."""

import os

# Read once, when torch is first imported. By default its threads spin while they wait for each other: on a machine
# with other work, forecasts for two people at once say, a ResNet-152 pass then takes several times longer.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
