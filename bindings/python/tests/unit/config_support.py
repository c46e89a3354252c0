"""Documents that the tests of openpit.config begin with."""

from openpit import config

LARGE = {
    "openpit": 1,
    "version": "2026-03-02.1",
    "defaults": {"currency": "USD", "calendar": "xnys"},
    "known": ["accounts", "instruments"],
    "calendars": {
        "xnys": {
            "time_zone": "America/New_York",
            "day_roll": "17:00",
            "last_entry": "15:59",
            "sessions": {
                "mon-fri": [
                    {"phase": "auction", "from": "09:28", "until": "09:30"},
                    {"phase": "continuous", "from": "09:30", "until": "16:00"},
                ]
            },
            "holidays": ["2026-07-03"],
        }
    },
    "instruments": [
        {
            "id": "AAPL/USD",
            "tick": "0.01",
            "lot": 1,
            "calendar": "xnys",
            "classes": {"sector": "tech"},
            "margin": {"long": "0.5", "short": "0.5"},
        }
    ],
    "groups": [{"id": "north", "currency": "USD"}],
    "accounts": [
        {"id": 7, "group": "north", "equity": 1000000, "wash_group": "w1"},
        {"id": 8, "group": "north", "equity": 250000, "wash_group": "w1"},
    ],
    "policies": [{"policy": "order_validation"}],
    "require": ["order_quantity", {"metric": "position_net", "keys": ["account", "instrument"]}],
    "permissions": [
        {
            "name": "no market orders in the auction",
            "scope": {"phase": "auction"},
            "deny": {"order_types": ["market"]},
        }
    ],
    "limits": [
        {"name": "fat finger", "metric": "order_quantity", "scope": {"instrument": "*"}, "upper": 10000},
        {"name": "value", "metric": "order_notional", "currency": "USD", "upper": 250000},
        {
            "name": "collar",
            "metric": "price_collar",
            "only": {"phases": ["continuous"]},
            "upper": "0.05",
            "max_age": {"last": "5s", "close": "4d"},
        },
        {
            "name": "position",
            "metric": "position_net",
            "scope": {"account": "*", "instrument": "*"},
            "lower": -5000,
            "upper": 5000,
            "warn": "0.8",
        },
        {
            "name": "day",
            "metric": "total_pnl_ratio",
            "scope": {"account": "*"},
            "lower": "-0.02",
            "action": "reduce_only",
            "confirm": 3,
            "release": "next_period",
            "stages": [{"at": "0.8", "action": "notify"}],
        },
        {
            "name": "drawdown",
            "metric": "drawdown_ratio",
            "scope": {"account": "*"},
            "upper": "0.10",
            "action": "halt",
            "release_role": "risk",
            "hard": True,
        },
    ],
}


def limit(**record):
    """A document with one limit, which is of order_quantity with an upper bound of 10 unless said otherwise."""
    given = {"metric": "order_quantity", **({} if "metric" in record else {"upper": 10}), **record}
    return {"openpit": 1, "limits": [{key: value for key, value in given.items() if value is not None}]}


def told(document):
    """Path and code of every problem, in the order of the text."""
    return sorted((problem.path, problem.code) for problem in config.validate(document))


def compiled_limit(**record):
    return config._compile(limit(**record)).limits[0]


def json_with(upper):
    """The text of a document whose one bound is as the digits say."""
    return '{"openpit": 1, "limits": [{"metric": "order_quantity", "upper": ' + upper + "}]}"
