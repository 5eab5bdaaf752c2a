/* SPDX-License-Identifier: Apache-2.0 */
/* One page that needs nothing else: no script, no picture, no address; all text is escaped. */
#include "transfer/transfer.h"

#include <inttypes.h>
#include <json-c/json.h>

enum { PAGE_LIMIT = 64 << 20 };

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>dbwizard: report</title>\n<style>\n"
    ":root{color-scheme:light dark;--text:#1c2430;--line:#d5dbe3;--soft:#f3f5f8}\n"
    "body{font:15px/1.45 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;"
    "color:var(--text)}\n"
    "@media (prefers-color-scheme:dark){:root{--text:#e4e8ee;--line:#3a424d;--soft:#20262e}"
    "body{background:#14181d}}\n"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}\n"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}\n"
    "th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid "
    "var(--line);vertical-align:top;"
    "overflow-wrap:break-word;max-width:26rem}\n"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}\n"
    ".verdict{display:inline-block;padding:.2rem .7rem;border-radius:.3rem;color:#fff;"
    "background:#5b6675}\n"
    ".lossless,.converted{background:#1f7a4d}.altered{background:#a06400}.incomplete{background:"
    "#b3261e}\n"
    ".wide{overflow-x:auto}.wide td{min-width:5rem}\n"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:.8rem}\n"
    "@media print{:root{color-scheme:light;--text:#000;--line:#bbb;--soft:#fff}"
    "body{margin:0;max-width:none;background:#fff}.wide{overflow:visible}h2{break-after:avoid}tr{"
    "break-inside:avoid}}\n"
    "</style>\n</head>\n<body>\n";

/* --- text ------------------------------------------------------------------------------------- */

static void escape(dbw_buffer *out, const char *text)
{
    for (; text && *text; text++) {
        switch (*text) {
        case '&':
            dbw_buffer_add_string(out, "&amp;");
            break;
        case '<':
            dbw_buffer_add_string(out, "&lt;");
            break;
        case '>':
            dbw_buffer_add_string(out, "&gt;");
            break;
        case '"':
            dbw_buffer_add_string(out, "&quot;");
            break;
        case '\'':
            dbw_buffer_add_string(out, "&#39;");
            break;
        default:
            /* Control characters have no place in a page. */
            if ((unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t')
                dbw_buffer_add_char(out, *text);
        }
    }
}

static struct json_object *member(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;
    if (json_object_is_type(object, json_type_object))
        json_object_object_get_ex(object, name, &value);
    return value;
}

/* The member as text, "" when absent or null. */
static const char *text_of(struct json_object *object, const char *name)
{
    struct json_object *value = member(object, name);
    return value ? json_object_get_string(value) : "";
}

static size_t length_of(struct json_object *array)
{
    return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

/* 1234567 as 1 234 567. */
static void grouped(dbw_buffer *out, int64_t number)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && dbw_is_digit(digits[i - 1]))
            dbw_buffer_add_string(out, "&#8239;");
        dbw_buffer_add_char(out, digits[i]);
    }
}

/* A table may be wider than a phone: it is scrolled, the page is not. */
static void open_table(dbw_buffer *out)
{
    dbw_buffer_add_string(out, "<div class=\"wide\">\n<table>\n");
}

static void cell(dbw_buffer *out, const char *text)
{
    dbw_buffer_add_string(out, "<td>");
    escape(out, text);
    dbw_buffer_add_string(out, "</td>");
}

static void number_cell(dbw_buffer *out, struct json_object *object, const char *name)
{
    struct json_object *value = member(object, name);
    dbw_buffer_add_string(out, "<td class=\"n\">");
    if (json_object_is_type(value, json_type_int))
        grouped(out, json_object_get_int64(value));
    else
        escape(out, value ? json_object_get_string(value) : "");
    dbw_buffer_add_string(out, "</td>");
}

static void heading(dbw_buffer *out, const char *title, const char *const *columns)
{
    dbw_buffer_printf(out, "<h2>%s</h2>\n", title);
    open_table(out);
    dbw_buffer_add_string(out, "<thead><tr>");
    for (; *columns; columns++) {
        bool number = **columns == '#';
        dbw_buffer_printf(out, "<th%s>%s</th>", number ? " class=\"n\"" : "", *columns + number);
    }
    dbw_buffer_add_string(out, "</tr></thead>\n<tbody>\n");
}

static void footing(dbw_buffer *out)
{
    dbw_buffer_add_string(out, "</tbody>\n</table>\n</div>\n");
}

/* --- the parts -------------------------------------------------------------------------------- */

