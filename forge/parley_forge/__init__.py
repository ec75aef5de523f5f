"""Builds Parley's audio bundle from published weights. Used at build time only."""
