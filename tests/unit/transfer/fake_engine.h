/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_FAKE_ENGINE_H
#define DBW_FAKE_ENGINE_H
/* A real engine whose loading fails or dawdles when it is told to: what a server does not do on
 * demand. One script at a time. */
#include "engine/engine.h"

typedef struct fake_script {
    int fail_at;        /* the n-th block that is sent fails, counted from 1; 0: none */
    dbw_status code;    /* with this */
    int milliseconds;   /* that every block takes */
    _Atomic int blocks; /* that were sent */
} fake_script;

extern fake_script fake;

/** The engine of that name with the script in front of it. */
const dbw_engine *fake_engine(const char *backend);

#endif
