/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_BASE_DBW_H
#define DBW_BASE_DBW_H
/*
 * The first header of every file: what the compiler is asked to check, and what nobody may call.
 *
 * The headers whose functions are poisoned are included first, so that their own declarations
 * stay legal.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DBW_MUST_CHECK __attribute__((warn_unused_result))
#define DBW_PRINTF(at, first) __attribute__((__format__(__printf__, at, first)))
#define DBW_NORETURN __attribute__((noreturn))
#define DBW_UNUSED __attribute__((unused))

#define DBW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Unbounded, shell-reaching or stateful: there is a better way for each (buffer.h, process.h). */
/* With _FORTIFY_SOURCE some of these are macros under clang, which cannot be poisoned. */
#undef sprintf
#undef vsprintf
#ifdef __GNUC__
#pragma GCC poison strcpy strcat sprintf vsprintf system popen gets strtok
#endif

#endif
