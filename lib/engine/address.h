/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_ADDRESS_H
#define DBW_ENGINE_ADDRESS_H
/*
 * From a host name to the addresses that a driver may connect to: resolved once, within a
 * deadline, and checked before anything is sent. What was checked is what is connected to, so a
 * name that changes its address in between gains nothing.
 */
#include "base/clock.h"
#include "base/error.h"

enum { DBW_ADDRESS_TEXT = 64, DBW_ADDRESS_MAX = 8 };

typedef struct dbw_addresses {
    char text[DBW_ADDRESS_MAX][DBW_ADDRESS_TEXT]; /* numeric: "127.0.0.1", "::1", "fe80::1%eth0" */
    size_t count;
} dbw_addresses;

/**
 * Resolves `host`. Errors: UNREACHABLE (unknown name), TIMEOUT, and DENIED where every address is
 * refused: with `restrict_addresses` link-local (169.254/16, fe80::/10), unspecified, multicast
 * and broadcast addresses and the metadata services of cloud providers (169.254.169.254,
 * fd00:ec2::254, 100.100.100.200), also when written as IPv4 inside IPv6.
 * `allow_hosts` (NULL: all) is a comma-separated list of names, addresses and CIDR ranges.
 */
dbw_status dbw_address_resolve(const char *host, bool restrict_addresses, const char *allow_hosts,
                               dbw_deadline deadline, dbw_addresses *out,
                               dbw_error *error) DBW_MUST_CHECK;

/** Whether the folder of a unix socket stands in `allow_hosts` (NULL: all). */
dbw_status dbw_address_socket_allowed(const char *folder, const char *allow_hosts,
                                      dbw_error *error) DBW_MUST_CHECK;

/** Whether restrict_addresses refuses this numeric address. */
bool dbw_address_forbidden(const char *address);

#endif
