/* SPDX-License-Identifier: Apache-2.0 */
#include "job/job_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* The first line of a small file, without its end; "" when it cannot be read. */
static void read_line(const char *path, char *out, size_t size)
{
    out[0] = '\0';
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t length = read(fd, out, size - 1);
    close(fd);
    out[length > 0 ? length : 0] = '\0';
    out[strcspn(out, "\n")] = '\0';
}

/* Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may hold anything, so it is counted
 * from the last ')'. 0 when the process does not exist; -1 for one that was killed and still waits
 * for its parent, or for its memory to be given back. */
static int64_t start_of(int64_t pid)
{
    char path[64], line[1024];
    int64_t start = 0;
    snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    read_line(path, line, sizeof line);
    const char *p = strrchr(line, ')');
    if (p && (strncmp(p, ") Z", 3) == 0 || strncmp(p, ") X", 3) == 0))
        return -1;
    for (int field = 2; p && field < 22; field++) {
        p = strchr(p + 1, ' ');
        if (field == 21 && p) {
            size_t length = strspn(p + 1, "0123456789");
            if (!dbw_text_to_int64((dbw_text){p + 1, length}, &start))
                start = 0;
        }
    }
    return start;
}

void dbw_process_self(dbw_process *out)
{
    char machine[40], name[128] = "", boot[40], space[64];
    read_line("/etc/machine-id", machine, sizeof machine);
    if (gethostname(name, sizeof name - 1) != 0)
        name[0] = '\0';
    read_line("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
    ssize_t length = readlink("/proc/self/ns/pid", space, sizeof space - 1);
    space[length > 0 ? length : 0] = '\0';
    snprintf(out->host, sizeof out->host, "%s/%s", machine, name);
    /* "pid:[4026531836]": containers share the boot id, not the process ids. */
    snprintf(out->boot, sizeof out->boot, "%s/%.20s", boot, space);
    out->pid = getpid();
    out->start = start_of(out->pid);
}

bool dbw_process_dead(const dbw_process *other, const dbw_process *self)
{
    if (strcmp(other->host, self->host) != 0)
        return false;
    size_t boot = strcspn(other->boot, "/");
    if (boot != strcspn(self->boot, "/") || memcmp(other->boot, self->boot, boot) != 0)
        return true; /* the machine was started anew */
    if (strcmp(other->boot, self->boot) != 0)
        return false; /* another container: its processes are not ours to see */
    if (kill((pid_t)other->pid, 0) != 0 && errno == ESRCH)
        return true;
    int64_t start = start_of(other->pid);
    return start < 0 || (start != 0 && other->start != 0 && start != other->start);
}