/* No more is claimed than was read back. */
static const char *claim(struct json_object *report)
{
    struct json_object *options = member(report, "options"), *tables = member(report, "tables");
    const char *verify = options ? text_of(options, "verify") : "";
    if (strcmp(verify, "none") == 0)
        return "Copied. Nothing was read back.";
    if (strcmp(verify, "counts") == 0)
        return "Every row arrived. They were counted; the values were not compared.";
    for (size_t i = 0; i < length_of(tables); i++)
        if (member(json_object_array_get_idx(tables, i), "sampled_rows"))
            return "Every row arrived. All were counted; of large tables some pieces were read "
                   "back, and are equal.";
    return "Types changed; no value was lost.";
}

static const char *meaning(struct json_object *report, const char *verdict)
{
    if (strcmp(verdict, "lossless") == 0)
        return "Every value and object is there, read back and equal.";
    if (strcmp(verdict, "converted") == 0)
        return claim(report);
    if (strcmp(verdict, "altered") == 0)
        return "Not everything is as it was: what was altered or left out is listed below.";
    if (strcmp(verdict, "incomplete") == 0)
        return "Something of the source is not in the target.";
    return "Nothing was copied.";
}

static void summary(dbw_buffer *out, struct json_object *report)
{
    const char *verdict = text_of(report, "verdict");
    struct json_object *error = member(report, "error");
    dbw_buffer_add_string(out, "<h1>Transfer report</h1>\n<p><span class=\"verdict ");
    escape(out, verdict);
    dbw_buffer_add_string(out, "\">");
    escape(out, verdict[0] ? verdict : "no verdict");
    dbw_buffer_printf(out, "</span> %s</p>\n", meaning(report, verdict));
    if (json_object_get_boolean(member(report, "discarded")))
        dbw_buffer_add_string(out, "<p><strong>Discarded since: the target was given back as it "
                                   "was before.</strong></p>\n");
    if (error) {
        dbw_buffer_add_string(out, "<p><strong>");
        escape(out, text_of(error, "message"));
        dbw_buffer_add_string(out, "</strong><br>");
        escape(out, text_of(error, "hint"));
        dbw_buffer_add_string(out, "</p>\n");
    }
}

static void fact(dbw_buffer *out, const char *name, const char *value)
{
    if (!value[0])
        return;
    dbw_buffer_printf(out, "<tr><th>%s</th>", name);
    cell(out, value);
    dbw_buffer_add_string(out, "</tr>\n");
}

static void side(dbw_buffer *out, const char *name, struct json_object *from)
{
    dbw_buffer_printf(out, "<tr><th>%s</th><td><code>", name);
    escape(out, text_of(from, "url"));
    dbw_buffer_add_string(out, "</code><br>");
    escape(out, text_of(from, "product"));
    dbw_buffer_add_char(out, ' ');
    escape(out, text_of(from, "server_version"));
    dbw_buffer_add_string(out, "</td></tr>\n");
}

static void facts(dbw_buffer *out, struct json_object *report)
{
    open_table(out);
    dbw_buffer_add_string(out, "<tbody>\n");
    side(out, "From", member(report, "source"));
    side(out, "To", member(report, "target"));
    fact(out, "Job", text_of(report, "job"));
    fact(out, "Tables of the target", text_of(report, "schema_mode"));
    fact(out, "Started", text_of(report, "started_at"));
    fact(out, "Finished", text_of(report, "finished_at"));
    fact(out, "Seconds", text_of(report, "seconds"));
    fact(out, "Rows", text_of(report, "rows"));
    fact(out, "Snapshot", text_of(report, "snapshot"));
    fact(out, "Source written to meanwhile",
         json_object_get_boolean(member(report, "source_changed")) ? "yes" : "no");
    fact(out, "Versions", text_of(report, "stamped"));
    footing(out);
}

static void tables(dbw_buffer *out, struct json_object *array)
{
    static const char *const columns[] = {"Table",     "Target", "#Rows",  "#Read back",
                                          "#Rejected", "#Kept",  "#Bytes", "#Seconds",
                                          "Equal",     "Sum",    NULL};
    if (length_of(array) == 0)
        return;
    heading(out, "Tables", columns);
    for (size_t i = 0; i < length_of(array); i++) {
        struct json_object *table = json_object_array_get_idx(array, i);
        struct json_object *equal = member(table, "equal");
        dbw_buffer_add_string(out, "<tr>");
        cell(out, text_of(table, "source"));
        cell(out, text_of(table, "target"));
        number_cell(out, table, "rows");
        number_cell(out, table, "target_rows");
        number_cell(out, table, "rejected");
        number_cell(out, table, "kept");
        number_cell(out, table, "bytes");
        number_cell(out, table, "seconds");
        bool sampled = member(table, "sampled_rows") != NULL;
        cell(out, !equal                            ? "not compared"
                  : !json_object_get_boolean(equal) ? "no"
                  : sampled                         ? "yes, by pieces"
                                                    : "yes");
        dbw_buffer_add_string(out, "<td><code>");
        escape(out, text_of(table, "source_sum"));
        dbw_buffer_add_string(out, "</code></td></tr>\n");
    }
    footing(out);
}

