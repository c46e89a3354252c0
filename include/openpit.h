/*
 * openpit.h: the C interface of OpenPit, an embeddable pre-trade risk engine.
 *
 * What this file does not mention is private.
 */
#ifndef OPENPIT_H
#define OPENPIT_H

#include <stddef.h>
#include <stdint.h>

/** Marks what the shared library exports; everything else in it is hidden. */
#if defined(__GNUC__)
#define OPENPIT_API __attribute__((visibility("default")))
#else
#define OPENPIT_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ------------------------------------------------------------------------------------------------- */

#define OPENPIT_VERSION_MAJOR 0
#define OPENPIT_VERSION_MINOR 1
#define OPENPIT_VERSION_PATCH 0

/** The ABI generation this header describes; the shared library carries it in its soname. */
#define OPENPIT_ABI_VERSION 0

/**
 * The version of the library that was loaded, such as "0.1.0".
 *
 * @return borrowed; valid as long as the library is loaded.
 */
OPENPIT_API const char *openpit_version_string(void);

/**
 * The ABI generation of the library that was loaded. Compare it with OPENPIT_ABI_VERSION, which is what the caller
 * was compiled against: a different number means that the two must not be used together.
 */
OPENPIT_API uint32_t openpit_abi_version(void);

#ifdef __cplusplus
}
#endif

#endif
