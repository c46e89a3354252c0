# Spot funds, told step by step: what is done, and what is said about it.
#
# `given` names what there is before the first step. Accounts 1 to 9 have the currency USD, orders and reports are those of
# account 1 in AAPL/USD unless said, and the lock of a report is that of the last order. A fill told with `+` is an order at
# that price, committed and filled as a whole; the report alone is told. b, h, i, p: balance, held, incoming, P&L, each with
# its change and what it led to; `acct` is the account's own P&L.

scenario 001 buy limit
given | USD=1000
buy 3@100 | USD b-300>700 h+300>300; AAPL i+3>3; lock 100

scenario 002 exact funds / one cent short
given | USD=1000
buy 10@100.001 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 1000, requested 1000.010"
buy 10@100 | USD b-1000>0 h+1000>1000; AAPL i+10>10; lock 100

scenario 003 no slot at all
buy 1@100 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 0, requested 100"
sell 1@100 | REJECT order/InsufficientFunds "spot funds insufficient" "asset AAPL: available 0, requested 1"

scenario 004 sell limit
given | AAPL=10
sell 2@150 | AAPL b-2>8 h+2>2; USD i+300>300; lock 150
sell 9@150 | REJECT order/InsufficientFunds "spot funds insufficient" "asset AAPL: available 8, requested 9"

scenario 005 second order sees first hold
given | USD=100000
buy 30@2000 | USD b-60000>40000 h+60000>60000; AAPL i+30>30; lock 2000
buy 30@2000 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 40000, requested 60000"
buy 20@2000 | USD b-40000>0 h+40000>100000; AAPL i+20>50; lock 2000

scenario 006 incoming is never spendable
given | AAPL=10
sell 10@100 | AAPL b-10>0 h+10>10; USD i+1000>1000; lock 100
buy 1@1 MSFT/USD | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 0, requested 1"

scenario 007 volume buy and sell
given | USD=1000; AAPL=10
buy vol 100@3 | USD b-100>900 h+100>100; AAPL i+33.333333333333333333333333333>33.333333333333333333333333333; lock 3
sell vol 100@30 | AAPL b-3.3333333333333333333333333333>6.6666666666666666666666666667 h+3.3333333333333333333333333333>3.3333333333333333333333333333; USD i+100>100; lock 30
buy vol 10@4 | USD b-10>890 h+10>110; AAPL i+2.5>35.833333333333333333333333333; lock 4

scenario 008 volume buy too large
given | USD=99
buy vol 100@3 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 99, requested 100"

scenario 009 zero price
given | USD=10; AAPL=5
buy 2@0 | AAPL i+2>2; lock 0
sell 2@0 | AAPL b-2>3 h+2>2; lock 0
buy vol 10@0 | lock 0
sell vol 10@0 | lock 0

scenario 010 zero quantity, no funds
buy 0@10 | lock 10

scenario 011 negative price buy owes nothing
buy 2@-5 | AAPL i+2>2; lock -5
buy vol 10@-4 | AAPL i+2.5>4.5; lock -4

scenario 012 negative price sell reserves both legs
given | USD=100; AAPL=5
sell 5@-4 | AAPL b-5>0 h+5>5; USD b-20>80 h+20>20; lock -4
state | AAPL b=0 h=5 i=0; USD b=80 h=20 i=0

scenario 013 negative price sell, cash short: first leg undone
given | USD=10; AAPL=5
sell 5@-4 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 10, requested 20"
state | AAPL b=5 h=0 i=0; USD b=10 h=0 i=0

scenario 014 negative held shrinks spendable
given | USD=1000
adj USD held=-400 | USD h-400>-400
buy 7@100 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 600, requested 700"
buy 6@100 | USD b-600>400 h+600>200; AAPL i+6>6; lock 100

scenario 015 half-even product rounding at 28 decimals
given | USD=1000
buy 0.000000000000001@0.00000000000015, then rollback | USD b-0.0000000000000000000000000002>1000 h+0.0000000000000000000000000002>0.0000000000000000000000000002; AAPL i+0.000000000000001>0.000000000000001; lock 0.00000000000015
buy 0.000000000000001@0.00000000000025, then rollback | USD b-0.0000000000000000000000000002>1000 h+0.0000000000000000000000000002>0.0000000000000000000000000002; AAPL i+0.000000000000001>0.000000000000001; lock 0.00000000000025

scenario 016 notional overflow
given | USD=1000
buy 79228162514264337593543950335@2 | REJECT order/OrderValueCalculationFailed "order value calculation failed" ""

scenario 017 hold overflow
given | TRACK_ONLY; USD=-79228162514264337593543950335
buy 1@1 | REJECT order/ArithmeticOverflow "arithmetic overflow" "pre-trade hold overflow: asset USD, requested 1"

scenario 018 dry run mutates nothing
given | USD=1000
dry-run buy 3@100 | USD b-300>700 h+300>300; AAPL i+3>3; lock 100
dry-run buy 11@100 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 1000, requested 1100"
state | AAPL b=0 h=0 i=0; USD b=1000 h=0 i=0

scenario 019 dropped handle rolls back
given | USD=1000
buy 1@100, handle dropped | USD b-100>900 h+100>100; AAPL i+1>1; lock 100
state | AAPL b=0 h=0 i=0; USD b=1000 h=0 i=0

scenario 020 hold effective before commit
given | USD=1000
buy 1@100 (not finalised) | USD b-100>900 h+100>100; AAPL i+1>1; lock 100
buy 10@100 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 900, requested 1000"
commit | ok
commit | alreadyFinalized
reserved | alreadyFinalized

scenario 021 policy group tag
given | policy group 9; USD=1000
buy 1@100 | [g9] USD b-100>900 h+100>100; [g9] AAPL i+1>1; lock 9:100
rep buy 1@100 L0 F | [g9] AAPL b+1>1 i-1>0 avg 100; [g9] USD h-100>0; acct p+0>0

scenario 022 underlying = settlement
given | USD=100
buy 2@3 USD/USD | USD b-6>94 h+6>6; USD i+2>2; lock 3
rep buy 2@3 L0 F USD/USD | USD b+2>96 i-2>0 p HALT MISSING_INITIAL_PNL; USD h-6>0; acct p+0>0

scenario 023 no market data
given | USD=1000; AAPL=10
mkt buy 1 | REJECT order/UnsupportedOrderType "market orders not supported" ""
mkt sell 1 | REJECT order/UnsupportedOrderType "market orders not supported" ""

scenario 024 instrument not registered / no quote / no mark
given | market data 0 MARK; USD=1000
mkt buy 1 | REJECT order/MarkPriceUnavailable "mark price unavailable" ""
register AAPL/USD | ok
mkt buy 1 | REJECT order/MarkPriceUnavailable "mark price unavailable" ""
push AAPL/USD bid=99 ask=101 | ok
mkt buy 1 | REJECT order/MarkPriceUnavailable "mark price unavailable" ""

scenario 025 slippage 1 %
given | market data 100 MARK; USD=1000; AAPL=10; AAPL/USD mark=100
mkt buy 2 | USD b-202>798 h+202>202; AAPL i+2>2; lock 101
mkt sell 2 | AAPL b-2>8 h+2>2; USD i+198>198; lock 99
mkt buy vol 101 | USD b-101>697 h+101>303; AAPL i+1>3; lock 101
mkt sell vol 99 | AAPL b-1>7 h+1>3; USD i+99>297; lock 99
buy 1@50 | USD b-50>647 h+50>353; AAPL i+1>4; lock 50

scenario 026 slippage 33 bps, many decimals
given | market data 33 MARK; USD=1000; AAPL/USD mark=0.123456789
mkt buy 7.5 | USD b-0.92898147302775>999.07101852697225 h+0.92898147302775>0.92898147302775; AAPL i+7.5>7.5; lock 0.1238641964037

scenario 027 slippage 100 %
given | market data 10000 MARK; USD=1000; AAPL=10; AAPL/USD mark=100
mkt buy 1 | USD b-200>800 h+200>200; AAPL i+1>1; lock 200
mkt sell 1 | REJECT order/OrderValueCalculationFailed "price calculation failed" ""

