/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/mysql/infile.h"

static int start(void **state, const char *name, void *context)
{
    dbw_mysql_infile *infile = context;
    (void)name;
    *state = infile;
    return infile->data ? 0 : 1;
}

static int give(void *state, char *room, unsigned size)
{
    dbw_mysql_infile *infile = state;
    size_t length = infile->left < size ? infile->left : size;
    if (!infile->data)
        return -1;
    memcpy(room, infile->data, length);
    infile->data += length;
    infile->left -= length;
    return (int)length;
}

static void stop(void *state)
{
    (void)state;
}

static int explain(void *state, char *message, unsigned size)
{
    (void)state;
    snprintf(message, size, "no file is given to servers");
    return 1;
}

void dbw_mysql_infile_allow(dbw_mysql *database, MYSQL *handle)
{
    unsigned on = 1;
    mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &on);
    mysql_set_local_infile_handler(handle, start, give, stop, explain, &database->infile);
}
