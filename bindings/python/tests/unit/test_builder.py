"""Building an engine: stages, registration, and what is refused."""

import copy
import pickle
import weakref

import pytest
from engine_support import Hooks, engine, order, validation

import openpit
from openpit.pretrade import policies

SPENT = "engine builder is no longer available"


@pytest.mark.parametrize(
    "name",
    "openpit.EngineBuilder openpit.SyncedEngineBuilder openpit.ReadyEngineBuilder openpit.Engine openpit.Accounts "
    "openpit.AccountControl openpit.AccountAdjustmentContext openpit.pretrade.Context "
    "openpit.pretrade.PostTradeContext openpit.pretrade.Request openpit.pretrade.Reservation "
    "openpit.pretrade.StartResult openpit.pretrade.ExecuteResult openpit.pretrade.DryRunReport "
    "openpit.pretrade.AccountAdjustmentBatchResult openpit.pretrade.PolicyConfigurationResult "
    "openpit.pretrade.Reject".split(),
)
def test_what_the_engine_makes_cannot_be_made_or_extended(name):
    package, _, member = name.rpartition(".")
    kind = getattr(openpit.pretrade if package.endswith("pretrade") else openpit, member)
    with pytest.raises(TypeError, match=f"cannot create '{name}' instances"):
        kind()
    with pytest.raises(TypeError, match="not an acceptable base type"):
        type("Sub", (kind,), {})


@pytest.mark.parametrize(
    "make", [lambda e: e, lambda e: e.accounts(), lambda e: e.configure(), lambda e: e.execute_pre_trade(order())]
)
def test_engine_objects_are_neither_copied_nor_pickled_nor_referenced_weakly(make):
    thing = make(engine(validation()))
    for action in (copy.copy, copy.deepcopy, pickle.dumps, weakref.ref):
        with pytest.raises(TypeError):
            action(thing)


def test_stages_have_only_their_own_methods():
    builder = openpit.Engine.builder()
    assert isinstance(builder, openpit.EngineBuilder)
    with pytest.raises(AttributeError, match="'openpit.EngineBuilder' object has no attribute 'build'"):
        builder.build()
    with pytest.raises(AttributeError, match="'openpit.SyncedEngineBuilder' object has no attribute 'build'"):
        builder.no_sync().build()


def test_builder_is_reachable_from_an_engine():
    assert isinstance(engine(validation()).builder(), openpit.EngineBuilder)


def test_each_first_policy_starts_a_builder_of_its_own():
    synced = openpit.Engine.builder().no_sync()
    first, second = synced.pre_trade(Hooks("A")), synced.pre_trade(policy=Hooks("B"))
    assert first is not second
    assert isinstance(first.build(), openpit.Engine)
    assert isinstance(second.build(), openpit.Engine)


def test_ready_builder_returns_itself():
    ready = openpit.Engine.builder().no_sync().builtin(validation())
    assert ready.pre_trade(policy=Hooks()) is ready
    assert ready.builtin(builtin_ready_builder=policies.build_order_validation()) is ready


def test_a_built_builder_is_spent():
    ready = openpit.Engine.builder().no_sync().pre_trade(Hooks())
    ready.build()
    for action in (ready.build, lambda: ready.pre_trade(Hooks("B")), lambda: ready.builtin(validation())):
        with pytest.raises(ValueError, match=SPENT):
            action()


@pytest.mark.parametrize(
    ("registered", "message"),
    [
        ([Hooks("x"), Hooks("x")], "duplicate policy name in engine configuration: x"),
        ([Hooks("x", group=7), Hooks("y", group=7)], "duplicate non-default policy_group_id: 7"),
        ([Hooks("x", group=7), Hooks("x", group=7)], "duplicate policy name in engine configuration: x"),
        (
            [validation(), Hooks("OrderValidationPolicy")],
            "duplicate policy name in engine configuration: OrderValidationPolicy",
        ),
        ([validation().with_policy_group_id(3), Hooks("y", group=3)], "duplicate non-default policy_group_id: 3"),
    ],
)
def test_names_and_groups_of_an_engine_are_unique(registered, message):
    ready = openpit.Engine.builder().no_sync()
    for policy in registered:
        ready = ready.builtin(policy) if hasattr(policy, "_build") else ready.pre_trade(policy)
    with pytest.raises(ValueError) as caught:
        ready.build()
    assert str(caught.value) == message
    with pytest.raises(ValueError, match=SPENT):
        ready.build()


