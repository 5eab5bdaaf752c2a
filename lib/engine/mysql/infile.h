/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_MYSQL_INFILE_H
#define DBW_ENGINE_MYSQL_INFILE_H
/*
 * LOAD DATA LOCAL without a file. The library hands over whatever file a server names; this handler
 * gives the memory of the load under way and nothing else, whatever the name.
 */
#include "engine/mysql/mysql_priv.h"

/** Before connecting: lets the server ask for the "file" of this connection's loads. */
void dbw_mysql_infile_allow(dbw_mysql *database, MYSQL *handle);

#endif