scenario 028 zero and negative mark
given | market data 0 MARK; USD=1000; AAPL=10; AAPL/USD mark=0
mkt buy 1 | REJECT order/OrderValueCalculationFailed "price calculation failed" ""
mkt sell 1 | REJECT order/OrderValueCalculationFailed "price calculation failed" ""
push AAPL/USD mark=-1 | ok
mkt buy 1 | REJECT order/OrderValueCalculationFailed "price calculation failed" ""
mkt sell 1 | REJECT order/OrderValueCalculationFailed "price calculation failed" ""

scenario 029 top of book
given | market data 50 BOOK_TOP; USD=1000; AAPL=10; AAPL/USD mark=100 bid=99
mkt sell 1 | AAPL b-1>9 h+1>1; USD i+98.505>98.505; lock 98.505
mkt buy 1 | REJECT order/MarkPriceUnavailable "mark price unavailable" ""
push AAPL/USD ask=101 | ok
mkt buy 1 | USD b-101.505>898.495 h+101.505>101.505; AAPL i+1>1; lock 101.505
mkt sell 1 | REJECT order/MarkPriceUnavailable "mark price unavailable" ""

scenario 030 expired quote
given | stale market data 0 MARK; USD=1000; AAPL/USD mark=100
mkt buy 1 | REJECT order/MarkPriceUnavailable "mark price unavailable" ""

scenario 031 short of funds after slippage
given | market data 100 MARK; USD=100; AAPL/USD mark=100
mkt buy 1 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 100, requested 101.00"
mkt buy 0.99 | USD b-99.99>0.01 h+99.99>99.99; AAPL i+0.99>0.99; lock 101

scenario 032 slippage overrides: instrument 100, acct 1 200, group 7 300
given | market data 50 MARK; TRACK_ONLY; group 7={1,2}; AAPL/USD mark=100; MSFT/USD mark=100
slippage AAPL/USD 100, AAPL/USD acct 1 200, AAPL/USD group 7 300 | ok
mkt buy 1 | USD b-102>-102 h+102>102; AAPL i+1>1; lock 102
mkt buy 1 (acct 2) | USD b-103>-103 h+103>103; AAPL i+1>1; lock 103
mkt buy 1 (acct 3) | USD b-101>-101 h+101>101; AAPL i+1>1; lock 101
mkt buy 1 MSFT/USD | USD b-100.5>-202.5 h+100.5>202.5; MSFT i+1>1; lock 100.5
slippage AAPL/USD acct 1 none | ok
mkt buy 1 | USD b-103>-305.5 h+103>305.5; AAPL i+1>2; lock 103
slippage global 500, AAPL/USD 20000 | refused: slippage 20000
mkt buy 1 MSFT/USD | USD b-100.5>-406 h+100.5>406; MSFT i+1>2; lock 100.5

scenario 033 per-account and per-group quotes
given | market data 0 MARK; TRACK_ONLY; group 7={2}; AAPL/USD mark=150
push AAPL/USD for acct 1 mark=100 | ok
push AAPL/USD for group 7 mark=120 | ok
mkt buy 10 | USD b-1000>-1000 h+1000>1000; AAPL i+10>10; lock 100
mkt buy 10 (acct 2) | USD b-1200>-1200 h+1200>1200; AAPL i+10>10; lock 120
mkt buy 10 (acct 3) | USD b-1500>-1500 h+1500>1500; AAPL i+10>10; lock 150

scenario 034 fills better and worse than the slipped lock
given | market data 100 MARK; USD=10000; AAPL/USD mark=100
mkt buy 10 | USD b-1010>8990 h+1010>1010; AAPL i+10>10; lock 101
rep buy 6@100 L4 | AAPL b+6>6 i-6>4 avg 100; USD b+6>8996 h-606>404; acct p+0>0
rep buy 4@102 L0 F | AAPL b+4>10 i-4>0 avg 100.8; USD b-4>8992 h-404>0; acct p+0>0

scenario 035 market sell, partial, cancel
given | market data 100 MARK; AAPL=10 avg 90 pnl 0; AAPL/USD mark=100
mkt sell 10 | AAPL b-10>0 h+10>10; USD i+990>990; lock 99
rep sell 6@100 L4 | AAPL h-6>4 p+60>60 avg 90; USD b+600>600 i-594>396; acct p+60>60
rep sell no trade L4 F | AAPL b+4>4 h-4>0; USD i-396>0

scenario 036 partial fills at, below, above the lock price
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 4@100 L6 | AAPL b+4>4 i-4>6 avg 100; USD h-400>600; acct p+0>0
rep buy 3@99 L3 | AAPL b+3>7 i-3>3 avg 99.57142857142857142857142857; USD b+3>9003 h-300>300; acct p+0>0
rep buy 3@101 L0 F | AAPL b+3>10 i-3>0 avg 100; USD b-3>9000 h-300>0; acct p+0>0

scenario 037 sell: partial with improvement, then cancel
given | AAPL=10 avg 100 pnl 0
sell 10@100 | AAPL b-10>0 h+10>10; USD i+1000>1000; lock 100
rep sell 4@110 L6 | AAPL h-4>6 p+40>40 avg 100; USD b+440>440 i-400>600; acct p+40>40
rep sell no trade L6 F | AAPL b+6>6 h-6>0; USD i-600>0

scenario 038 fill and release in one final report
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 4@100 L6 F | AAPL b+4>4 i-10>0 avg 100; USD b+600>9600 h-1000>0; acct p+0>0

scenario 039 final report with leaves 0 strands the remainder
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 4@100 L0 F | AAPL b+4>4 i-4>6 avg 100; USD h-400>600; acct p+0>0
rep buy no trade L6 F | AAPL i-6>0; USD b+600>9600 h-600>0

scenario 040 cancel everything, repeat, over-cancel
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy no trade L10 F | AAPL i-10>0; USD b+1000>10000 h-1000>0
rep buy no trade L10 F | AAPL i-10>-10; USD b+1000>11000 h-1000>-1000
rep buy no trade L20 F | AAPL i-20>-30; USD b+2000>13000 h-2000>-3000

scenario 041 leaves is ignored on non-final reports
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 3@100 L999 | AAPL b+3>3 i-3>7 avg 100; USD h-300>700; acct p+0>0
rep buy no trade L7 | ok
rep buy no trade L7 F | AAPL i-7>0; USD b+700>9700 h-700>0

scenario 042 over-fill drives held and incoming negative
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 12@100 L0 F | AAPL b+12>12 i-12>-2 avg 100; USD h-1200>-200; acct p+0>0
buy 89@100 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 8800, requested 8900"
buy 88@100 | USD b-8800>200 h+8800>8600; AAPL i+88>86; lock 100

scenario 043 fill and cancel without any reservation
rep buy 1@100 L0 F lock 100 | AAPL b+1>1 i-1>-1 avg 100; USD h-100>-100; acct p+0>0
rep sell no trade L3 F lock 10 | AAPL b+3>4 h-3>-3; USD i-30>-30

scenario 044 report carries a different lock price
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 10@100 L0 F lock 90 | AAPL b+10>10 i-10>0 avg 100; USD b-100>8900 h-900>100; acct p+0>0

scenario 045 lock missing on a fill
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 10@100 L0 F lock none | BLOCK MissingRequiredField "pre-trade lock has no price for settlement fill" "group 0"
buy 1@1 | REJECT account/MissingRequiredField "pre-trade lock has no price for settlement fill" "group 0"
state | AAPL b=0 h=0 i=10; USD b=9000 h=1000 i=0

scenario 046 lock missing on a cancel
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy no trade L10 F lock none | BLOCK MissingRequiredField "pre-trade lock has no price for settlement release" "group 0"
state | AAPL b=0 h=0 i=10; USD b=9000 h=1000 i=0

scenario 047 lock missing is harmless without trade or release
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy no trade L10 lock none | ok
rep buy no trade L10 fee 1 USD lock none | USD b-1>8999; acct p-1>-1

scenario 048 two prices for the group / price under another group
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 10@100 L0 F lock 100 100 | BLOCK Other "pre-trade lock has multiple prices for settlement fill; two SpotFundsPolicies share a group_id" "group 0"
rep buy 10@100 L0 F lock 5:100 | BLOCK MissingRequiredField "pre-trade lock has no price for settlement fill" "group 0"

