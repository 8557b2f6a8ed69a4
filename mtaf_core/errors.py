"""The errors a person can meet, as one clear sentence each: what, where, what to do.

The command line and the pages print the sentence. Anything that is not an `MtafError` is a fault of ours: it is
logged with its trace and shown with a reference id.
"""


class MtafError(Exception):
    """Something the person can act on; ``str(error)`` is one sentence fit to be shown."""


class BadInput(MtafError):
    """A value, option or file that cannot be used as given."""


class BadMedia(BadInput):
    """A file that is not a video we can read, or is past a limit of `mtaf_core.limits`."""


class BadBundle(MtafError):
    """A bundle that is missing, damaged, or made for other features or backbones."""


class BadWorkspace(MtafError):
    """A workspace that is missing, damaged, or cannot be written."""


class WeightsMissing(MtafError):
    """Pretrained weights that are not on this machine, or do not fit the network they are for."""


class ProcessLost(MtafError):
    """A process of ours that ended by itself while it worked; asking again starts another."""


class Cancelled(MtafError):
    """The person stopped the work; nothing half done is left behind."""
