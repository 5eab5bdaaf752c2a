/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_engine.h"

#include <stdatomic.h>
#include <unistd.h>

fake_script fake;

static const dbw_bulk *real;
static dbw_bulk bulk;
static dbw_engine engine;

static dbw_status load_send(dbw_load *load, dbw_text rows, size_t row_count, dbw_error *error)
{
    int block = atomic_fetch_add(&fake.blocks, 1) + 1;
    if (fake.milliseconds)
        usleep((useconds_t)fake.milliseconds * 1000);
    if (block == fake.fail_at && fake.code == DBW_E_DISK_FULL) {
        dbw_fail(error, fake.code, "unable to write: no space left on device");
        memcpy(error->sqlstate, "53100", 6);
        return fake.code;
    }
    if (block == fake.fail_at)
        return dbw_fail(error, fake.code, "unable to write: the connection is gone");
    return real->load_send(load, rows, row_count, error);
}

const dbw_engine *fake_engine(const char *backend)
{
    const dbw_engine *found;
    dbw_error error;
    if (dbw_engine_find(backend, &found, &error) != DBW_OK)
        abort();
    real = found->bulk;
    bulk = *real;
    bulk.load_send = load_send;
    engine = *found;
    engine.bulk = &bulk;
    return &engine;
}
