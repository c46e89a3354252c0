// Everything is inline in the header; the package manager wants a source file to compile.
#include "CPlatform.h"
