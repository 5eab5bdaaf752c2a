/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text is read or refused with a line that exists, and a value written in single or double
 * quotes is read back as it was.
 */
#include "base/buffer.h"
#include "base/envfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(dbw_arena *arena, dbw_text text)
{
    dbw_error error;
    dbw_envfile file;
    int lines = 1;
    for (size_t i = 0; i < text.length; i++)
        lines += text.data[i] == '\n';
    dbw_error_clear(&error);
    if (dbw_envfile_parse(arena, text, "f", NULL, NULL, &file, &error) != DBW_OK) {
        int line = 0;
        check(sscanf(error.message, "unable to read 'f': line %d:", &line) == 1);
        check(line >= 1 && line <= lines);
        return;
    }
    for (size_t i = 0; i < file.count; i++)
        check(*file.entries[i].name != '\0' && file.entries[i].line >= 1 &&
              file.entries[i].line <= lines);
}

/** NAME="value" with everything escaped that means something there. */
static void check_quoted(dbw_arena *arena, dbw_text value)
{
    dbw_error error;
    dbw_envfile file;
    dbw_buffer text;
    dbw_buffer_init(&text, 65536);
    dbw_buffer_add_string(&text, "export A = \"");
    for (size_t i = 0; i < value.length; i++) {
        if (strchr("\\\"$", value.data[i]))
            dbw_buffer_add_char(&text, '\\');
        dbw_buffer_add_char(&text, value.data[i]);
    }
    dbw_buffer_add_string(&text, "\" # comment\r\nB=${A}");
    dbw_error_clear(&error);
    check(dbw_envfile_parse(arena, dbw_buffer_text(&text), "f", NULL, NULL, &file, &error) ==
          DBW_OK);
    check(file.count == 2);
    for (size_t i = 0; i < 2; i++)
        check(dbw_text_is(value, file.entries[i].value));
    dbw_buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    dbw_arena *arena = dbw_arena_new();
    dbw_text text = {(const char *)data, size};
    check_text(arena, text);
    /* A value is UTF-8: what is not ASCII is left out rather than repaired. */
    dbw_buffer plain;
    dbw_buffer_init(&plain, 8192);
    for (size_t i = 0; i < size; i++)
        if (data[i] > 0 && data[i] < 0x80)
            dbw_buffer_add_char(&plain, (char)data[i]);
    check_quoted(arena, dbw_buffer_text(&plain));
    dbw_buffer_free(&plain);
    dbw_arena_free(arena);
    return 0;
}
