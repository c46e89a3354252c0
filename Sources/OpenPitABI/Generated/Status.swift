// Written by tools/generate.py from tools/lists/statuses.toml.

import COpenPit

/// What a call came to, as openpit.h numbers it.
enum Status: openpit_status, Error, CaseIterable {
    case ok = 0
    case nullArgument = 1
    case structSize = 2
    case invalidArgument = 3
    case notFound = 4
    case alreadyFinalized = 5
    case engineClosed = 6
    case builderConsumed = 7
    case limitReached = 8
    case bufferTooSmall = 9
    case callbackFailed = 10
    case `internal` = 11
    case doneCallbackFailed = 12
    case contextEnded = 13
    case unknownField = 14
    case destroyed = 15
    case invalidFormat = 20
    case invalidFloat = 21
    case invalidDecimal = 22
    case negativeValue = 23
    case arithmeticOverflow = 24
    case arithmeticUnderflow = 25
    case divisionByZero = 26
    case invalidPrice = 27
    case invalidLeverage = 28
    case invalidUtf8 = 40
    case emptyName = 41
    case nameTooLong = 42
    case noPolicies = 60
    case duplicatePolicyName = 61
    case duplicatePolicyGroup = 62
    case noBarriers = 63
    case noBounds = 64
    case invalidWindow = 65
    case unknownPolicy = 66
    case policyTypeMismatch = 67
    case invalidSlippage = 68
    case syncModeMismatch = 69
    case reservedGroup = 80
    case alreadyGrouped = 81
    case otherGroup = 82
    case noGroup = 83
    case accountNotBlocked = 84
    case groupNotBlocked = 85
    case assertionPending = 86
    case unknownInstrument = 100
    case quoteUnavailable = 101
    case quoteExpired = 102
    case groupNeeded = 103
    case noTargets = 104
    case instrumentRegistered = 105
    case instrumentIdTaken = 106
    case orderState = 120
    case exceedsRemaining = 121
    case notHalted = 122
    case duplicateOrder = 123
    case insufficientCash = 124
    case fillReused = 125
    case contradiction = 126
}

extension Status {
    /// The status as a word.
    var name: StaticString {
        switch self {
        case .ok: "OK"
        case .nullArgument: "NULL_ARGUMENT"
        case .structSize: "STRUCT_SIZE"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .notFound: "NOT_FOUND"
        case .alreadyFinalized: "ALREADY_FINALIZED"
        case .engineClosed: "ENGINE_CLOSED"
        case .builderConsumed: "BUILDER_CONSUMED"
        case .limitReached: "LIMIT_REACHED"
        case .bufferTooSmall: "BUFFER_TOO_SMALL"
        case .callbackFailed: "CALLBACK_FAILED"
        case .internal: "INTERNAL"
        case .doneCallbackFailed: "DONE_CALLBACK_FAILED"
        case .contextEnded: "CONTEXT_ENDED"
        case .unknownField: "UNKNOWN_FIELD"
        case .destroyed: "DESTROYED"
        case .invalidFormat: "INVALID_FORMAT"
        case .invalidFloat: "INVALID_FLOAT"
        case .invalidDecimal: "INVALID_DECIMAL"
        case .negativeValue: "NEGATIVE_VALUE"
        case .arithmeticOverflow: "ARITHMETIC_OVERFLOW"
        case .arithmeticUnderflow: "ARITHMETIC_UNDERFLOW"
        case .divisionByZero: "DIVISION_BY_ZERO"
        case .invalidPrice: "INVALID_PRICE"
        case .invalidLeverage: "INVALID_LEVERAGE"
        case .invalidUtf8: "INVALID_UTF8"
        case .emptyName: "EMPTY_NAME"
        case .nameTooLong: "NAME_TOO_LONG"
        case .noPolicies: "NO_POLICIES"
        case .duplicatePolicyName: "DUPLICATE_POLICY_NAME"
        case .duplicatePolicyGroup: "DUPLICATE_POLICY_GROUP"
        case .noBarriers: "NO_BARRIERS"
        case .noBounds: "NO_BOUNDS"
        case .invalidWindow: "INVALID_WINDOW"
        case .unknownPolicy: "UNKNOWN_POLICY"
        case .policyTypeMismatch: "POLICY_TYPE_MISMATCH"
        case .invalidSlippage: "INVALID_SLIPPAGE"
        case .syncModeMismatch: "SYNC_MODE_MISMATCH"
        case .reservedGroup: "RESERVED_GROUP"
        case .alreadyGrouped: "ALREADY_GROUPED"
        case .otherGroup: "OTHER_GROUP"
        case .noGroup: "NO_GROUP"
        case .accountNotBlocked: "ACCOUNT_NOT_BLOCKED"
        case .groupNotBlocked: "GROUP_NOT_BLOCKED"
        case .assertionPending: "ASSERTION_PENDING"
        case .unknownInstrument: "UNKNOWN_INSTRUMENT"
        case .quoteUnavailable: "QUOTE_UNAVAILABLE"
        case .quoteExpired: "QUOTE_EXPIRED"
        case .groupNeeded: "GROUP_NEEDED"
        case .noTargets: "NO_TARGETS"
        case .instrumentRegistered: "INSTRUMENT_REGISTERED"
        case .instrumentIdTaken: "INSTRUMENT_ID_TAKEN"
        case .orderState: "ORDER_STATE"
        case .exceedsRemaining: "EXCEEDS_REMAINING"
        case .notHalted: "NOT_HALTED"
        case .duplicateOrder: "DUPLICATE_ORDER"
        case .insufficientCash: "INSUFFICIENT_CASH"
        case .fillReused: "FILL_REUSED"
        case .contradiction: "CONTRADICTION"
        }
    }

