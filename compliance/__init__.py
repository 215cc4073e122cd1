"""Audit a draft migration policy against the migrant-worker conventions."""

__version__ = "0.1.0"
