/* SPDX-License-Identifier: Apache-2.0 */
#include "model/zone.h"

#include "base/file.h"
#include "model/zone_priv.h"

enum {
    FILE_LIMIT = 1 << 20,
    HEADER = 44,
    TYPE_BYTES = 6,
    COUNT_MOST = 100000,
    RULE_YEARS = 500, /* so many years the rule is written out for */
    DAY = 86400
};

/* --- the file --------------------------------------------------------------------------------- */

typedef struct header {
    uint32_t utc, standard, leap, times, types, letters;
} header;

static uint32_t number32(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t number64(const char *at)
{
    return (int64_t)((uint64_t)number32(at) << 32 | number32(at + 4));
}

/* Takes the header at the beginning off the text. */
static bool take_header(dbw_text *text, header *out)
{
    const char *at = text->data;
    if (text->length < HEADER || memcmp(at, "TZif", 4) != 0 || at[4] < '2')
        return false;
    *out = (header){number32(at + 20), number32(at + 24), number32(at + 28),
                    number32(at + 32), number32(at + 36), number32(at + 40)};
    text->data += HEADER;
    text->length -= HEADER;
    return out->times <= COUNT_MOST && out->types <= COUNT_MOST && out->letters <= COUNT_MOST &&
           out->leap <= COUNT_MOST && out->standard <= COUNT_MOST && out->utc <= COUNT_MOST;
}

/* How long the data behind a header is, its times having `width` bytes. */
static size_t data_size(const header *h, size_t width)
{
    return h->times * (width + 1) + (size_t)h->types * TYPE_BYTES + h->letters +
           h->leap * (width + 4) + h->standard + h->utc;
}

static bool skip(dbw_text *text, size_t bytes)
{
    if (text->length < bytes)
        return false;
    text->data += bytes;
    text->length -= bytes;
    return true;
}

static bool add(dbw_zone *zone, int64_t at, int64_t offset)
{
    if (offset <= -2 * DAY || offset >= 2 * DAY ||
        (zone->count && zone->changes[zone->count - 1].at >= at))
        return false;
    zone->changes[zone->count++] = (dbw_zone_change){at, (int32_t)offset};
    return true;
}

/* The second block, with times of 64 bits. */
static bool read_changes(dbw_text text, const header *h, dbw_zone *zone)
{
    const char *times = text.data, *kinds = times + (size_t)h->times * 8, *types = kinds + h->times;
    if (text.length < data_size(h, 8) || h->types == 0)
        return false;
    zone->before = (int32_t)number32(types);
    for (uint32_t i = 0; i < h->times; i++) {
        unsigned kind = (unsigned char)kinds[i];
        if (kind >= h->types || !add(zone, number64(times + (size_t)i * 8),
                                     (int32_t)number32(types + (size_t)kind * TYPE_BYTES)))
            return false;
    }
    return zone->before > -2 * DAY && zone->before < 2 * DAY;
}

/* What the rule at the end says of the years behind the last entry. */
static bool read_rule(dbw_text text, dbw_zone *zone)
{
    dbw_zone_rule rule;
    if (text.length < 2 || text.data[0] != '\n')
        return false;
    text.data++;
    text.length--;
    const char *end = memchr(text.data, '\n', text.length);
    if (!end)
        return false;
    text.length = (size_t)(end - text.data);
    if (text.length == 0) /* none is known */
        return true;
    if (!dbw_zone_rule_parse(text, &rule))
        return false;
    int64_t last = zone->count ? zone->changes[zone->count - 1].at : INT64_MIN;
    int64_t year = zone->count ? dbw_calendar_civil(last / DAY).year - 1 : 1900;
    if (!rule.summer)
        return zone->count || (zone->before = rule.offset, true);
    for (int64_t i = 0; i < RULE_YEARS; i++, year++) {
        dbw_zone_change pair[2];
        dbw_zone_rule_year(&rule, year, pair);
        for (int n = 0; n < 2; n++)
            if (pair[n].at > last && zone->count < zone->room)
                (void)!add(zone, pair[n].at, pair[n].offset);
    }
    return true;
}

const dbw_zone *dbw_zone_parse(dbw_arena *arena, dbw_text file)
{
    header first, second;
    if (!take_header(&file, &first) || !skip(&file, data_size(&first, 4)) ||
        !take_header(&file, &second))
        return NULL;
    dbw_zone *zone = DBW_NEW(arena, dbw_zone);
    zone->room = (size_t)second.times + 2 * (size_t)RULE_YEARS;
    zone->changes = DBW_NEW_ARRAY(arena, zone->room, dbw_zone_change);
    if (!read_changes(file, &second, zone) || !skip(&file, data_size(&second, 8)) ||
        !read_rule(file, zone))
        return NULL;
    return zone;
}

/* Names are paths below one folder, and nothing else. */
static bool is_name(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > 64 || name[0] == '/' || strstr(name, ".."))
        return false;
    for (const char *c = name; *c; c++) {
        char lower = dbw_lower(*c);
        if ((lower < 'a' || lower > 'z') && !dbw_is_digit(*c) && !strchr("_+-/", *c))
            return false;
    }
    return true;
}

dbw_status dbw_zone_load(dbw_arena *arena, const char *name, const dbw_zone **out, dbw_error *error)
{
    dbw_text file;
    dbw_error ignored;
    const char *path = dbw_arena_printf(arena, "/usr/share/zoneinfo/%s", name);
    *out = NULL;
    if (!is_name(name) || dbw_file_read(arena, path, FILE_LIMIT, 0, &file, &ignored) != DBW_OK) {
        dbw_fail(error, DBW_E_NOT_FOUND, "unable to find the time zone '%.64s'", name);
        return dbw_hint(error, "Zones are named like Europe/Berlin, below /usr/share/zoneinfo "
                               "(package tzdata); an offset such as +02:00 is one too.");
    }
    *out = dbw_zone_parse(arena, file);
    if (*out)
        return DBW_OK;
    return dbw_fail(error, DBW_E_INVALID, "unable to read the time zone '%s': %s is not a zone",
                    name, path);
}

/* --- asking ----------------------------------------------------------------------------------- */

/* How many changes happened up to that instant. */
static size_t changes_until(const dbw_zone *zone, int64_t instant)
{
    size_t low = 0, high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].at <= instant)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int32_t dbw_zone_offset(const dbw_zone *zone, int64_t instant)
{
    size_t n = changes_until(zone, instant);
    return n ? zone->changes[n - 1].offset : zone->before;
}

int64_t dbw_zone_to_utc(const dbw_zone *zone, int64_t local)
{
    const int64_t second = 1000000;
    int64_t seconds = local / second - (local % second < 0);
    if (seconds < INT64_MIN / 2 / second || seconds > INT64_MAX / 2 / second)
        return local;
    /* Offsets are below two days: whichever counts at that hour was begun within them. */
    size_t from = changes_until(zone, seconds - 2 * DAY);
    size_t to = changes_until(zone, seconds + 2 * DAY);
    int32_t offset = from ? zone->changes[from - 1].offset : zone->before, before = offset;
    for (size_t i = from;; i++) {
        int64_t instant = seconds - offset;
        if (dbw_zone_offset(zone, instant) == offset)
            return local - offset * second;
        if (i < to && zone->changes[i].at <= instant)
            before = offset;
        if (i == to)
            return local - before * second;
        offset = zone->changes[i].offset;
    }
}
