/* Every keyword, attribute and method name the extension looks up, interned once when the module is made. */
#ifndef NAMES_H
#define NAMES_H

#define FOR_EACH_NAME(NAME)                                                                                            \
    NAME(absolute)                                                                                                     \
    NAME(account_id)                                                                                                   \
    NAME(amount)                                                                                                       \
    NAME(asset)                                                                                                        \
    NAME(auto_borrow)                                                                                                  \
    NAME(average_entry_price)                                                                                          \
    NAME(balance)                                                                                                      \
    NAME(balance_lower)                                                                                                \
    NAME(balance_upper)                                                                                                \
    NAME(bounds)                                                                                                       \
    NAME(close_position)                                                                                               \
    NAME(collateral_asset)                                                                                             \
    NAME(currency)                                                                                                     \
    NAME(data)                                                                                                         \
    NAME(delta)                                                                                                        \
    NAME(entries)                                                                                                      \
    NAME(entry)                                                                                                        \
    NAME(fee)                                                                                                          \
    NAME(fill)                                                                                                         \
    NAME(financial_impact)                                                                                             \
    NAME(halt_reason)                                                                                                  \
    NAME(held)                                                                                                         \
    NAME(held_lower)                                                                                                   \
    NAME(held_upper)                                                                                                   \
    NAME(incoming)                                                                                                     \
    NAME(incoming_lower)                                                                                               \
    NAME(incoming_upper)                                                                                               \
    NAME(instrument)                                                                                                   \
    NAME(is_final)                                                                                                     \
    NAME(last_trade)                                                                                                   \
    NAME(leaves_quantity)                                                                                              \
    NAME(leverage)                                                                                                     \
    NAME(lock)                                                                                                         \
    NAME(margin)                                                                                                       \
    NAME(mode)                                                                                                         \
    NAME(multiplier)                                                                                                   \
    NAME(notional)                                                                                                     \
    NAME(operation)                                                                                                    \
    NAME(other)                                                                                                        \
    NAME(pnl)                                                                                                          \
    NAME(policy_group_id)                                                                                              \
    NAME(position)                                                                                                     \
    NAME(position_effect)                                                                                              \
    NAME(position_impact)                                                                                              \
    NAME(position_side)                                                                                                \
    NAME(price)                                                                                                        \
    NAME(prices)                                                                                                       \
    NAME(qty)                                                                                                          \
    NAME(quantity)                                                                                                     \
    NAME(realized_pnl)                                                                                                 \
    NAME(reduce_only)                                                                                                  \
    NAME(remaining_reserved_quantity)                                                                                  \
    NAME(scale)                                                                                                        \
    NAME(settlement_asset)                                                                                             \
    NAME(side)                                                                                                         \
    NAME(state)                                                                                                        \
    NAME(strategy)                                                                                                     \
    NAME(text)                                                                                                         \
    NAME(trade_amount)                                                                                                 \
    NAME(underlying_asset)                                                                                             \
    NAME(value)                                                                                                        \
    NAME(volume)

#define NAME_NUMBER(name) NAME_##name,
enum { FOR_EACH_NAME(NAME_NUMBER) NAME_COUNT };
#undef NAME_NUMBER

#endif
