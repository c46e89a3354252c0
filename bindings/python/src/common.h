/* Everything the files of the extension offer each other. */
#ifndef COMMON_H
#define COMMON_H

#include "adjustment.h"
#include "amounts.h"
#include "args.h"
#include "decimal.h"
#include "enums.h"
#include "errors.h"
#include "identifiers.h"
#include "instrument.h"
#include "lock.h"
#include "model.h"
#include "order.h"
#include "outcome.h"
#include "report.h"
#include "state.h"
#include "text.h"
#include "types.h"

#endif
