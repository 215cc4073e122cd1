"""YAML in, frozen values out; every fault is told with its file, line and column, all at once."""