/* An array of objects as a table: `names` are the members, '#' before a number's. */
static void list(dbw_buffer *out, const char *title, struct json_object *array,
                 const char *const *columns, const char *const *names)
{
    if (length_of(array) == 0)
        return;
    heading(out, title, columns);
    for (size_t i = 0; i < length_of(array); i++) {
        struct json_object *one = json_object_array_get_idx(array, i);
        dbw_buffer_add_string(out, "<tr>");
        for (const char *const *name = names; *name; name++) {
            if (**name == '#')
                number_cell(out, one, *name + 1);
            else if (strcmp(*name, "after") == 0 && !member(one, "after"))
                cell(out, strcmp(text_of(one, "kind"), "object") == 0 ? "not made" : "NULL");
            else
                cell(out, text_of(one, *name));
        }
        dbw_buffer_add_string(out, "</tr>\n");
    }
    footing(out);
}

static void lists(dbw_buffer *out, struct json_object *report)
{
    static const char *const ledger_columns[] = {
        "What", "Table", "Column or object", "Row", "Was", "Is now", "Why", "#Count", NULL};
    static const char *const ledger_names[] = {"kind",  "table",  "column", "key", "before",
                                               "after", "reason", "#count", NULL};
    static const char *const difference_columns[] = {"What",   "Table",  "Row", "Column",
                                                     "Source", "Target", NULL};
    static const char *const difference_names[] = {"kind",   "table",  "key", "column",
                                                   "source", "target", NULL};
    static const char *const finding_columns[] = {"Severity", "Table",   "Column",
                                                  "#Count",   "Finding", NULL};
    static const char *const finding_names[] = {"severity", "table",   "column",
                                                "#count",   "message", NULL};
    static const char *const skipped_columns[] = {"Table", "Why", NULL};
    static const char *const skipped_names[] = {"source", "reason", NULL};
    static const char *const sequence_columns[] = {"Table", "Column", "#Goes on at", NULL};
    static const char *const sequence_names[] = {"table", "column", "#next", NULL};
    static const char *const phase_columns[] = {"Phase", "#Seconds", NULL};
    static const char *const phase_names[] = {"name", "#seconds", NULL};
    list(out, "Differences", member(report, "differences"), difference_columns, difference_names);
    list(out, "Ledger: what was altered", member(report, "ledger"), ledger_columns, ledger_names);
    list(out, "Left out", member(report, "skipped"), skipped_columns, skipped_names);
    list(out, "Findings", member(report, "findings"), finding_columns, finding_names);
    list(out, "Sequences", member(report, "sequences"), sequence_columns, sequence_names);
    list(out, "Phases", member(report, "phases"), phase_columns, phase_names);
}

static void advice(dbw_buffer *out, struct json_object *array)
{
    if (length_of(array) == 0)
        return;
    dbw_buffer_add_string(out, "<h2>Advice</h2>\n<ul>\n");
    for (size_t i = 0; i < length_of(array); i++) {
        dbw_buffer_add_string(out, "<li>");
        escape(out, json_object_get_string(json_object_array_get_idx(array, i)));
        dbw_buffer_add_string(out, "</li>\n");
    }
    dbw_buffer_add_string(out, "</ul>\n");
}

dbw_status dbw_report_html(struct json_object *report, dbw_buffer *out, dbw_error *error)
{
    dbw_buffer_init(out, PAGE_LIMIT);
    dbw_buffer_add_string(out, head);
    summary(out, report);
    facts(out, report);
    tables(out, member(report, "tables"));
    lists(out, report);
    advice(out, member(report, "advice"));
    const char *todo = text_of(report, "todo");
    if (todo[0]) {
        dbw_buffer_add_string(out, "<h2>To do by hand</h2>\n<pre>");
        escape(out, todo);
        dbw_buffer_add_string(out, "</pre>\n");
    }
    dbw_buffer_add_string(out, "</body>\n</html>\n");
    dbw_status status = dbw_buffer_check(out, "report", error);
    if (status != DBW_OK)
        dbw_buffer_free(out);
    return status;
}
