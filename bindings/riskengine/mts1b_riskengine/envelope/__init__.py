"""Versioned risk envelopes: `model`, `merge`, `store`, `loader`, `signing` and the audit chain."""
