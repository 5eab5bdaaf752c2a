/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader of revision files on any bytes: it answers INVALID with a message, or a file with an
 * id whose sections lie inside the text, in order, and start on the lines that they name.
 */
#include "revision/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_sections(dbw_text text, const dbw_revision_sections *sections)
{
    const char *end = text.data;
    for (size_t i = 0; i < sections->count; i++) {
        const dbw_revision_section *section = &sections->items[i];
        int line = 1;
        require(section->sql.data >= end);
        end = section->sql.data + section->sql.length;
        require(end <= text.data + text.length);
        for (const char *p = text.data; p < section->sql.data; p++)
            line += *p == '\n';
        /* A section line that ends the file has no newline behind it. */
        require(section->line == line || section->sql.length == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    dbw_arena *arena = dbw_arena_new();
    dbw_text text = {(const char *)data, size};
    dbw_revision_file *file;
    dbw_error error;
    if (dbw_revision_file_parse(arena, "f", text, &file, &error) == DBW_OK) {
        require(file->id && file->id[0]);
        check_sections(text, &file->upgrade);
        check_sections(text, &file->downgrade);
    } else {
        require(error.code == DBW_E_INVALID && error.message[0] == 'f');
    }
    dbw_arena_free(arena);
    return 0;
}
