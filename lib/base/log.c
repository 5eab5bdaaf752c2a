/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

enum { LONGEST = 8192 };

/* Names, and the priorities of syslog(3), which the journal reads. */
static const struct {
    const char *name;
    char priority;
} levels[] = {
    [DBW_LOG_ERROR] = {"error", '3'},
    [DBW_LOG_WARNING] = {"warning", '4'},
    [DBW_LOG_INFO] = {"info", '6'},
    [DBW_LOG_DEBUG] = {"debug", '7'},
};

bool dbw_log_level_from(const char *name, dbw_log_level *out)
{
    for (size_t i = 0; i < DBW_COUNT(levels); i++) {
        if (strcmp(levels[i].name, name) == 0) {
            *out = (dbw_log_level)i;
            return true;
        }
    }
    return false;
}

const char *dbw_log_level_name(dbw_log_level level)
{
    return levels[level].name;
}

dbw_log dbw_log_to_stderr(const char *program, const char *level, dbw_log_hide hide)
{
    dbw_log log = {.program = program,
                   .level = DBW_LOG_INFO,
                   .hide = hide,
                   .descriptor = STDERR_FILENO,
                   .journal = getenv("JOURNAL_STREAM") != NULL && !isatty(STDERR_FILENO)};
    if (level && !dbw_log_level_from(level, &log.level))
        log.level = DBW_LOG_INFO;
    return log;
}

void dbw_log_escape(dbw_buffer *out, dbw_text text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        unsigned char next = i + 1 < text.length ? (unsigned char)text.data[i + 1] : 0;
        if (c == '\n')
            dbw_buffer_add_string(out, "\\n");
        else if (c == '\t')
            dbw_buffer_add_string(out, "\\t");
        else if (c < 0x20 || c == 0x7F)
            dbw_buffer_printf(out, "\\x%02x", c);
        else if (c == 0xC2 && next >= 0x80 && next <= 0x9F)
            dbw_buffer_printf(out, "\\x%02x", (unsigned char)text.data[++i]);
        else
            dbw_buffer_add_char(out, (char)c);
    }
}

static void write_whole(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(descriptor, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        /* Nobody is left to tell that the log cannot be written. */
        if (n < 0)
            return;
        bytes += n;
        length -= (size_t)n;
    }
}

void dbw_log_line(const dbw_log *log, dbw_log_level level, const char *format, ...)
{
    if (level > log->level)
        return;
    char text[LONGEST];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    size_t kept = dbw_utf8_cut(text, strlen(text), sizeof text - 1);
    dbw_buffer shown;
    dbw_buffer line;
    dbw_buffer_init(&shown, 4 * LONGEST);
    dbw_buffer_init(&line, 20 * LONGEST);
    if (log->hide)
        log->hide(&shown, (dbw_text){text, kept});
    else
        dbw_buffer_add(&shown, text, kept);
    if (log->journal)
        dbw_buffer_printf(&line, "<%c>", levels[level].priority);
    dbw_buffer_printf(&line, "%s: ", log->program);
    if (level != DBW_LOG_INFO)
        dbw_buffer_printf(&line, "%s: ", levels[level].name);
    dbw_log_escape(&line, dbw_buffer_text(&shown));
    dbw_buffer_add_char(&line, '\n');
    write_whole(log->descriptor, line.data, line.length);
    dbw_buffer_free(&shown);
    dbw_buffer_free(&line);
}

void dbw_log_error(const dbw_log *log, const dbw_error *error)
{
    dbw_log_line(log, DBW_LOG_ERROR, "%s", error->message);
    if (*error->hint)
        dbw_log_line(log, DBW_LOG_ERROR, "hint: %s", error->hint);
}
