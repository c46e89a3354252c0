/* Everything the files of the extension offer each other. */
#ifndef COMMON_H
#define COMMON_H

#include "accounts.h"
#include "adjustment.h"
#include "amounts.h"
#include "args.h"
#include "barriers.h"
#include "builder.h"
#include "callable_property.h"
#include "callback.h"
#include "configurator.h"
#include "context.h"
#include "decimal.h"
#include "engine.h"
#include "enums.h"
#include "errors.h"
#include "identifiers.h"
#include "instrument.h"
#include "lock.h"
#include "model.h"
#include "order.h"
#include "outcome.h"
#include "reject.h"
#include "report.h"
#include "request.h"
#include "result.h"
#include "state.h"
#include "text.h"
#include "types.h"

#endif
