"""Metrics, their parameters, and the words of limits, as ``tools/lists`` has them."""

from __future__ import annotations

from typing import NamedTuple


class Parameter(NamedTuple):
    """What the limits of single metrics say besides. The fields are explained in ``tools/lists/parameters.toml``."""

    number: int
    name: str
    key: str
    type: str
    meaning: str
    values: tuple[str, ...] = ()
    default: tuple[str | int, ...] = ()
    least: int = 0
    needed: bool = False


class Metric(NamedTuple):
    """A number the engine can compute. The fields are explained in ``tools/lists/metrics.toml``."""

    number: int
    name: str
    unit: str
    family: str
    bounds: str
    scope: str
    code: str
    main: bool = False
    least: str = ""
    two_sided: bool = False
    signed: bool = False
    currency: str = ""
    time: str = ""
    time_default: str = ""
    keys: tuple[str, ...] = ()
    defaults: dict[str, tuple[str | int, ...]] = {}
    max_age: bool = False


# fmt: off
_PARAMETERS = (
    # generated: parameters, by tools/generate.py
    Parameter(number=1, name="reference", type="chain", values=("last", "close", "theoretical", "mark", "bid", "ask", "mid", "touch"), default=("last", "mark", "mid", "close"), meaning="where the reference price comes from: the first that is fresh", key="reference"),
    Parameter(number=2, name="side", type="choice", values=("both", "aggressive"), default=("both",), meaning="`aggressive`: buys above and sells below only", key="side"),
    Parameter(number=3, name="capacity", type="whole", default=(100000,), least=1, meaning="how many ids of an account are kept", key="capacity"),
    Parameter(number=4, name="on_repeat", type="choice", values=("reject", "answer"), default=("reject",), meaning="`answer`: the same order gets the same answer again", key="on_repeat"),
    Parameter(number=5, name="fields", type="set", values=("account", "instrument", "side", "quantity", "price", "strategy", "trader", "venue", "order_type"), default=("account", "instrument", "side", "quantity", "price"), meaning="what makes two orders alike", key="fields"),
    Parameter(number=6, name="kinds", type="set", values=("new", "replace", "cancel"), default=("new", "replace"), meaning="which messages count", key="kinds"),
    Parameter(number=7, name="algorithm", type="choice", values=("sliding", "token_bucket"), default=("sliding",), meaning="`token_bucket`: refilled continuously, `upper` a `window`", key="algorithm"),
    Parameter(number=8, name="burst", type="amount", least=1, meaning="how many tokens there are at most; `upper` unless said", key="burst"),
    Parameter(number=9, name="count_messages", key="count", type="choice", values=("all", "passed"), default=("all",), meaning="`passed`: what the limit refuses does not count"),
    Parameter(number=10, name="cancel_reserve", type="amount", default=(0,), meaning="what is kept for cancels", key="cancel_reserve"),
    Parameter(number=11, name="count_executions", key="count", type="choice", values=("orders", "fills"), default=("orders",), meaning="what counts"),
    Parameter(number=12, name="of_rejects", key="of", type="set", values=("engine", "venue"), default=("engine", "venue"), meaning="whose rejects count"),
    Parameter(number=13, name="per", type="choice", values=("trades", "new"), default=("trades",), meaning="what the messages are divided by", key="per"),
    Parameter(number=14, name="min_count", type="whole", default=(100,), meaning="below so many messages nothing is judged", key="min_count"),
    Parameter(number=15, name="of_total", key="of", type="choice", values=("equity", "gross"), default=("equity",), meaning="what the exposure is divided by"),
    Parameter(number=16, name="model", type="choice", values=("rate", "supplied"), default=("rate",), meaning="`supplied`: the requirement is an input", key="model"),
    Parameter(number=17, name="min_volume", type="amount", default=(1,), meaning="the least market volume that is reckoned with", key="min_volume"),
    Parameter(number=18, name="owner", type="choice", values=("account", "group", "trader", "wash_group"), default=("account",), meaning="whose orders may not meet", key="owner"),
    Parameter(number=19, name="mode", type="choice", values=("cancel_newest", "cancel_oldest", "cancel_both", "decrement"), default=("cancel_newest",), meaning="what happens to two orders that would meet", key="mode"),
    Parameter(number=20, name="input", type="input", needed=True, meaning="which figure: `x.` and a name", key="input"),
    # end of generated
)