scenario 049 lock round-tripped through CBOR, JSON, MessagePack
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
reload lock | lock 100
rep buy 10@100 L0 F | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0

scenario 050 negative price life cycle
given | USD=100
buy 2@-5 | AAPL i+2>2; lock -5
rep buy 2@-5 L0 F | AAPL b+2>2 i-2>0 avg -5; USD b+10>110; acct p+0>0
sell 2@-4 | AAPL b-2>0 h+2>2; USD b-8>102 h+8>8; lock -4
rep sell 2@-4 L0 F | AAPL h-2>0 p+2>2; USD h-8>0; acct p+2>2

scenario 051 negative price sell: partial at a better price, cancel
given | USD=100; AAPL=5 avg 0 pnl 0
sell 5@-4 | AAPL b-5>0 h+5>5; USD b-20>80 h+20>20; lock -4
rep sell 2@-3 L3 | AAPL h-2>3 p-6>-6 avg 0; USD b+2>82 h-8>12; acct p-6>-6
rep sell no trade L3 F | AAPL b+3>3 h-3>0; USD b+12>94 h-12>0

scenario 052 trade quantity 0
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 0@100 L10 | ok

scenario 053 volume order, repeating decimal, full fill
given | USD=10000
buy vol 100@3 | USD b-100>9900 h+100>100; AAPL i+33.333333333333333333333333333>33.333333333333333333333333333; lock 3
rep buy 33.333333333333333333333333333@3 L0 F | AAPL b+33.333333333333333333333333333>33.333333333333333333333333333 i-33.333333333333333333333333333>0 avg 3; USD h-100>0; acct p+0>0

scenario 054 fill arrives before commit, then rollback
given | USD=1000
buy 1@100 (not finalised) | USD b-100>900 h+100>100; AAPL i+1>1; lock 100
rep buy 1@100 L0 F | AAPL b+1>1 i-1>0 avg 100; USD h-100>0; acct p+0>0
rollback | ok
state | AAPL b=1 h=0 i=-1 avg 100; USD b=1000 h=-100 i=0

scenario 055 a report without finality
given | USD=100
rep buy 1@100 lock 100 without is_final | BLOCK MissingRequiredField "failed to access required field 'order finality'" "failed to access field 'fill.is_final'"
state | AAPL b=0 h=0 i=0; USD b=100 h=0 i=0

scenario 055 a report without what is left
given | USD=100
rep buy 1@100 F lock 100 without leaves_quantity | BLOCK MissingRequiredField "failed to access required field 'remaining quantity'" "failed to access field 'fill.leaves_quantity'"
state | AAPL b=0 h=0 i=0; USD b=100 h=0 i=0

scenario 055 a report without a fill
given | USD=100
rep buy 1@100 F lock 100 without fill | BLOCK MissingRequiredField "failed to access required field 'remaining quantity'" "failed to access field 'fill.leaves_quantity'"
state | AAPL b=0 h=0 i=0; USD b=100 h=0 i=0

scenario 055 a report of nobody blocks everybody
given | USD=100
rep buy 1@100 F lock 100 without operation | BLOCK MissingRequiredField "failed to access required field 'account ID'" "failed to access field 'operation.account_id'"
buy 0@1 (acct 2) | REJECT account/AccountBlocked "account is blocked due to kill-switch" "kill-switch was previously triggered for this account"
state | AAPL b=0 h=0 i=0; USD b=100 h=0 i=0

scenario 056 FinancialImpact is ignored
given | USD=10000
buy 10@100 | USD b-1000>9000 h+1000>1000; AAPL i+10>10; lock 100
rep buy 10@100 L0 F impact 55 3 | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0

scenario 057 blocked account still settles and adjusts
given | USD=1000
buy 1@100 | USD b-100>900 h+100>100; AAPL i+1>1; lock 100
block x | ok
rep buy 1@100 L0 F | AAPL b+1>1 i-1>0 avg 100; USD h-100>0; acct p+0>0
adj USD bal+1 | USD b+1>901
buy 1@1 | REJECT account/AccountBlocked "x" "x"

scenario 058 inflow overflow: settlement leg stays applied
given | USD=100; AAPL=79228162514264337593543950335
buy 1@1 | USD b-1>99 h+1>1; AAPL i+1>1; lock 1
rep buy 1@1 L0 F | USD h-1>0; BLOCK ArithmeticOverflow "arithmetic overflow" "fill leg mutation overflow: asset AAPL, consume 0, credit 1"
buy 1@1 | REJECT account/ArithmeticOverflow "arithmetic overflow" "fill leg mutation overflow: asset AAPL, consume 0, credit 1"

scenario 059 track-only overdraws
given | TRACK_ONLY; USD=50
buy 1@100 | USD b-100>-50 h+100>100; AAPL i+1>1; lock 100
sell 2@100 MSFT/USD | MSFT b-2>-2 h+2>2; USD i+200>200; lock 100

scenario 060 switch back to ENFORCE
given | TRACK_ONLY
buy 1@100 | USD b-100>-100 h+100>100; AAPL i+1>1; lock 100
mode global ENFORCE | ok
adj USD bal+150 | USD b+150>50
buy 1@100 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 50, requested 100"
buy 1@50 | USD b-50>0 h+50>150; AAPL i+1>2; lock 50

scenario 061 account pin beats group pin beats global
given | group 7={2,3}
mode group 7 TRACK_ONLY, acct 3 ENFORCE | ok
buy 1@100 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 0, requested 100"
buy 1@100 (acct 2) | USD b-100>-100 h+100>100; AAPL i+1>1; lock 100
buy 1@100 (acct 3) | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 0, requested 100"
mode acct 3 none | ok
buy 1@100 (acct 3) | USD b-100>-100 h+100>100; AAPL i+1>1; lock 100

scenario 062 a pin on the DEFAULT group matches nobody
mode group default TRACK_ONLY | ok
buy 1@100 | REJECT order/InsufficientFunds "spot funds insufficient" "asset USD: available 0, requested 100"

scenario 063 absolute, delta, below zero, no-op
adj USD bal=100 | USD b+100>100
adj USD bal+50 | USD b+50>150
adj USD bal-200 | USD b-200>-50
adj USD bal=-50 | USD b+0>-50

scenario 064 three fields at once
adj USD bal=1000 held+1 inc-5 | USD b+1000>1000 h+1>1 i-5>-5

scenario 065 nothing to do
adj USD | ok
empty batch | ok
adj without operation | failed_index 0; REJECT account/MissingRequiredField "failed to access required field 'balance asset'" "failed to access field 'operation.balance_asset'"

scenario 066 bounds are inclusive and apply only to adjusted fields
given | USD=100
adj USD bal-101 bounds {balance_lower: 0} | failed_index 0; REJECT account/AccountAdjustmentBoundsExceeded "account adjustment bounds exceeded" "asset USD: balance -1, lower Some(PositionSize(0)), upper None"
adj USD bal-100 bounds {balance_lower: 0, balance_upper: 0} | USD b-100>0
adj USD bal=10 bounds {balance_upper: 9.99} | failed_index 0; REJECT account/AccountAdjustmentBoundsExceeded "account adjustment bounds exceeded" "asset USD: balance 10, lower None, upper Some(PositionSize(9.99))"
adj USD held=10 bounds {held_lower: 11, held_upper: 20} | failed_index 0; REJECT account/AccountAdjustmentBoundsExceeded "account adjustment bounds exceeded" "asset USD: held 10, lower Some(PositionSize(11)), upper Some(PositionSize(20))"
adj USD inc=10 bounds {incoming_upper: 1} | failed_index 0; REJECT account/AccountAdjustmentBoundsExceeded "account adjustment bounds exceeded" "asset USD: incoming 10, lower None, upper Some(PositionSize(1))"
adj USD held=31 bounds {balance_lower: 1000} | USD h+31>31

