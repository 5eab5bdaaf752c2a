/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure FILE COMMAND…: runs COMMAND and writes {"seconds", "user", "system", "rss_kib",
 * "status"} of it, children included, to FILE. Exits with its status, 128 + the signal's number
 * where a signal ended it.
 */
#include "base/dbw.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int run(char **argv, struct rusage *usage, double *seconds)
{
    int status = 0;
    double start = now();
    pid_t pid = fork();
    if (pid < 0) {
        perror("measure: unable to fork");
        exit(1);
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execvp(argv[0], argv);
        fprintf(stderr, "measure: unable to run '%s': %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    while (wait4(pid, &status, 0, usage) < 0) {
        if (errno != EINTR) {
            perror("measure: unable to wait");
            exit(1);
        }
    }
    *seconds = now() - start;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    struct rusage usage;
    double seconds;
    if (argc < 3) {
        fputs("usage: measure FILE COMMAND...\n", stderr);
        return 2;
    }
    /* Interrupts are the command's affair; we end when it does. */
    signal(SIGINT, SIG_IGN);
    int status = run(argv + 2, &usage, &seconds);
    FILE *file = fopen(argv[1], "w");
    if (!file) {
        fprintf(stderr, "measure: unable to write '%s': %s\n", argv[1], strerror(errno));
        return 1;
    }
    fprintf(file,
            "{\"seconds\": %.3f, \"user\": %.3f, \"system\": %.3f, \"rss_kib\": %ld, "
            "\"status\": %d}\n",
            seconds, seconds_of(usage.ru_utime), seconds_of(usage.ru_stime), usage.ru_maxrss,
            status);
    return fclose(file) == 0 ? status : 1;
}