_METRICS = (
    # generated: metrics, by tools/generate.py
    Metric(number=1, name="order_quantity", unit="qty", family="order", bounds="both", scope="any", code="OrderQtyExceedsLimit"),
    Metric(number=2, name="order_notional", unit="ccy", family="order", bounds="both", currency="optional", scope="any", code="OrderNotionalExceedsLimit"),
    Metric(number=3, name="price_tick", unit="rule", family="order", bounds="none", scope="any", code="InvalidFieldValue"),
    Metric(number=4, name="quantity_step", unit="rule", family="order", bounds="none", scope="any", code="InvalidFieldValue"),
    Metric(number=5, name="price_collar", unit="ratio", family="order", bounds="upper", scope="any", keys=("reference", "side"), code="RiskLimitExceeded"),
    Metric(number=6, name="price_collar_absolute", unit="price", family="order", bounds="upper", scope="any", keys=("reference", "side"), code="RiskLimitExceeded"),
    Metric(number=7, name="price_band", unit="rule", family="order", bounds="none", scope="any", keys=("side",), code="RiskLimitExceeded"),
    Metric(number=8, name="market_order_spread", unit="ratio", family="order", bounds="upper", scope="any", code="RiskLimitExceeded"),
    Metric(number=9, name="decision_drift", unit="ratio", family="order", bounds="upper", signed=True, scope="any", keys=("reference",), defaults={"reference": ("touch", "mark", "last")}, code="RiskLimitExceeded"),
    Metric(number=10, name="order_adv_ratio", unit="ratio", family="order", bounds="upper", scope="any", code="RiskLimitExceeded"),
    Metric(number=11, name="order_depth_ratio", unit="ratio", family="order", bounds="upper", scope="any", code="RiskLimitExceeded"),
    Metric(number=12, name="client_order_id", unit="rule", family="count", bounds="none", time="window", time_default="1d", scope="any", keys=("capacity", "on_repeat"), code="DuplicateClientOrderId"),
    Metric(number=13, name="duplicate_orders", unit="orders", family="count", bounds="upper", least="upper 1", time="window", scope="any", keys=("fields",), code="RateLimitExceeded"),
    Metric(number=14, name="message_rate", unit="messages", family="count", bounds="upper", time="window or period", scope="any", keys=("kinds", "algorithm", "burst", "count_messages", "cancel_reserve"), code="RateLimitExceeded"),
    Metric(number=15, name="repeated_executions", unit="orders", family="count", bounds="upper", time="window or period", time_default="none", scope="any", keys=("count_executions",), code="RateLimitExceeded"),
    Metric(number=16, name="reject_rate", unit="orders", family="count", bounds="upper", time="window", scope="any", keys=("of_rejects",), code="RateLimitExceeded"),
    Metric(number=17, name="order_to_trade", unit="ratio", family="count", bounds="upper", time="period", time_default="day", scope="any", keys=("kinds", "per", "min_count"), defaults={"kinds": ("new", "replace", "cancel")}, code="RateLimitExceeded"),
    Metric(number=18, name="working_orders", unit="orders", family="book", bounds="upper", scope="book", code="RiskLimitExceeded", main=True),
    Metric(number=19, name="working_notional", unit="ccy", family="book", bounds="upper", currency="needed", scope="book", code="RiskLimitExceeded", main=True),
    Metric(number=20, name="position_net", unit="qty", family="book", bounds="both", two_sided=True, signed=True, scope="position", code="PositionLimitExceeded", main=True),
    Metric(number=21, name="position_long", unit="qty", family="book", bounds="upper", scope="position", code="PositionLimitExceeded", main=True),
    Metric(number=22, name="position_short", unit="qty", family="book", bounds="upper", scope="position", code="PositionLimitExceeded", main=True),
    Metric(number=23, name="position_count", unit="cells", family="book", bounds="upper", scope="book", code="PositionLimitExceeded", main=True),
    Metric(number=24, name="position_held", unit="qty", family="condition", bounds="both", scope="position", code="PositionLimitExceeded", main=True),
    Metric(number=25, name="gross_exposure", unit="ccy", family="book", bounds="upper", currency="needed", scope="book", code="RiskLimitExceeded", main=True),
    Metric(number=26, name="net_exposure", unit="ccy", family="book", bounds="both", two_sided=True, signed=True, currency="needed", scope="book", code="RiskLimitExceeded", main=True),
    Metric(number=27, name="long_exposure", unit="ccy", family="book", bounds="upper", currency="needed", scope="book", code="RiskLimitExceeded", main=True),
    Metric(number=28, name="short_exposure", unit="ccy", family="book", bounds="upper", currency="needed", scope="book", code="RiskLimitExceeded", main=True),
    Metric(number=29, name="leverage", unit="ratio", family="book", bounds="upper", currency="needed", scope="equity", code="LeverageLimitExceeded", main=True),
    Metric(number=30, name="concentration", unit="ratio", family="book", bounds="upper", currency="needed", scope="concentration", keys=("of_total",), code="ConcentrationLimitExceeded", main=True),
    Metric(number=31, name="credit", unit="ccy", family="book", bounds="upper", currency="needed", scope="book", code="CreditLimitExceeded", main=True),
    Metric(number=32, name="initial_margin_excess", unit="ccy", family="book", bounds="lower", least="lower 0", signed=True, currency="needed", scope="equity", keys=("model",), code="InsufficientMargin", main=True),
    Metric(number=33, name="maintenance_margin_excess", unit="ccy", family="condition", bounds="lower", least="lower 0", signed=True, currency="needed", scope="equity", code="InsufficientMargin", main=True),
    Metric(number=34, name="accumulated_notional", unit="ccy", family="book", bounds="upper", currency="needed", time="period", time_default="day", scope="book", code="RiskLimitExceeded", main=True),
    Metric(number=35, name="accumulated_quantity", unit="qty", family="book", bounds="upper", time="period", time_default="day", scope="position", code="RiskLimitExceeded", main=True),
    Metric(number=36, name="participation", unit="ratio", family="order", main=True, bounds="upper", time="period", time_default="day", scope="book", keys=("min_volume",), code="RiskLimitExceeded"),
    Metric(number=37, name="realized_pnl", unit="ccy", family="condition", bounds="both", signed=True, currency="needed", time="period", time_default="day", scope="book", code="PnlKillSwitchTriggered", main=True),
    Metric(number=38, name="realized_pnl_ratio", unit="ratio", family="condition", bounds="both", signed=True, currency="needed", time="period", time_default="day", scope="equity", code="PnlKillSwitchTriggered", main=True),
    Metric(number=39, name="total_pnl", unit="ccy", family="condition", bounds="both", signed=True, currency="needed", time="period", time_default="day", scope="book", code="PnlKillSwitchTriggered", main=True),
    Metric(number=40, name="total_pnl_ratio", unit="ratio", family="condition", bounds="both", signed=True, currency="needed", time="period", time_default="day", scope="equity", code="PnlKillSwitchTriggered", main=True),
    Metric(number=41, name="unrealized_pnl", unit="ccy", family="condition", bounds="both", signed=True, currency="needed", scope="book", code="PnlKillSwitchTriggered", main=True),
    Metric(number=42, name="drawdown", unit="ccy", family="condition", bounds="both", currency="needed", time="period", time_default="all", scope="equity", code="PnlKillSwitchTriggered", main=True),
    Metric(number=43, name="drawdown_ratio", unit="ratio", family="condition", bounds="both", currency="needed", time="period", time_default="all", scope="equity", code="PnlKillSwitchTriggered", main=True),
    Metric(number=44, name="equity", unit="ccy", family="condition", bounds="both", signed=True, currency="needed", scope="equity", code="PnlKillSwitchTriggered", main=True),
    Metric(number=45, name="value_at_risk", unit="figure", family="condition", bounds="both", signed=True, scope="equity", max_age=True, code="RiskLimitExceeded", main=True),
    Metric(number=46, name="supplied_figure", unit="figure", family="condition", bounds="both", signed=True, scope="figure", keys=("input",), max_age=True, code="RiskLimitExceeded", main=True),
    Metric(number=47, name="self_trade", unit="rule", family="order", main=True, bounds="none", scope="any", keys=("owner", "mode"), code="SelfMatchPrevention"),
    Metric(number=48, name="short_marking", unit="rule", family="order", main=True, bounds="none", scope="any", code="ShortSaleRestriction"),
    Metric(number=49, name="short_locate", unit="qty", family="order", main=True, bounds="none", scope="any", code="ShortSaleRestriction"),
    Metric(number=50, name="borrow_fee", unit="ratio", family="order", main=True, bounds="upper", scope="any", code="ShortSaleRestriction"),
    Metric(number=51, name="short_price_test", unit="rule", family="order", main=True, bounds="none", scope="any", code="ShortSaleRestriction"),
    # end of generated
)