scenario 067 batch is atomic
given | USD=100
batch [USD bal+50, EUR bal=5, USD bal-1000 with lower 0] | failed_index 2; REJECT account/AccountAdjustmentBoundsExceeded "account adjustment bounds exceeded" "asset USD: balance -850, lower Some(PositionSize(0)), upper None"
state | EUR b=0 h=0 i=0; USD b=100 h=0 i=0
batch [USD bal+50, USD bal+50] | USD b+50>150; USD b+50>200

scenario 068 average price handling
adj AAPL avg=50 | AAPL
adj AAPL bal=10 avg=50 | AAPL b+10>10 avg 50
adj AAPL bal+5 | AAPL b+5>15 avg 50
adj AAPL bal=0 | AAPL b-15>0
adj AAPL bal=10 | AAPL b+10>10

scenario 069 average cleared when held cancels balance
given | AAPL=10 avg 50
adj AAPL held=-10 | AAPL h-10>-10
adj AAPL bal+0 | AAPL b+0>10

scenario 070 realised P&L force-set and explicit halt
given | AAPL=10 avg 50
adj AAPL pnl=5 | AAPL p+5>5 avg 50
adj AAPL pnl=7 | AAPL p+2>7 avg 50
adj AAPL pnl=MISSING_FX | AAPL p HALT MISSING_FX
adj AAPL pnl=1 | AAPL p+1>1
adj AAPL avg=9 pnl=MISSING_FX | AAPL p HALT MISSING_FX
adj AAPL avg=9 pnl=MISSING_COST_BASIS | AAPL p HALT MISSING_COST_BASIS avg 9

scenario 071 batch rollback restores average and P&L
given | AAPL=10 avg 50 pnl 5
batch [AAPL bal+1 avg=60 pnl=9, USD bal-1 with lower 0] | failed_index 1; REJECT account/AccountAdjustmentBoundsExceeded "account adjustment bounds exceeded" "asset USD: balance -1, lower Some(PositionSize(0)), upper None"
sell 1@60 + full final fill | AAPL h-1>0 p+10>15 avg 50; USD b+60>60 i-60>0; acct p+10>10

scenario 072 overflow
adj X bal=79228162514264337593543950335 | X b+79228162514264337593543950335>79228162514264337593543950335
adj X bal+1 | failed_index 0; REJECT account/ArithmeticOverflow "arithmetic overflow" "account adjustment overflow: asset X, field balance, current 79228162514264337593543950335, applied delta: 1"
adj X bal=-79228162514264337593543950335 | failed_index 0; REJECT account/ArithmeticOverflow "arithmetic overflow" "account adjustment delta overflow: asset X, field balance"

scenario 073 position operation and missing asset
adj position AAPL bal=1 | failed_index 0; REJECT account/MissingRequiredField "failed to access required field 'balance asset'" "failed to access field 'operation.balance_asset'"

scenario 074 long, partial close, close
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 4@110 + full final fill | AAPL h-4>0 p+40>40 avg 100; USD b+440>9440 i-440>0; acct p+40>40
sell 6@90 + full final fill | AAPL h-6>0 p-60>-20; USD b+540>9980 i-540>0; acct p-60>-20

scenario 075 weighted average
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
buy 5@130 + full final fill | AAPL b+5>15 i-5>0 avg 110; USD h-650>0; acct p+0>0
sell 15@120 + full final fill | AAPL h-15>0 p+150>150; USD b+1800>10150 i-1800>0; acct p+150>150

scenario 076 repeating decimals
given | TRACK_ONLY
buy 3@10 + full final fill | AAPL b+3>3 i-3>0 avg 10; USD h-30>0; acct p+0>0
buy 4@11 + full final fill | AAPL b+4>7 i-4>0 avg 10.571428571428571428571428571; USD h-44>0; acct p+0>0
sell 5@12.345 + full final fill | AAPL h-5>0 p+8.867857142857142857142857145>8.867857142857142857142857145 avg 10.571428571428571428571428571; USD b+61.725>-12.275 i-61.725>0; acct p+8.867857142857142857142857145>8.867857142857142857142857145
sell 2@9 + full final fill | AAPL h-2>0 p-3.142857142857142857142857142>5.725000000000000000000000003; USD b+18>5.725 i-18>0; acct p-3.142857142857142857142857142>5.725000000000000000000000003

scenario 077 short, partial cover, cover
given | TRACK_ONLY
sell 10@100 + full final fill | AAPL h-10>0 avg 100; USD b+1000>1000 i-1000>0; acct p+0>0
buy 4@90 + full final fill | AAPL b+4>-6 i-4>0 p+40>40 avg 100; USD h-360>0; acct p+40>40
buy 6@105 + full final fill | AAPL b+6>0 i-6>0 p-30>10; USD h-630>0; acct p-30>10

scenario 078 flip long to short to flat
given | TRACK_ONLY
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 15@110 + full final fill | AAPL h-15>0 p+100>100 avg 110; USD b+1650>650 i-1650>0; acct p+100>100
buy 5@100 + full final fill | AAPL b+5>0 i-5>0 p+50>150; USD h-500>0; acct p+50>150

scenario 079 flip short to long to flat
given | TRACK_ONLY
sell 10@100 + full final fill | AAPL h-10>0 avg 100; USD b+1000>1000 i-1000>0; acct p+0>0
buy 25@90 + full final fill | AAPL b+25>15 i-25>0 p+100>100 avg 90; USD h-2250>0; acct p+100>100
sell 15@95 + full final fill | AAPL h-15>0 p+75>175; USD b+1425>175 i-1425>0; acct p+75>175

scenario 080 owned includes held
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 4@120 as x | AAPL b-4>6 h+4>4; USD i+480>480; lock 120
sell 3@110 + full final fill | AAPL h-3>4 p+30>30 avg 100; USD b+330>9330 i-330>480; acct p+30>30
sell 3@110 + full final fill | AAPL h-3>4 p+30>60 avg 100; USD b+330>9660 i-330>480; acct p+30>60

scenario 081 break-even close prunes the slot
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 10@100 + full final fill | AAPL h-10>0; USD b+1000>10000 i-1000>0; acct p+0>0
buy 1@77 + full final fill | AAPL b+1>1 i-1>0 avg 77; USD h-77>0; acct p+0>0

scenario 082 seeded without basis
given | AAPL=10
sell 4@110 + full final fill | AAPL h-4>0 p HALT MISSING_COST_BASIS; USD b+440>440 i-440>0; acct p HALT MISSING_COST_BASIS
sell 1@110 + full final fill | AAPL h-1>0; USD b+110>550 i-110>0

scenario 083 seeded with average only
given | AAPL=10 avg 100
sell 4@110 + full final fill | AAPL h-4>0 p HALT MISSING_INITIAL_PNL; USD b+440>440 i-440>0; acct p+40>40
sell 1@110 + full final fill | AAPL h-1>0 avg 100; USD b+110>550 i-110>0; acct p+10>50

scenario 084 seeded with average and P&L
given | AAPL=10 avg 100 pnl 0
sell 4@110 + full final fill | AAPL h-4>0 p+40>40 avg 100; USD b+440>440 i-440>0; acct p+40>40
sell 1@110 + full final fill | AAPL h-1>0 p+10>50 avg 100; USD b+110>550 i-110>0; acct p+10>50

scenario 085 seeded with P&L only, then re-armed
given | AAPL=10 pnl 0
sell 4@110 + full final fill | AAPL h-4>0 p HALT MISSING_COST_BASIS; USD b+440>440 i-440>0; acct p HALT MISSING_COST_BASIS
adj AAPL avg=100 pnl=0 | AAPL p+0>0 avg 100
sell 1@110 + full final fill | AAPL h-1>0 p+10>10 avg 100; USD b+110>550 i-110>0
account-pnl adj 7 | ok
sell 1@110 + full final fill | AAPL h-1>0 p+10>20 avg 100; USD b+110>660 i-110>0; acct p+10>17

scenario 086 seeded without basis, then bought
given | USD=1000; AAPL=10
buy 4@110 + full final fill | AAPL b+4>14 i-4>0 p HALT MISSING_INITIAL_PNL; USD h-440>0; acct p+0>0
sell 1@110 + full final fill | AAPL h-1>0; USD b+110>670 i-110>0; acct p HALT MISSING_COST_BASIS

