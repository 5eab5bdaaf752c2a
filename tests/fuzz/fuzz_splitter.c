/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The splitter on any bytes: statements come in order, do not overlap, are not empty, carry the
 * line on which they start, and a statement split again gives itself alone.
 */
#include "revision/splitter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static int line_of(dbw_text script, const char *at)
{
    int line = 1;
    for (const char *p = script.data; p < at; p++)
        line += *p == '\n';
    return line;
}

static void split_again(const dbw_splitter_rules *rules, dbw_text statement)
{
    dbw_splitter splitter;
    dbw_statement first;
    dbw_error error;
    bool found;
    /* "--" is a comment for MySQL where white space or the end follows, and only there. */
    if (rules->strict_dashes && statement.length >= 2 &&
        memcmp(statement.data + statement.length - 2, "--", 2) == 0)
        return;
    dbw_splitter_start(&splitter, rules, statement, 1);
    require(dbw_splitter_next(&splitter, &first, &found, &error) == DBW_OK && found);
    require(dbw_text_equal(first.text, statement));
}

static void check(const dbw_splitter_rules *rules, dbw_text script)
{
    dbw_splitter splitter;
    dbw_statement statement;
    dbw_error error;
    bool found;
    const char *end = script.data;
    dbw_splitter_start(&splitter, rules, script, 1);
    while (dbw_splitter_next(&splitter, &statement, &found, &error) == DBW_OK && found) {
        require(statement.text.length > 0);
        require(statement.text.data >= end);
        require(statement.line == line_of(script, statement.text.data));
        end = statement.text.data + statement.text.length;
        require(end <= script.data + script.length);
        if (strcmp(splitter.delimiter, ";") == 0)
            split_again(rules, statement.text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const backends[] = {"sqlite", "postgresql", "mysql", "other"};
    if (size > 65536)
        return 0;
    dbw_text script = {(const char *)data, size};
    for (size_t i = 0; i < DBW_COUNT(backends); i++)
        check(dbw_splitter_rules_for(backends[i]), script);
    return 0;
}
