"""Adapters to NATS and Postgres; each needs its extra."""