scenario 087 deposit keeps the average, withdrawal too
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
adj AAPL bal+10 | AAPL b+10>20 avg 100
adj AAPL bal-15 | AAPL b-15>5 avg 100
sell 5@110 + full final fill | AAPL h-5>0 p+50>50; USD b+550>9550 i-550>0; acct p+50>50

scenario 088 balance forced across zero keeps the average
given | TRACK_ONLY; AAPL=10 avg 100 pnl 0
adj AAPL bal=-5 | AAPL b-15>-5 avg 100
buy 5@90 + full final fill | AAPL b+5>0 i-5>0 p+50>50; USD h-450>0; acct p+50>50

scenario 089 account total over several assets
given | USD=1000
buy 1@10 + full final fill | AAPL b+1>1 i-1>0 avg 10; USD h-10>0; acct p+0>0
buy 1@20 + full final fill MSFT/USD | MSFT b+1>1 i-1>0 avg 20; USD h-20>0; acct p+0>0
sell 1@15 + full final fill | AAPL h-1>0 p+5>5; USD b+15>985 i-15>0; acct p+5>5
sell 1@12 + full final fill MSFT/USD | MSFT h-1>0 p-8>-8; USD b+12>997 i-12>0; acct p-8>-3

scenario 090 fee in settlement asset on open and close
given | USD=10000
buy 10@100 + full final fill fee 1 USD | AAPL b+10>10 i-10>0 p-1>-1 avg 100; USD b-1>8999 h-1000>0; acct p-1>-1
sell 10@110 + full final fill fee 2 USD | AAPL h-10>0 p+98>97; USD b+1098>10097 i-1100>0; acct p+98>97

scenario 091 rebate
given | USD=10000
buy 10@100 + full final fill fee -1.5 USD | AAPL b+10>10 i-10>0 p+1.5>1.5 avg 100; USD b+1.5>9001.5 h-1000>0; acct p+1.5>1.5

scenario 092 zero fee
given | USD=10000
buy 10@100 + full final fill fee 0 BNB | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0

scenario 093 fee without a trade, position open
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
rep buy no trade L0 fee 2 USD lock none | AAPL p-2>-2; USD b-2>8998; acct p-2>-2

scenario 094 fee without a trade, no position slot
given | USD=10000
rep buy no trade L0 fee 2 USD lock none | USD b-2>9998; acct p-2>-2
buy 1@10 + full final fill | AAPL b+1>1 i-1>0 avg 10; USD h-10>0; acct p+0>-2

scenario 095 fee on a break-even full close is lost from the position
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 10@100 + full final fill fee 2 USD | AAPL h-10>0; USD b+998>9998 i-1000>0; acct p-2>-2
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>-2
sell 10@110 + full final fill | AAPL h-10>0 p+100>100; USD b+1100>10098 i-1100>0; acct p+100>98

scenario 096 gain and fee cancel out
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 10@101 + full final fill fee 10 USD | AAPL h-10>0; USD b+1000>10000 i-1010>0; acct p+0>0

scenario 097 third-asset fee with FX
given | market data 0 MARK; USD=10000; BNB/USD mark=300
buy 10@100 + full final fill fee 0.01 BNB | AAPL b+10>10 i-10>0 p-3>-3 avg 100; USD h-1000>0; BNB b-0.01>-0.01; acct p-3>-3
sell 10@100 + full final fill fee 0.02 BNB | AAPL h-10>0 p-6>-9; USD b+1000>10000 i-1000>0; BNB b-0.02>-0.03; acct p-6>-9

scenario 098 third-asset fee without FX keeps the average
given | USD=10000
buy 10@100 + full final fill fee 2 BNB | AAPL b+10>10 i-10>0 p HALT MISSING_FX; USD h-1000>0; BNB b-2>-2; acct p HALT MISSING_FX
adj AAPL pnl=0 | AAPL p+0>0 avg 100
sell 1@110 + full final fill | AAPL h-1>0 p+10>10 avg 100; USD b+110>9110 i-110>0

scenario 099 underlying-asset fee with FX
given | market data 0 MARK; USD=10000; AAPL/USD mark=200
buy 10@100 + full final fill fee 0.1 AAPL | AAPL b+9.9>9.9 i-10>0 p-20>-20 avg 100; USD h-1000>0; acct p-20>-20
sell 9.9@110 + full final fill | AAPL h-9.9>0 p+99>79; USD b+1089>10089 i-1089>0; acct p+99>79

scenario 100 underlying-asset fee without FX
given | USD=10000
buy 10@100 + full final fill fee 0.1 AAPL | AAPL b+9.9>9.9 i-10>0 p HALT MISSING_FX; USD h-1000>0; acct p HALT MISSING_FX

scenario 101 profitable close, fee FX missing: no partial result
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 5@110 + full final fill fee 1 BNB | AAPL h-5>0 p HALT MISSING_FX; USD b+550>9550 i-550>0; BNB b-1>-1; acct p HALT MISSING_FX
adj AAPL pnl=0 | AAPL p+0>0 avg 100
account-pnl adj 0 | ok
sell 5@110 + full final fill | AAPL h-5>0 p+50>50; USD b+550>10100 i-550>0; acct p+50>50

scenario 102 fee without trade and without account currency
given | no account currency; USD=100
rep buy no trade L0 fee 1 USD lock none | AAPL p HALT MISSING_ACCOUNT_CURRENCY; USD b-1>99; acct p HALT MISSING_ACCOUNT_CURRENCY

scenario 103 direct quote, then it moves
given | market data 0 MARK; TRACK_ONLY; EUR/USD mark=1.1
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0 avg 110; EUR h-1000>0; acct p+0>0
sell 4@110 + full final fill AAPL/EUR | AAPL h-4>0 p+44>44 avg 110; EUR b+440>-560 i-440>0; acct p+44>44
push EUR/USD mark=1.2 | ok
sell 6@110 + full final fill AAPL/EUR | AAPL h-6>0 p+132>176; EUR b+660>100 i-660>0; acct p+132>176

scenario 104 inverse quote
given | market data 0 MARK; TRACK_ONLY; USD/EUR mark=0.8
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0 avg 125; EUR h-1000>0; acct p+0>0
sell 10@110 + full final fill AAPL/EUR | AAPL h-10>0 p+125>125; EUR b+1100>100 i-1100>0; acct p+125>125

scenario 105 inverse quote, repeating decimal
given | market data 0 MARK; TRACK_ONLY; USD/EUR mark=3
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0 avg 33.33333333333333333333333333; EUR h-1000>0; acct p+0>0
sell 10@110 + full final fill AAPL/EUR | AAPL h-10>0 p+33.33333333333333333333333333>33.33333333333333333333333333; EUR b+1100>100 i-1100>0; acct p+33.33333333333333333333333333>33.33333333333333333333333333

scenario 106 direct wins over inverse; direct without mark falls to inverse
given | market data 0 MARK; TRACK_ONLY; USD/EUR mark=0.8; EUR/USD mark=2
buy 1@100 + full final fill AAPL/EUR | AAPL b+1>1 i-1>0 avg 200; EUR h-100>0; acct p+0>0
push EUR/USD bid=2 ask=2 | ok
buy 1@100 + full final fill MSFT/EUR | MSFT b+1>1 i-1>0 avg 125; EUR h-100>0; acct p+0>0

scenario 107 stale quote is still used
given | stale market data 0 MARK; TRACK_ONLY; EUR/USD mark=1.1
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0 avg 110; EUR h-1000>0; acct p+0>0
sell 4@110 + full final fill AAPL/EUR | AAPL h-4>0 p+44>44 avg 110; EUR b+440>-560 i-440>0; acct p+44>44

scenario 108 zero inverse mark = no FX; zero or negative direct mark = that factor
given | market data 0 MARK; TRACK_ONLY; USD/EUR mark=0
buy 1@100 + full final fill AAPL/EUR | AAPL b+1>1 i-1>0; EUR h-100>0; acct p+0>0
push EUR/USD mark=0 | ok
buy 1@100 + full final fill MSFT/EUR | MSFT b+1>1 i-1>0 avg 0; EUR h-100>0; acct p+0>0
push EUR/USD mark=-1 | ok
buy 1@100 + full final fill TSLA/EUR | TSLA b+1>1 i-1>0 avg -100; EUR h-100>0; acct p+0>0

