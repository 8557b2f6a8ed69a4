"""Whether whoever looks at the pages may name files of the server."""

import os

import streamlit as st

SERVER_FILES = "MTAF_SERVER_FILES"
"""Environment variable: ``on`` offers paths of the server, ``off`` never; by default only to a server of this machine
alone (``--server.address localhost``)."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def serves_files() -> bool:
    """Whether paths of the server may be typed: whoever types them must be who runs the server."""
    said = os.environ.get(SERVER_FILES)
    return said == "on" or (said != "off" and st.get_option("server.address") in _LOOPBACK)
