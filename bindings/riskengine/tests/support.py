"""A driven clock and envelopes that are wide enough for tests to tighten one thing."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # a Wednesday

WIDE = {
    "allowed_brokers": ["ib", "kraken"],
    "allowed_order_types": ["MARKET", "LIMIT", "STOP", "STOP_LIMIT"],
    "max_order_notional": 10**9,
    "max_position_pct": 100,
    "max_gross_exposure_pct": 100,
    "max_net_exposure_pct": 100,
    "max_sector_pct": 100,
    "max_asset_class_pct": 100,
    "daily_loss_halt_pct": 1,
    "weekly_loss_halt_pct": 1,
    "monthly_loss_halt_pct": 1,
    "enable_shorting": True,
    "max_borrow_fee_pct": 1,
}


class Clock:
    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return self.now

    def advance(self, **step):
        self.now += timedelta(**step)
        return self.now


def envelope(fund_id="alpha", author="anna", **limits):
    from mts1b_riskengine import RiskEnvelope

    return RiskEnvelope(fund_id=fund_id, author=author, **{**WIDE, **limits})