scenario 109 one asset, two settlement currencies
given | market data 0 MARK; TRACK_ONLY; EUR/USD mark=1.1
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0 avg 110; EUR h-1000>0; acct p+0>0
buy 10@120 + full final fill | AAPL b+10>20 i-10>0 avg 115; USD h-1200>0; acct p+0>0
sell 20@120 + full final fill | AAPL h-20>0 p+100>100; USD b+2400>1200 i-2400>0; acct p+100>100

scenario 110 no triangulation
given | market data 0 MARK; ccy GBP; TRACK_ONLY; EUR/USD mark=1.1; GBP/USD mark=1.3
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0; EUR h-1000>0; acct p+0>0
sell 1@100 + full final fill AAPL/EUR | AAPL h-1>0 p HALT MISSING_FX; EUR b+100>-900 i-100>0; acct p HALT MISSING_FX

scenario 111 per-account FX quote; one without mark shadows the default
given | market data 0 MARK; TRACK_ONLY; EUR/USD mark=1.1
push EUR/USD for acct 1 mark=2 | ok
push EUR/USD for acct 2 bid=2 | ok
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0 avg 200; EUR h-1000>0; acct p+0>0
buy 10@100 + full final fill AAPL/EUR (acct 2) | AAPL b+10>10 i-10>0; EUR h-1000>0; acct 2 p+0>0
buy 10@100 + full final fill AAPL/EUR (acct 3) | AAPL b+10>10 i-10>0 avg 110; EUR h-1000>0; acct 3 p+0>0

scenario 112 FX missing on open, present later
given | market data 0 MARK; TRACK_ONLY
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0; EUR h-1000>0; acct p+0>0
push EUR/USD mark=1.1 | ok
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>20 i-10>0 p HALT MISSING_INITIAL_PNL; EUR h-1000>0; acct p+0>0
sell 4@110 + full final fill AAPL/EUR | AAPL h-4>0; EUR b+440>-1560 i-440>0; acct p HALT MISSING_COST_BASIS

scenario 113 FX lost while adding: average dropped
given | market data 0 MARK; TRACK_ONLY; EUR/USD mark=1.1
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0 avg 110; EUR h-1000>0; acct p+0>0
clear EUR/USD | ok
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>20 i-10>0; EUR h-1000>0; acct p+0>0
push EUR/USD mark=1.1 | ok
sell 4@110 + full final fill AAPL/EUR | AAPL h-4>0 p HALT MISSING_COST_BASIS; EUR b+440>-1560 i-440>0; acct p HALT MISSING_COST_BASIS

scenario 114 FX lost while reducing: halt, average kept
given | market data 0 MARK; TRACK_ONLY; EUR/USD mark=1.1
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0 avg 110; EUR h-1000>0; acct p+0>0
clear EUR/USD | ok
sell 4@110 + full final fill AAPL/EUR | AAPL h-4>0 p HALT MISSING_FX; EUR b+440>-560 i-440>0; acct p HALT MISSING_FX
push EUR/USD mark=1.1 | ok
sell 4@110 + full final fill AAPL/EUR | AAPL h-4>0 avg 110; EUR b+440>-120 i-440>0

scenario 115 halted position, unpriced flip drops the average
given | market data 0 MARK; TRACK_ONLY; EUR/USD mark=1
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0 avg 100; EUR h-1000>0; acct p+0>0
clear EUR/USD | ok
sell 4@110 + full final fill AAPL/EUR | AAPL h-4>0 p HALT MISSING_FX; EUR b+440>-560 i-440>0; acct p HALT MISSING_FX
sell 8@110 + full final fill AAPL/EUR | AAPL h-8>0; EUR b+880>320 i-880>0
push EUR/USD mark=1 | ok
adj AAPL pnl=0 | AAPL p+0>0
buy 1@110 + full final fill AAPL/EUR | AAPL b+1>-1 i-1>0 p HALT MISSING_COST_BASIS; EUR h-110>0

scenario 116 no account currency
given | no account currency; USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 p HALT MISSING_ACCOUNT_CURRENCY; USD h-1000>0; acct p+0>0
sell 4@110 + full final fill | AAPL h-4>0; USD b+440>9440 i-440>0; acct p HALT MISSING_ACCOUNT_CURRENCY
buy 1@110 + full final fill | AAPL b+1>7 i-1>0; USD h-110>0

scenario 117 currency set later does not re-arm
given | no account currency; AAPL=10 avg 100 pnl 0
sell 4@110 + full final fill | AAPL h-4>0 p HALT MISSING_ACCOUNT_CURRENCY; USD b+440>440 i-440>0; acct p HALT MISSING_ACCOUNT_CURRENCY
currency USD | ok
sell 1@110 + full final fill | AAPL h-1>0 avg 100; USD b+110>550 i-110>0
adj AAPL avg=100 pnl=5 | AAPL p+5>5 avg 100
sell 1@110 + full final fill | AAPL h-1>0 p+10>15 avg 100; USD b+110>660 i-110>0
account-pnl adj 7 | ok
sell 1@110 + full final fill | AAPL h-1>0 p+10>25 avg 100; USD b+110>770 i-110>0; acct p+10>17

scenario 118 currency cascade account > group > default group
given | no account currency; TRACK_ONLY; group 7={1}
currency EUR of group default | ok
buy 1@10 + full final fill AAPL/EUR | AAPL b+1>1 i-1>0 avg 10; EUR h-10>0; acct p+0>0
currency USD of group 7 | ok
buy 1@10 + full final fill MSFT/USD | MSFT b+1>1 i-1>0 avg 10; USD h-10>0; acct p+0>0
sell 1@11 + full final fill AAPL/EUR | AAPL h-1>0 p HALT MISSING_FX; EUR b+11>1 i-11>0; acct p HALT MISSING_FX
currency EUR | ok
adj AAPL pnl=0 | AAPL p+0>0
account-pnl adj 0 | ok
buy 1@11 + full final fill AAPL/EUR | AAPL b+1>1 i-1>0 avg 11; EUR h-11>0; acct p+0>0
sell 1@12 + full final fill AAPL/EUR | AAPL h-1>0 p+1>1; EUR b+12>2 i-12>0; acct p+1>1

scenario 119 priority: currency over basis
given | no account currency; AAPL=10
sell 1@10 + full final fill | AAPL h-1>0 p HALT MISSING_ACCOUNT_CURRENCY; USD b+10>10 i-10>0; acct p HALT MISSING_ACCOUNT_CURRENCY

scenario 120 priority: FX over basis
given | AAPL=10
sell 1@10 + full final fill AAPL/EUR | AAPL h-1>0 p HALT MISSING_FX; EUR b+10>10 i-10>0; acct p HALT MISSING_FX

scenario 121 fee FX missing and basis missing: the two ledgers differ
given | AAPL=10
sell 1@10 + full final fill fee 1 BNB | AAPL h-1>0 p HALT MISSING_COST_BASIS; USD b+10>10 i-10>0; BNB b-1>-1; acct p HALT MISSING_FX

scenario 122 account ledger overflow
given | USD=1000
account-pnl adj 79228162514264337593543950335 | ok
buy 1@10 + full final fill | AAPL b+1>1 i-1>0 avg 10; USD h-10>0; acct p+0>79228162514264337593543950335
sell 1@15 + full final fill | AAPL h-1>0 p+5>5; USD b+15>1005 i-15>0; acct p HALT ARITHMETIC_OVERFLOW
buy 1@10 + full final fill | AAPL b+1>1 i-1>0 avg 10; USD h-10>0

scenario 123 account halt without a barrier does not reject
given | USD=1000
account-pnl adj MISSING_FX | ok
buy 1@1 | USD b-1>999 h+1>1; AAPL i+1>1; lock 1
buy 1@10 + full final fill | AAPL b+1>1 i-1>1 avg 10; USD h-10>1
account-pnl adj 3 | ok
sell 1@15 + full final fill | AAPL h-1>0 p+5>5; USD b+15>1004 i-15>0; acct p+5>8

