/* SPDX-License-Identifier: Apache-2.0 */
#include "job/wake.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

struct dbw_wake {
    int inotify; /* -1: by the clock alone */
};

enum { PATH_ROOM = 4096 };

static bool path_of(const dbw_store *store, dbw_wake_channel channel, char path[PATH_ROOM])
{
    int length = snprintf(path, PATH_ROOM, "%s/wake.%s", dbw_store_folder(store),
                          channel == DBW_WAKE_WORK ? "work" : "change");
    return length > 0 && length < PATH_ROOM;
}

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

dbw_status dbw_wake_open(dbw_store *store, dbw_wake_channel channel, dbw_wake **out,
                         dbw_error *error)
{
    char path[PATH_ROOM];
    dbw_wake *wake = calloc(1, sizeof *wake);
    *out = wake;
    if (!wake)
        return dbw_fail_memory(error);
    wake->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    int file = path_of(store, channel, path) ? open_file(path) : -1;
    if (file >= 0)
        close(file);
    if (wake->inotify >= 0 && (file < 0 || inotify_add_watch(wake->inotify, path, IN_MODIFY) < 0)) {
        close(wake->inotify);
        wake->inotify = -1;
    }
    return DBW_OK;
}

void dbw_wake_close(dbw_wake *wake)
{
    if (!wake)
        return;
    if (wake->inotify >= 0)
        close(wake->inotify);
    free(wake);
}

int dbw_wake_descriptor(const dbw_wake *wake)
{
    return wake->inotify;
}

static void drain(int inotify)
{
    char events[4096];
    while (read(inotify, events, sizeof events) > 0)
        ;
}

void dbw_wake_wait(dbw_wake *wake, dbw_deadline deadline, int stop)
{
    int left = dbw_deadline_left(deadline);
    /* poll() passes over negative descriptors. */
    struct pollfd watched[] = {{.fd = wake->inotify, .events = POLLIN},
                               {.fd = stop, .events = POLLIN}};
    if (left < 0 || left > DBW_WAKE_FALLBACK_MS)
        left = DBW_WAKE_FALLBACK_MS;
    if (poll(watched, DBW_COUNT(watched), left) > 0 && watched[0].revents)
        drain(wake->inotify);
}

void dbw_wake_signal(dbw_store *store, dbw_wake_channel channel)
{
    char path[PATH_ROOM];
    int file = path_of(store, channel, path) ? open_file(path) : -1;
    if (file < 0)
        return;
    ssize_t ignored DBW_UNUSED = pwrite(file, "\n", 1, 0);
    close(file);
}
