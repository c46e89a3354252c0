"""README of the contract: layout, errors, conventions."""

import importlib
import pickle
import subprocess
import sys

import pytest

import axon_quant

MODULES = [
    "backtest",
    "risk",
    "oms",
    "compliance",
    "exchange",
    "inference",
    "llm",
    "rl",
    "hpo",
    "tracker",
    "registry",
    "defi",
    "swarm",
]
CORE_ERRORS = [
    ("risk", "RiskError"),
    ("oms", "OmsError"),
    ("backtest", "BacktestError"),
    ("compliance", "ComplianceError"),
    ("exchange", "ExchangeError"),
    ("inference", "InferenceError"),
    ("defi", "DefiError"),
]


def test_version_is_the_one_the_page_prints():  # R1.2
    assert axon_quant.__version__ == "0.2.0"
    assert isinstance(axon_quant.__build__, str)


@pytest.mark.parametrize("name", MODULES)
def test_every_submodule_imports_both_ways_and_is_one_object(name):  # R2.1
    module = importlib.import_module(f"axon_quant.{name}")
    assert getattr(axon_quant, name) is module


@pytest.mark.parametrize("name", ["backtest", "risk", "oms", "compliance", "exchange", "inference", "defi"])
def test_native_path_gives_the_same_classes(name):  # R2.2
    public = importlib.import_module(f"axon_quant.{name}")
    native = importlib.import_module(f"axon_quant._native.{name}")
    classes = [n for n in dir(public) if n[0].isupper() and isinstance(getattr(public, n), type) and hasattr(native, n)]
    assert classes
    assert all(getattr(native, n) is getattr(public, n) for n in classes)


def test_risk_and_backtest_are_plain_modules():  # R2.3
    assert axon_quant.risk.__file__.endswith("risk.py")
    assert axon_quant.backtest.__file__.endswith("backtest.py")


@pytest.mark.parametrize(
    "name",
    [
        "AxonError",
        "L1MatchingEngine",
        "L2MatchingEngine",
        "MultiAssetMatchingEngine",
        "ImpactedMatchingEngine",
        "ImpactedMatchingEngineBuilder",
        "OrderBookEntry",
        "DarkOrder",
        "CrossPair",
        "AuctionResult",
        "ArbitrageOpportunity",
        "BacktestEngine",
        "RunResult",
        "RunStats",
        "BacktestError",
        "DefaultRiskEngine",
        "RiskConfig",
        "CircuitBreaker",
        "RiskMetrics",
        "RiskResult",
        "RiskReason",
        "RiskError",
        "make_order",
        "make_portfolio",
        "make_portfolio_with_positions",
        "make_risk_config",
        "make_circuit_breaker",
        "OrderManager",
        "Order",
        "OrderStatus",
        "Side",
        "Portfolio",
        "Position",
        "OmsError",
        "limit_order",
        "market_order",
        "ComplianceModule",
        "ComplianceConfig",
        "ComplianceError",
        "InferenceEngine",
        "create_inference_engine",
        "BinanceAdapter",
        "OkxAdapter",
        "LLMConfig",
        "make_backend",
    ],
)
def test_top_level_names(name):  # R2.4
    assert hasattr(axon_quant, name)


def test_colliding_top_level_names():  # R2.5
    assert axon_quant.limit_order is axon_quant.oms.limit_order
    assert axon_quant.OrderType is axon_quant.compliance.OrderType
    assert axon_quant.load_config_from_toml is axon_quant.compliance.load_config_from_toml


@pytest.mark.parametrize("module,name", CORE_ERRORS)
def test_module_errors_are_axon_errors_and_exceptions(module, name):  # R3.1, C1
    error = getattr(importlib.import_module(f"axon_quant.{module}"), name)
    assert issubclass(error, axon_quant.AxonError) and issubclass(axon_quant.AxonError, Exception)


@pytest.mark.parametrize("module,name", CORE_ERRORS)
def test_an_error_made_by_hand(module, name):  # R3.3
    error = getattr(importlib.import_module(f"axon_quant.{module}"), name)("test")
    assert error.args == ("test",) and error.code is None and str(error) == "test"


def test_page_error_handling_example():  # seed, error handling
    def some_operation():
        return axon_quant.oms.OrderManager().cancel("00000000-0000-0000-0000-000000000000")

    seen = []
    try:
        result = some_operation()  # noqa: F841
    except axon_quant.AxonError as e:
        seen.append(f"Error: {e}")
        seen.append(f"Error type: {type(e).__name__}")
    assert "OrderNotFound" in seen[0] and len(seen) == 2


