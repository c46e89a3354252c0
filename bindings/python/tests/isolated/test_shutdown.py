"""An interpreter that ends with engines, requests and reservations alive ends in peace."""

import os
import pathlib
import subprocess
import sys

import pytest

UNIT = pathlib.Path(__file__).parents[1] / "unit"

PROGRAMS = {
    "module globals": """
        checked = engine(Hooks(main=lambda *args: accept(undo, lock_prices=[1])))
        request = checked.start_pre_trade(order()).request
        result = checked.execute_pre_trade(order())
        reservation, refused = result.reservation, engine(validation()).execute_pre_trade(order("0"))
        accounts, configure, builder = checked.accounts(), checked.configure(), openpit.Engine.builder().no_sync().pre_trade(Hooks())
    """,
    "a cycle of everything": """
        policy = Hooks(main=lambda *args: accept(undo))
        policy.engine = engine(policy)
        policy.result = policy.engine.execute_pre_trade(order())
        undo.rollback.__dict__["kept"] = policy
        del policy
    """,
    "a builtin that lives longest": """
        import builtins
        builtins.kept = engine(Hooks(main=lambda *args: accept(undo)))
        builtins.result = builtins.kept.execute_pre_trade(order())
        builtins.request = builtins.kept.start_pre_trade(order())
    """,
    "a finaliser that calls the engine": """
        class Late:
            def __init__(self, checked):
                self.checked = checked
            def __del__(self):
                self.checked.execute_pre_trade(order)
        import builtins
        builtins.late = Late(engine(validation()))
        Late.order = order = order()
    """,
    "a thread in a hook": """
        import threading, time
        started = threading.Event()
        def start(ctx, order):
            started.set()
            time.sleep(60)
        threading.Thread(target=engine(Hooks(start=start)).start_pre_trade, args=(order(),), daemon=True).start()
        started.wait()
    """,
    "an exception on its way": """
        kept = engine(Hooks(main=lambda *args: accept(undo))).execute_pre_trade(order())
        raise SystemExit(0)
    """,
    "modules taken away": """
        kept = engine(Hooks(main=lambda *args: accept(undo))).execute_pre_trade(order())
        for name in [name for name in sys.modules if name.startswith("openpit")]:
            del sys.modules[name]
        import gc
        gc.collect()
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_interpreter_ends(name):
    lines = [line[8:] for line in PROGRAMS[name].strip("\n").splitlines()]
    program = "\n".join(
        [
            "import sys",
            f"sys.path.insert(0, {str(UNIT)!r})",
            "import openpit",
            "from engine_support import *",
            "def rollback(): pass",
            "undo = openpit.Mutation(commit=print, rollback=rollback)",
            *lines,
        ]
    )
    finished = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ,
    )
    assert finished.returncode == 0, finished.stderr
    assert "Fatal" not in finished.stderr and "Traceback" not in finished.stderr.replace("Exception ignored", "")