def test_group_zero_may_be_shared():
    assert engine(Hooks("x"), Hooks("y"), validation())


def test_one_policy_may_serve_two_engines():
    policy = Hooks()
    assert engine(policy) and engine(policy)


def test_no_policy_is_no_engine():
    class Nothing:
        def _build(self, builder):
            pass

    ready = openpit.Engine.builder().no_sync().builtin(Nothing())
    with pytest.raises(ValueError, match="no policies registered"):
        ready.build()
    with pytest.raises(ValueError, match=SPENT):
        ready.build()


def test_what_cannot_be_registered_leaves_the_builder_as_it_was():
    ready = openpit.Engine.builder().no_sync().pre_trade(Hooks())
    with pytest.raises(AttributeError):
        ready.pre_trade(object())
    with pytest.raises(AttributeError, match="'RateLimitBuilder' object has no attribute '_build'"):
        ready.builtin(policies.build_rate_limit())
    assert ready.build().execute_pre_trade(order()).ok


@pytest.mark.parametrize("name", [5, None, b"x", "\ud800"])
def test_a_name_is_text(name):
    policy = Hooks()
    policy.name = name
    with pytest.raises(ValueError, match="policy.name must be a string"):
        openpit.Engine.builder().no_sync().pre_trade(policy)


def test_the_empty_name_is_a_name():
    assert engine(Hooks("")).execute_pre_trade(order())


@pytest.mark.parametrize("group", [65536, -1, "a", None, 1.0, 2**80])
def test_a_group_is_a_number_of_sixteen_bits(group):
    with pytest.raises(ValueError) as caught:
        openpit.Engine.builder().no_sync().pre_trade(Hooks(group=group))
    assert str(caught.value) == "policy_group_id must be an integer in range 0..=65535"


@pytest.mark.parametrize("group", [0, 1, True, 65535])
def test_groups_in_range_are_taken(group):
    assert engine(Hooks(group=group))


@pytest.mark.parametrize(("error", "is_absent"), [(KeyError, False), (AttributeError, True)])
def test_a_missing_group_is_group_zero(error, is_absent):
    class Policy(Hooks):
        @property
        def policy_group_id(self):
            raise error("x")

    builder = openpit.Engine.builder().no_sync()
    if is_absent:
        assert builder.pre_trade(Policy()).build()
    else:
        with pytest.raises(error):
            builder.pre_trade(Policy())


@pytest.mark.parametrize(
    "hook", ["check_pre_trade_start", "perform_pre_trade_check", "apply_execution_report", "apply_account_adjustment"]
)
def test_the_four_hooks_have_to_be_there_and_callable(hook):
    policy = Hooks()
    setattr(policy, hook, 5)
    with pytest.raises(TypeError, match=f"policy.{hook} must be callable"):
        openpit.Engine.builder().no_sync().pre_trade(policy)

    class Duck:
        name = "duck"
        policy_group_id = 0

        def __getattr__(self, name):
            if name == hook:
                raise AttributeError(name)
            return lambda *args, **named: None

    with pytest.raises(AttributeError):
        openpit.Engine.builder().no_sync().pre_trade(Duck())


def test_name_and_group_are_read_once():
    reads = []

    class Policy(Hooks):
        @property
        def name(self):
            reads.append("name")
            return "x"

        @name.setter
        def name(self, value):
            pass

    checked = engine(Policy())
    checked.execute_pre_trade(order())
    assert reads == ["name"]


def test_a_policy_that_builds_its_builder_cannot_harm_it():
    ready = openpit.Engine.builder().no_sync().pre_trade(Hooks())

    class Nested:
        def _build(self, builder):
            builder.build()
            builder._add_builtin_order_validation(0)

    with pytest.raises(ValueError, match=SPENT):
        ready.builtin(Nested())


def test_private_methods_check_their_arguments():
    ready = openpit.Engine.builder().no_sync().pre_trade(Hooks())
    with pytest.raises(TypeError):
        ready._add_builtin_order_validation()
    with pytest.raises(TypeError):
        ready._add_builtin_rate_limit(0, None, [])