scenario 124 rejected batch restores the account ledger
given | USD=1000
account-pnl adj 5 | ok
batch [account-pnl 100, USD bal-5000 with lower 0] | failed_index 1; REJECT account/AccountAdjustmentBoundsExceeded "account adjustment bounds exceeded" "asset USD: balance -4000, lower Some(PositionSize(0)), upper None"
buy 1@10 + full final fill fee 1 USD | AAPL b+1>1 i-1>0 p-1>-1 avg 10; USD b-1>989 h-10>0; acct p-1>4

scenario 125 lower bound
given | P&L preset global [-50, 50]
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 5@90 + full final fill | AAPL h-5>0 p-50>-50 avg 100; USD b+450>-550 i-450>0; acct p-50>-50
sell 1@99 + full final fill | AAPL h-1>0 p-1>-51 avg 100; USD b+99>-451 i-99>0; acct p-1>-51; BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -51, lower_bound Some(Pnl(-50)), upper_bound Some(Pnl(50))"
buy 1@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -51, lower_bound Some(Pnl(-50)), upper_bound Some(Pnl(50))"
dry-run buy 1@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -51, lower_bound Some(Pnl(-50)), upper_bound Some(Pnl(50))"
unblock | ok
dry-run buy 1@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -51, lower_bound Some(Pnl(-50)), upper_bound Some(Pnl(50))"; BLOCK AccountBlocked "pnl kill switch triggered" "lower bound breached: realized pnl -51, lower_bound Some(Pnl(-50)), upper_bound Some(Pnl(50))"
buy 1@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -51, lower_bound Some(Pnl(-50)), upper_bound Some(Pnl(50))"
buy 1@1 | REJECT account/AccountBlocked "pnl kill switch triggered" "lower bound breached: realized pnl -51, lower_bound Some(Pnl(-50)), upper_bound Some(Pnl(50))"
unblock | ok
set_spot_funds_account_pnl 0 | ok
buy 1@1 | USD b-1>-452 h+1>1; AAPL i+1>1; lock 1
set_spot_funds_account_pnl 51 | BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "upper bound breached: realized pnl 51, lower_bound Some(Pnl(-50)), upper_bound Some(Pnl(50))"
buy 1@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "upper bound breached: realized pnl 51, lower_bound Some(Pnl(-50)), upper_bound Some(Pnl(50))"

scenario 126 account > group > global
given | P&L preset global [-10, ]; P&L preset group 7 [-20, ]; P&L preset acct 3 [-30, ]; group 7={2,3}
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 1@85 + full final fill | AAPL h-1>0 p-15>-15 avg 100; USD b+85>-915 i-85>0; acct p-15>-15; BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -15, lower_bound Some(Pnl(-10)), upper_bound None"
buy 10@100 + full final fill (acct 2) | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct 2 p+0>0
sell 1@85 + full final fill (acct 2) | AAPL h-1>0 p-15>-15 avg 100; USD b+85>-915 i-85>0; acct 2 p-15>-15
buy 10@100 + full final fill (acct 3) | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct 3 p+0>0
sell 1@85 + full final fill (acct 3) | AAPL h-1>0 p-15>-15 avg 100; USD b+85>-915 i-85>0; acct 3 p-15>-15
sell 1@90 + full final fill (acct 2) | AAPL h-1>0 p-10>-25 avg 100; USD b+90>-825 i-90>0; acct 2 p-10>-25; BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -25, lower_bound Some(Pnl(-20)), upper_bound None"
sell 1@90 + full final fill (acct 3) | AAPL h-1>0 p-10>-25 avg 100; USD b+90>-825 i-90>0; acct 3 p-10>-25
sell 1@90 + full final fill (acct 3) | AAPL h-1>0 p-10>-35 avg 100; USD b+90>-735 i-90>0; acct 3 p-10>-35; BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -35, lower_bound Some(Pnl(-30)), upper_bound None"

scenario 127 reports after the breach are still applied and keep reporting a block
given | P&L preset global [-10, ]
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 1@85 + full final fill | AAPL h-1>0 p-15>-15 avg 100; USD b+85>-915 i-85>0; acct p-15>-15; BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -15, lower_bound Some(Pnl(-10)), upper_bound None"
rep sell 1@100 L0 F | AAPL h-1>-1 avg 100; USD b+100>-815 i-85>-85; acct p+0>-15; BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -15, lower_bound Some(Pnl(-10)), upper_bound None"
rep sell no trade L1 F | AAPL b+1>10 h-1>-2; USD i-85>-170

scenario 128 missing FX halts and blocks
given | market data 0 MARK; P&L preset global [-10, ]
buy 10@100 + full final fill AAPL/EUR | AAPL b+10>10 i-10>0; EUR h-1000>0; acct p+0>0
sell 1@100 + full final fill AAPL/EUR | AAPL h-1>0 p HALT MISSING_FX; EUR b+100>-900 i-100>0; acct p HALT MISSING_FX; BLOCK PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingFx"
buy 1@1 | REJECT account/PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingFx"
rep sell 1@100 L0 F AAPL/EUR | AAPL h-1>-1; EUR b+100>-800 i-100>-100; BLOCK PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingFx"

scenario 129 no account currency: opening is fine, closing blocks
given | P&L preset global [-10, ]; no account currency
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 p HALT MISSING_ACCOUNT_CURRENCY; USD h-1000>0; acct p+0>0
buy 1@1 as y | USD b-1>-1001 h+1>1; AAPL i+1>1; lock 1
sell 1@100 + full final fill | AAPL h-1>0; USD b+100>-901 i-100>0; acct p HALT MISSING_ACCOUNT_CURRENCY; BLOCK PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingAccountCurrency"

scenario 130 account-pnl adjustment against a barrier
given | P&L preset global [-5, ]
account-pnl adj -5 | ok
account-pnl adj -5.01 | BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -5.01, lower_bound Some(Pnl(-5)), upper_bound None"
buy 0@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -5.01, lower_bound Some(Pnl(-5)), upper_bound None"

scenario 131 account-pnl halt against a barrier
given | P&L preset global [-5, ]
account-pnl adj MISSING_COST_BASIS | BLOCK PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingCostBasis"
buy 0@1 | REJECT account/PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingCostBasis"

scenario 132 transient breach inside an accepted batch still blocks
given | P&L preset global [-5, ]
batch [account-pnl -100, account-pnl 0] | BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -100, lower_bound Some(Pnl(-5)), upper_bound None"
buy 0@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -100, lower_bound Some(Pnl(-5)), upper_bound None"

scenario 133 breach inside a rejected batch does not block
given | P&L preset global [-5, ]
batch [account-pnl -100, USD bal-1 with lower 0] | failed_index 1; REJECT account/AccountAdjustmentBoundsExceeded "account adjustment bounds exceeded" "asset USD: balance -1, lower Some(PositionSize(0)), upper None"
buy 0@1 | lock 1

scenario 134 barrier added at run time is only noticed by the next order
given | USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0; acct p+0>0
sell 5@80 + full final fill | AAPL h-5>0 p-100>-100 avg 100; USD b+400>9400 i-400>0; acct p-100>-100
barrier global [-50, ] | ok
dry-run buy 1@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -100, lower_bound Some(Pnl(-50)), upper_bound None"; BLOCK AccountBlocked "pnl kill switch triggered" "lower bound breached: realized pnl -100, lower_bound Some(Pnl(-50)), upper_bound None"
buy 1@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -100, lower_bound Some(Pnl(-50)), upper_bound None"
buy 1@1 | REJECT account/AccountBlocked "pnl kill switch triggered" "lower bound breached: realized pnl -100, lower_bound Some(Pnl(-50)), upper_bound None"

scenario 135 preset is track-only and prices market orders at mark
given | market data 0 MARK; P&L preset global [-10, ]; AAPL/USD mark=100
mkt buy 1 | USD b-100>-100 h+100>100; AAPL i+1>1; lock 100
mkt sell 1 | AAPL b-1>-1 h+1>1; USD i+100>100; lock 100

scenario 136 underlying = settlement, and what it pays comes first
given | ccy EUR
rep buy 2@3 L0 F USD/USD lock 3 | USD b+2>2 i-2>-2 p HALT MISSING_FX; USD h-6>-6; acct p HALT MISSING_FX

