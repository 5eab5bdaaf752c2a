/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/address.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

/* --- addresses as 16 bytes, IPv4 mapped ------------------------------------------------------- */

typedef struct address {
    uint8_t bytes[16];
} address;

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool parse_address(dbw_text text, address *out)
{
    char copy[DBW_ADDRESS_TEXT];
    size_t length = text.length;
    const char *zone = length ? memchr(text.data, '%', length) : NULL;
    if (zone)
        length = (size_t)(zone - text.data);
    if (length == 0 || length >= sizeof copy)
        return false;
    memcpy(copy, text.data, length);
    copy[length] = '\0';
    if (inet_pton(AF_INET6, copy, out->bytes) == 1)
        return true;
    memcpy(out->bytes, mapped, sizeof mapped);
    return inet_pton(AF_INET, copy, out->bytes + 12) == 1;
}

static bool in_range(const address *candidate, const address *network, unsigned bits)
{
    for (unsigned i = 0; i < 16 && bits > 0; i++) {
        unsigned take = bits < 8 ? bits : 8;
        uint8_t mask = (uint8_t)(0xff << (8 - take));
        if ((candidate->bytes[i] & mask) != (network->bytes[i] & mask))
            return false;
        bits -= take;
    }
    return true;
}

/** "10.0.0.0/8", "fd00::/8" or a single address. */
static bool matches_cidr(const address *candidate, dbw_text range)
{
    const char *slash = memchr(range.data, '/', range.length);
    dbw_text base = {range.data, slash ? (size_t)(slash - range.data) : range.length};
    address network;
    if (!parse_address(base, &network))
        return false;
    bool four = memchr(base.data, ':', base.length) == NULL;
    int64_t bits = four ? 32 : 128;
    if (slash) {
        dbw_text digits = {slash + 1, range.length - base.length - 1};
        int64_t given;
        if (!dbw_text_to_int64(digits, &given) || given < 0 || given > bits)
            return false;
        bits = given;
    }
    return in_range(candidate, &network, (unsigned)bits + (four ? 96 : 0));
}

/* RFC 3927, RFC 4291 2.5.6, RFC 5771; the metadata addresses are those that Amazon (IPv6) and
 * Alibaba document, all others being link-local. */
static const char *const forbidden_ranges[] = {
    "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255", "100.100.100.200",
    "::/128",    "fe80::/10",      "ff00::/8",    "fd00:ec2::254",
};

static bool forbidden_bytes(const address *candidate)
{
    for (size_t i = 0; i < DBW_COUNT(forbidden_ranges); i++)
        if (matches_cidr(candidate, dbw_text_of(forbidden_ranges[i])))
            return true;
    return false;
}

bool dbw_address_forbidden(const char *text)
{
    address candidate;
    if (!parse_address(dbw_text_of(text), &candidate))
        return true;
    if (forbidden_bytes(&candidate))
        return true;
    /* NAT64 (64:ff9b::/96), 6to4 (2002::/16) and ::a.b.c.d carry an IPv4 address inside. */
    address inner;
    memcpy(inner.bytes, mapped, sizeof mapped);
    static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t zero[12];
    if (memcmp(candidate.bytes, nat64, 12) == 0 ||
        (memcmp(candidate.bytes, zero, 12) == 0 && candidate.bytes[12]))
        memcpy(inner.bytes + 12, candidate.bytes + 12, 4);
    else if (candidate.bytes[0] == 0x20 && candidate.bytes[1] == 0x02)
        memcpy(inner.bytes + 12, candidate.bytes + 2, 4);
    else
        return false;
    return forbidden_bytes(&inner);
}

/* --- the allow-list --------------------------------------------------------------------------- */

/** The next entry of a comma-separated list, without blanks; false at its end. */
static bool next_entry(const char **list, dbw_text *entry)
{
    while (**list) {
        const char *start = *list;
        size_t length = strcspn(start, ",");
        *list = start + length + (start[length] == ',');
        while (length && dbw_is_space(*start))
            start++, length--;
        while (length && dbw_is_space(start[length - 1]))
            length--;
        if (length) {
            *entry = (dbw_text){start, length};
            return true;
        }
    }
    return false;
}

static bool name_listed(const char *name, const char *list)
{
    dbw_text entry;
    while (next_entry(&list, &entry))
        if (dbw_text_equal_nocase(entry, dbw_text_of(name)))
            return true;
    return false;
}

static bool address_listed(const char *text, const char *list)
{
    address candidate;
    dbw_text entry;
    if (!parse_address(dbw_text_of(text), &candidate))
        return false;
    while (next_entry(&list, &entry))
        if (matches_cidr(&candidate, entry))
            return true;
    return false;
}

static dbw_status fail_not_listed(const char *host, dbw_error *error)
{
    dbw_fail(error, DBW_E_DENIED, "unable to connect to '%s': the host is not on the allow-list",
             host);
    dbw_error_object(error, "%s", host);
    return dbw_hint(error, "DBWIZARD_ALLOW_HOSTS names the hosts and networks that may be used.");
}

