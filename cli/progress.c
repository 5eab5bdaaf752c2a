/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"
#include "running.h"

#include <signal.h>
#include <unistd.h>

enum { BAR_WIDTH = 24 };

/* One process runs one job; a signal handler can only reach what is static. */
static volatile sig_atomic_t signalled;

static struct {
    bool terminal;
    bool silent;
    volatile sig_atomic_t ended; /* only the outcome is still to be told */
    dbw_phase phase;
    bool started;
    int64_t phase_start; /* monotonic microseconds */
    int64_t phase_rows;  /* rows done when the phase began */
} shown;

static void on_signal(int number)
{
    (void)number;
    /* A second one ends it at once, whatever it waits for: what is noted in the target is what was
     * committed there, and the job is found interrupted. */
    if (signalled && !shown.ended)
        _exit(DBW_EXIT_INTERRUPTED);
    signalled = 1;
}

static dbw_wish wish(void *context)
{
    (void)context;
    return signalled ? DBW_WISH_PAUSE : DBW_WISH_GO_ON;
}

static void clear_line(void)
{
    if (shown.terminal)
        (void)fputs("\r\033[K", stderr);
}

static void event(void *context, const char *level, const char *text)
{
    (void)context;
    if (shown.silent)
        return;
    clear_line();
    bool plain = strcmp(level, "info") == 0;
    dbw_output_line(stderr, "%s%s%s", plain ? "" : level, plain ? "" : ": ", text);
}

static void format_span(char *out, size_t size, int64_t seconds)
{
    if (seconds >= 3600)
        (void)snprintf(out, size, "%lld h %02lld min", (long long)(seconds / 3600),
                       (long long)(seconds / 60 % 60));
    else if (seconds >= 60)
        (void)snprintf(out, size, "%lld min %02lld s", (long long)(seconds / 60),
                       (long long)(seconds % 60));
    else
        (void)snprintf(out, size, "%lld s", (long long)seconds);
}

static void draw_bar(const dbw_progress *progress)
{
    char bar[BAR_WIDTH + 1], left[64] = "";
    double part =
        progress->rows_total > 0 ? (double)progress->rows_done / (double)progress->rows_total : 0;
    if (part > 1)
        part = 1;
    int full = (int)(part * BAR_WIDTH);
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    double seconds = (double)(dbw_clock_monotonic() - shown.phase_start) / 1e6;
    double rate = seconds > 0.5 ? (double)(progress->rows_done - shown.phase_rows) / seconds : 0;
    if (rate > 0 && progress->rows_total >= progress->rows_done) {
        char span[48];
        format_span(span, sizeof span,
                    (int64_t)((double)(progress->rows_total - progress->rows_done) / rate));
        (void)snprintf(left, sizeof left, "  %s left", span);
    }
    (void)fprintf(stderr, "\r\033[K%-10s [%s] %3d %%  %lld of %lld rows  %.0f/s%s",
                  dbw_phase_name(progress->phase), bar, (int)(part * 100),
                  (long long)progress->rows_done, (long long)progress->rows_total, rate, left);
    (void)fflush(stderr);
}

static void progress(void *context, const dbw_progress *now)
{
    (void)context;
    if (shown.silent)
        return;
    if (!shown.started || now->phase != shown.phase) {
        shown.started = true;
        shown.phase = now->phase;
        shown.phase_start = dbw_clock_monotonic();
        shown.phase_rows = now->rows_done;
        if (!shown.terminal)
            (void)fprintf(stderr, "%s\n", dbw_phase_name(now->phase));
    }
    if (shown.terminal)
        draw_bar(now);
}

static void listen_for(int number)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, NULL);
}

const dbw_transfer_observer *dbw_cli_watch(dbw_cli *cli)
{
    static const dbw_transfer_observer observer = {
        .progress = progress, .event = event, .wish = wish};
    shown.terminal = isatty(STDERR_FILENO) && !cli->json;
    shown.silent = cli->json;
    shown.started = false;
    shown.ended = false;
    signalled = 0;
    listen_for(SIGINT);
    listen_for(SIGTERM);
    return &observer;
}

void dbw_cli_watch_end(dbw_cli *cli)
{
    (void)cli;
    shown.ended = true;
    clear_line();
    /* The signals stay as they are: one that comes now finds nothing to pause, and must not keep
     * the outcome from being told. */
}
