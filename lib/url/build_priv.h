/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_URL_BUILD_PRIV_H
#define DBW_URL_BUILD_PRIV_H
/* Between build.c and build_tls.c: what a URL under construction consists of. */
#include "url/options.h"
#include "url/url_priv.h"

/** The system's CA bundle, as Debian has it: for drivers that look elsewhere by default. */
#define DBW_URL_SYSTEM_CA "/etc/ssl/certs/ca-certificates.crt"

typedef struct dbw_url_draft {
    dbw_arena *arena;
    const dbw_url_driver_info *driver;
    dbw_url *url;
    char **warnings;
    size_t warning_count;
} dbw_url_draft;

/** Adds a sentence for the administrator. */
void dbw_url_draft_warn(dbw_url_draft *draft, const char *format, ...) DBW_PRINTF(2, 3);

/** Adds an option; both strings are copied. */
void dbw_url_draft_add(dbw_url_draft *draft, const char *name, const char *value);

/** Adds the options that make the draft's driver do what `tls` asks for, as far as it can. */
void dbw_url_draft_tls(dbw_url_draft *draft, const dbw_url_tls *tls, bool mode_given);

#endif