dbw_status dbw_address_socket_allowed(const char *folder, const char *allow_hosts, dbw_error *error)
{
    if (!allow_hosts || name_listed(folder, allow_hosts))
        return DBW_OK;
    return fail_not_listed(folder, error);
}

/* --- resolving within a deadline -------------------------------------------------------------- */

/** getaddrinfo() knows no deadline, so it runs in a thread that may outlive its caller. */
struct lookup {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool done;
    bool abandoned;
    int code;
    struct addrinfo *found;
    char host[];
};

static void lookup_free(struct lookup *lookup)
{
    if (lookup->found)
        freeaddrinfo(lookup->found);
    pthread_cond_destroy(&lookup->changed);
    pthread_mutex_destroy(&lookup->lock);
    free(lookup);
}

static void *look_up(void *argument)
{
    struct lookup *self = argument;
    struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int code = getaddrinfo(self->host, NULL, &wanted, &found);
    pthread_mutex_lock(&self->lock);
    self->code = code;
    self->found = code == 0 ? found : NULL;
    self->done = true;
    bool abandoned = self->abandoned;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
    if (abandoned)
        lookup_free(self);
    return NULL;
}

static struct lookup *lookup_start(const char *host)
{
    size_t length = strlen(host) + 1;
    struct lookup *self = calloc(1, sizeof *self + length);
    if (!self)
        return NULL;
    memcpy(self->host, host, length);
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&self->changed, &clock);
    pthread_condattr_destroy(&clock);
    pthread_t thread;
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    int failed = pthread_create(&thread, &detached, look_up, self);
    pthread_attr_destroy(&detached);
    if (!failed)
        return self;
    lookup_free(self);
    return NULL;
}

/** Waits; false when the deadline came first, the thread then frees the lookup. */
static bool lookup_wait(struct lookup *self, dbw_deadline deadline)
{
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000000),
                             .tv_nsec = (long)(deadline % 1000000) * 1000};
    pthread_mutex_lock(&self->lock);
    int failed = 0;
    while (!self->done && failed != ETIMEDOUT)
        failed = deadline == DBW_NEVER
                     ? pthread_cond_wait(&self->changed, &self->lock)
                     : pthread_cond_timedwait(&self->changed, &self->lock, &until);
    bool done = self->done;
    self->abandoned = !done;
    pthread_mutex_unlock(&self->lock);
    return done;
}

static dbw_status fail_unknown(const char *host, int code, dbw_error *error)
{
    dbw_fail(error, DBW_E_UNREACHABLE, "unable to find host '%s': %s", host,
             code == EAI_AGAIN ? "the name server does not answer" : "the name is not known");
    dbw_error_object(error, "%s", host);
    return dbw_hint(error, "Check the spelling and /etc/hosts or the DNS. The name of a container "
                           "is known only inside its own network: from outside use localhost and "
                           "the published port.");
}

/** Keeps what may be connected to; counts what was refused by rule and by list. */
static void keep(const struct lookup *self, bool restrict_addresses, const char *allow_hosts,
                 dbw_addresses *out, bool *forbidden)
{
    bool named = !allow_hosts || name_listed(self->host, allow_hosts);
    for (const struct addrinfo *at = self->found; at; at = at->ai_next) {
        char text[NI_MAXHOST];
        if (getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST))
            continue;
        if (restrict_addresses && dbw_address_forbidden(text)) {
            *forbidden = true;
            continue;
        }
        if (!named && !address_listed(text, allow_hosts))
            continue;
        size_t size = strlen(text) + 1;
        if (out->count < DBW_ADDRESS_MAX && size <= DBW_ADDRESS_TEXT)
            memcpy(out->text[out->count++], text, size);
    }
}

dbw_status dbw_address_resolve(const char *host, bool restrict_addresses, const char *allow_hosts,
                               dbw_deadline deadline, dbw_addresses *out, dbw_error *error)
{
    out->count = 0;
    struct lookup *self = lookup_start(host);
    if (!self)
        return dbw_fail_memory(error);
    if (!lookup_wait(self, deadline)) {
        dbw_fail(error, DBW_E_TIMEOUT, "unable to find host '%s': the name server does not answer",
                 host);
        dbw_error_object(error, "%s", host);
        return dbw_hint(error, "Check /etc/resolv.conf, or give the address instead of the name.");
    }
    if (self->code != 0) {
        int code = self->code;
        lookup_free(self);
        return fail_unknown(host, code, error);
    }
    bool forbidden = false;
    keep(self, restrict_addresses, allow_hosts, out, &forbidden);
    lookup_free(self);
    if (out->count)
        return DBW_OK;
    if (!forbidden)
        return fail_not_listed(host, error);
    dbw_fail(
        error, DBW_E_DENIED,
        "unable to connect to '%s': link-local, unspecified and metadata addresses are refused",
        host);
    dbw_error_object(error, "%s", host);
    return dbw_hint(error, "Use the database server's ordinary address.");
}