@pytest.mark.parametrize(
    "module,name,first",
    [
        ("oms", "Side", "Buy"),
        ("oms", "OrderType", "Limit"),
        ("compliance", "TradeSide", "Buy"),
        ("compliance", "OrderType", "Market"),
        ("compliance", "LiquidityType", "Maker"),
        ("compliance", "TradeStatus", "Pending"),
        ("compliance", "AuditEventType", "TradeExecuted"),
        ("inference", "InferenceBackend", "Onnx"),
        ("exchange", "ExchangeId", "Binance"),
    ],
)
def test_enum_conventions(module, name, first):  # R4.3
    member = getattr(getattr(importlib.import_module(f"axon_quant.{module}"), name), first)
    assert member == 0 and int(member) == 0
    assert len({member, member}) == 1
    assert pickle.loads(pickle.dumps(member)) == member
    assert repr(member) == f"{name}.{member}"


def test_core_modules_need_no_third_party_package():  # R1.4
    code = (
        "import sys; sys.path = [p for p in sys.path]; import importlib.abc\n"
        "class Block(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'numpy','gymnasium','optuna','mlflow','onnxruntime','httpx','websockets','web3','eth_account','ccxt'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Block())\n"
        "import axon_quant.risk, axon_quant.oms, axon_quant.backtest, axon_quant.compliance, axon_quant.registry, axon_quant.swarm\n"
        "print(axon_quant.__version__)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert out.returncode == 0, out.stderr
    assert out.stdout.strip() == "0.2.0"


def test_missing_extra_is_named():  # R1.4
    code = (
        "import sys, importlib.abc\n"
        "class Block(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'optuna':\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Block())\n"
        "import axon_quant.hpo as hpo\n"
        "try:\n"
        "    hpo.OptunaHPO(search_space={'x': hpo.SearchSpaceDef(param_type='uniform', low=0.0, high=1.0)}, objective_fn=lambda p: 0.0, study_name='s').run(n_trials=1)\n"
        "except ImportError as e:\n"
        "    print(e)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert out.returncode == 0, out.stderr
    assert "axon_quant[hpo]" in out.stdout


TYPE_MAPPING = [
    ("float", lambda: axon_quant.risk.make_risk_config(max_leverage=2.5).max_leverage, float, 2.5),
    ("int", lambda: axon_quant.backtest.limit_order(2**62, "X", "Buy", 1.0, 1.0)["id"], int, 2**62),
    ("str", lambda: axon_quant.oms.limit_order("Ä-USDT", "Buy", 1, 1).symbol, str, "Ä-USDT"),
    ("list", lambda: axon_quant.compliance.TradeRecord.required_fields()[:1], list, ["strategy_id"]),
    (
        "dict",
        lambda: axon_quant.risk.RiskResult.allow().to_dict(),
        dict,
        {"kind": "Allow", "reason": None, "message": None},
    ),
    (
        "tuple",
        lambda: (
            axon_quant.inference.ModelConfig(
                path="m",
                backend=axon_quant.inference.InferenceBackend.Onnx,
                device=axon_quant.inference.Device.cpu(),
                input_shape=(1, 2, 3),
                output_dim=1,
            ).input_shape
        ),
        tuple,
        (1, 2, 3),
    ),
    ("None", lambda: axon_quant.risk.RiskResult.allow().reason, type(None), None),
]


@pytest.mark.parametrize("row", TYPE_MAPPING, ids=[r[0] for r in TYPE_MAPPING])
def test_type_mapping(row):  # seed's type mapping, R4.8
    _, call, kind, value = row
    got = call()
    assert type(got) is kind and got == value


def test_integers_beyond_64_bits_are_refused():  # R4.8
    engine = axon_quant.backtest.L1MatchingEngine()
    with pytest.raises(ValueError) as e:
        engine.submit({**axon_quant.backtest.limit_order(1, "X", "Buy", 1.0, 1.0), "id": 2**63})
    assert isinstance(e.value, axon_quant.backtest.BacktestError)


@pytest.mark.parametrize(
    "module,codes",
    [
        ("risk", "CircuitBreakerActive OrderRejected ConfigInvalid Overflow"),
        ("backtest", "Matching MatchingL3"),
        (
            "oms",
            "OrderNotFound InvalidTransition DuplicateIdempotencyKey AlreadyTerminal ExchangeRejected NetworkError SerializationError RecoveryFailed Portfolio",
        ),
        (
            "compliance",
            "InvalidTradeData ConcentrationLimitBreached LargeTradeThresholdExceeded AuditIntegrityFailed StorageError SerializationError ReportError RegulatorFormatError ConfigError",
        ),
    ],
)
def test_code_tables_are_published(module, codes):  # R3.9
    assert set(codes.split()) <= set(importlib.import_module(f"axon_quant.{module}").ERROR_CODES)