    /// The status as a sentence without a full stop.
    var message: StaticString {
        switch self {
        case .ok: "success"
        case .nullArgument: "a required pointer is NULL"
        case .structSize: "struct_size is that of no version of the struct, or differs within an array"
        case .invalidArgument: "an unknown number, or something that must be zero is not"
        case .notFound: "no such item: it was never made, or is gone"
        case .alreadyFinalized: "the request or reservation has been finalised already"
        case .engineClosed: "the engine is closed"
        case .builderConsumed: "the builder has built its engine already"
        case .limitReached: "memory or an id space has run out"
        case .bufferTooSmall: "the buffer is too small"
        case .callbackFailed: "a callback of a custom policy failed, and nothing was done"
        case .internal: "an invariant of the library is broken"
        case .doneCallbackFailed: "done, although a callback of a custom policy failed"
        case .contextEnded: "the hook that the context was given to has ended"
        case .unknownField: "a struct of a later version sets what this library does not know"
        case .destroyed: "the handle was destroyed, or leads to something else"
        case .invalidFormat: "the text or data has another format"
        case .invalidFloat: "invalid float value"
        case .invalidDecimal: "the scale of a decimal is above 28, or its sign is neither 0 nor 1"
        case .negativeValue: "value must be non-negative"
        case .arithmeticOverflow: "arithmetic overflow"
        case .arithmeticUnderflow: "arithmetic underflow"
        case .divisionByZero: "division by zero"
        case .invalidPrice: "invalid price value"
        case .invalidLeverage: "invalid leverage value"
        case .invalidUtf8: "the text is not UTF-8"
        case .emptyName: "the name is empty or blank"
        case .nameTooLong: "the name is too long"
        case .noPolicies: "the engine has no policy"
        case .duplicatePolicyName: "two policies have the same name"
        case .duplicatePolicyGroup: "two policies have the same group"
        case .noBarriers: "at least one barrier must be configured"
        case .noBounds: "at least one bound must be configured"
        case .invalidWindow: "the window must be longer than zero"
        case .unknownPolicy: "no policy has this name"
        case .policyTypeMismatch: "the policy of this name is of another type"
        case .invalidSlippage: "a slippage is above 10000 basis points"
        case .syncModeMismatch: "the market data are for one thread and the engine is for several"
        case .reservedGroup: "the default group cannot be used here"
        case .alreadyGrouped: "the account belongs to a group already"
        case .otherGroup: "the account belongs to another group"
        case .noGroup: "the account belongs to no group"
        case .accountNotBlocked: "the account is not blocked"
        case .groupNotBlocked: "the group is not blocked"
        case .assertionPending: "a batch that is still running has asserted the P&L of the account"
        case .unknownInstrument: "unknown instrument"
        case .quoteUnavailable: "quote unavailable"
        case .quoteExpired: "quote expired"
        case .groupNeeded: "the answer depends on the reader's group"
        case .noTargets: "at least one account or group must be named"
        case .instrumentRegistered: "the instrument is registered already"
        case .instrumentIdTaken: "the instrument id is taken"
        case .orderState: "the order is in no state for that"
        case .exceedsRemaining: "the fill exceeds remaining quantity of the order"
        case .notHalted: "nothing is halted"
        case .duplicateOrder: "the order or its key was submitted before"
        case .insufficientCash: "there is less cash than is needed"
        case .fillReused: "a fill of that id was booked before and said something else"
        case .contradiction: "what was restored contradicts itself"
        }
    }
}