scenario 137 underlying = settlement without an account currency
given | no account currency
rep buy 2@3 L0 F USD/USD lock 3 | USD b+2>2 i-2>-2 p HALT MISSING_ACCOUNT_CURRENCY; USD h-6>-6; acct p HALT MISSING_ACCOUNT_CURRENCY
state | USD b=2 h=-6 i=-2

scenario 138 a halted position keeps its average, whatever it would have gained
given | TRACK_ONLY; AAPL=10 pnl MISSING_FX
adj AAPL avg=39614081257132168796771975168 | AAPL avg 39614081257132168796771975168
sell 5@1 + full final fill | AAPL h-5>0 avg 39614081257132168796771975168; USD b+5>5 i-5>0; acct p HALT ARITHMETIC_OVERFLOW

scenario 138 a halted position that flips has the price of the rest, whatever it would have gained
given | TRACK_ONLY; AAPL=10 pnl MISSING_FX
adj AAPL avg=39614081257132168796771975168 | AAPL avg 39614081257132168796771975168
sell 12@1 + full final fill | AAPL h-12>0 avg 1; USD b+12>12 i-12>0; acct p HALT ARITHMETIC_OVERFLOW

scenario 138 a halted position whose average does not fit forgets it
given | TRACK_ONLY; AAPL=2 pnl MISSING_FX
adj AAPL avg=79228162514264337593543950335 | AAPL avg 79228162514264337593543950335
buy 1@1 + full final fill | AAPL b+1>3 i-1>0; USD h-1>0; acct p+0>0
adj AAPL pnl=0 | AAPL p+0>0

scenario 139 a fee that cannot be debited stops nothing
given | TRACK_ONLY; AAPL=1 avg 1 pnl 0; BNB=-79228162514264337593543950335
sell 1@1 + full final fill fee 1 BNB | AAPL h-1>0; USD b+1>1 i-1>0; BLOCK ArithmeticOverflow "arithmetic overflow" "fee debit overflow: currency BNB, fee 1"

scenario 140 an order that lacks something
given | USD=100
buy 1@1 without instrument | REJECT order/MissingRequiredField "failed to access required field 'instrument'" "failed to access field 'operation.instrument'"
buy 1@1 without account | REJECT order/MissingRequiredField "failed to access required field 'account ID'" "failed to access field 'operation.account_id'"
buy 1@1 without side | REJECT order/MissingRequiredField "failed to access required field 'side'" "failed to access field 'operation.side'"
buy 1@1 without amount | REJECT order/MissingRequiredField "failed to access required field 'trade amount'" "failed to access field 'operation.trade_amount'"
buy 1@1 without amount side account instrument | REJECT order/MissingRequiredField "failed to access required field 'instrument'" "failed to access field 'operation.instrument'"
buy 1@1 | USD b-1>99 h+1>1; AAPL i+1>1; lock 1

scenario 141 a report that lacks something changes nothing, in the order of reading
rep buy 1@1 fee 1 USD lock 1 without instrument | BLOCK MissingRequiredField "failed to access required field 'instrument'" "failed to access field 'operation.instrument'"
rep buy 1@1 fee 1 USD lock 1 without side | BLOCK MissingRequiredField "failed to access required field 'side'" "failed to access field 'operation.side'"
rep buy 1@1 fee 1 USD lock 1 without lock | BLOCK MissingRequiredField "failed to access required field 'pre-trade lock'" "failed to access field 'fill.lock'"
rep buy 1@1 fee 1 USD lock 1 without lock is_final | BLOCK MissingRequiredField "failed to access required field 'order finality'" "failed to access field 'fill.is_final'"
rep buy 1@1 fee 1 USD lock 1 without lock is_final leaves_quantity | BLOCK MissingRequiredField "failed to access required field 'remaining quantity'" "failed to access field 'fill.leaves_quantity'"
rep buy 1@1 fee 1 USD lock 1 without lock is_final leaves_quantity side instrument | BLOCK MissingRequiredField "failed to access required field 'instrument'" "failed to access field 'operation.instrument'"
state | AAPL b=0 h=0 i=0; USD b=0 h=0 i=0

scenario 142 a release needs one price too
rep buy no trade L1 F lock 100 100 | BLOCK Other "pre-trade lock has multiple prices for settlement release; two SpotFundsPolicies share a group_id" "group 0"
rep buy no trade L1 F lock 5:100 6:100 | BLOCK MissingRequiredField "pre-trade lock has no price for settlement release" "group 0"
rep buy no trade L1 F lock 100 5:1 | AAPL i-1>-1; USD b+100>100 h-100>-100

scenario 143 every reason for a halt has its name
given | P&L preset global [-5, ]
account-pnl adj MISSING_FX | BLOCK PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingFx"
account-pnl adj MISSING_ACCOUNT_CURRENCY | BLOCK PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingAccountCurrency"
account-pnl adj MISSING_INITIAL_PNL | BLOCK PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingInitialPnl"
account-pnl adj MISSING_COST_BASIS | BLOCK PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingCostBasis"
account-pnl adj ARITHMETIC_OVERFLOW | BLOCK PnlKillSwitchTriggered "account pnl calculation halted" "halt reason ArithmeticOverflow"
buy 1@1 | REJECT account/PnlKillSwitchTriggered "account pnl calculation halted" "halt reason MissingFx"

scenario 144 bounds that leave nothing between them
given | P&L preset global [1, -1]
buy 1@1 | REJECT account/PnlKillSwitchTriggered "pnl kill switch triggered" "lower and upper bound breached: realized pnl 0, lower_bound Some(Pnl(1)), upper_bound Some(Pnl(-1))"

scenario 145 bounds are inclusive
given | P&L preset global [-5, 5]
account-pnl adj -5 | ok
account-pnl adj 5 | ok
buy 0@1 | lock 1
account-pnl adj 5.0000000000000000000000000001 | BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "upper bound breached: realized pnl 5.0000000000000000000000000001, lower_bound Some(Pnl(-5)), upper_bound Some(Pnl(5))"

# What an engine of release 0.10 says instead.

scenario 150 opening says nothing of the account, and closing says everything
given | release 0.10; USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0
sell 10@100 + full final fill | AAPL h-10>0 p+0>0; USD b+1000>10000 i-1000>0; acct p+0>0

scenario 151 a fee on a break-even full close starts the P&L again
given | release 0.10; USD=10000
buy 10@100 + full final fill | AAPL b+10>10 i-10>0 avg 100; USD h-1000>0
sell 10@100 + full final fill fee 2 USD | AAPL h-10>0 p-2>-2; USD b+998>9998 i-1000>0; acct p-2>-2

scenario 152 a fee without a position starts its P&L
given | release 0.10; USD=10000
rep buy no trade L0 fee 2 USD lock none | AAPL p-2>-2; USD b-2>9998; acct p-2>-2

scenario 153 a P&L that nobody gave starts at zero
given | release 0.10; AAPL=10
adj AAPL avg=100 | AAPL avg 100
sell 4@110 + full final fill | AAPL h-4>0 p+40>40 avg 100; USD b+440>440 i-440>0; acct p+40>40

scenario 154 adding to what has no cost halts
given | release 0.10; AAPL=10; USD=1000
buy 4@110 + full final fill | AAPL b+4>14 i-4>0 p HALT MISSING_COST_BASIS; USD h-440>0

scenario 155 halting again drops the average
given | release 0.10; AAPL=10
adj AAPL pnl=MISSING_FX | AAPL p HALT MISSING_FX
adj AAPL avg=9 pnl=MISSING_FX | AAPL p HALT MISSING_FX

scenario 156 a volume at a price of zero is no order
given | release 0.10; USD=10
buy vol 10@0 | REJECT order/OrderValueCalculationFailed "order value calculation failed" "price or volume could not be used to evaluate order quantity"

scenario 157 a breach names the bounds there are
given | release 0.10; P&L preset global [-5, ]
account-pnl adj -5.01 | BLOCK PnlKillSwitchTriggered "pnl kill switch triggered" "lower bound breached: realized pnl -5.01, lower bound -5"