# Words by their numbers, which begin at 1.
# generated: words, by tools/generate.py
FAMILIES = ("order", "count", "book", "condition")
ACTIONS = ("notify", "reject", "throttle", "block_account", "reduce_only", "halt")
SCOPE_KEYS = ("account", "group", "strategy", "trader", "session", "venue", "instrument", "underlying", "settlement", "class")
PERIODS = ("day", "week", "month", "all")
RELEASES = ("manual", "auto", "next_period", "after")
STATES = ("ACTIVE", "REDUCING", "HALTED")
PHASES = ("closed", "pre", "auction", "continuous", "post", "halt")
ASPECTS = ("instruments", "classes", "order_types", "time_in_force", "attributes", "strategies", "traders", "venues", "sides", "short")
ATTRIBUTES = ("post_only", "display_quantity", "reduce_only", "close_position", "auto_borrow")
KNOWN = ("accounts", "instruments", "venues", "clearing_accounts", "assets", "strategies", "traders")
INPUTS = ("last", "close", "theoretical", "band_low", "band_high", "adv", "market_volume", "bid_depth", "ask_depth", "borrow_fee", "ssr", "halted", "phase", "var", "margin_required", "figure")
EVENTS = ("warn", "clear", "breach", "state", "release", "roll", "missing", "override", "change", "overfill", "late_fill", "unknown_fill", "duplicate_execution", "restated", "rebase", "locate_expired", "heartbeat_lost", "calendar")
# end of generated
# fmt: on

PARAMETERS = {parameter.name: parameter for parameter in _PARAMETERS}
METRICS = {metric.name: metric for metric in _METRICS}
