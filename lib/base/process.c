/* SPDX-License-Identifier: Apache-2.0 */
#include "base/process.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_LIMIT = 1024 * 1024, TAIL = 2048, GRACE_MS = 2000, POLL_MS = 50 };

typedef struct child {
    const dbw_process *process;
    pid_t pid;
    int input, output, message, failure; /* our ends of the pipes; -1 when closed or absent */
    size_t written;
    dbw_buffer out;
    char tail[TAIL];
    size_t tail_length;
    int exec_errno;
    bool too_much;
} child;

static void shut(int *descriptor)
{
    if (*descriptor >= 0)
        (void)close(*descriptor);
    *descriptor = -1;
}

static void shut_pair(int pair[2])
{
    shut(&pair[0]);
    shut(&pair[1]);
}

/** In the child, between fork and exec: only what signal-safety(7) allows. */
static DBW_NORETURN void become(const dbw_process *process, const char *const *environment,
                                int input, int output, int message, int failure)
{
    sigset_t none;
    (void)sigemptyset(&none);
    (void)setpgid(0, 0);
    /* Above 3 first, so that no dup2() below overwrites one that is still needed. */
    input = fcntl(input, F_DUPFD, 4);
    output = fcntl(output, F_DUPFD, 4);
    message = fcntl(message, F_DUPFD, 4);
    failure = fcntl(failure, F_DUPFD, 4);
    bool ready = dup2(input, 0) >= 0 && dup2(output, 1) >= 0 && dup2(message, 2) >= 0 &&
                 dup2(failure, 3) >= 0 && fcntl(3, F_SETFD, FD_CLOEXEC) == 0;
    if (ready && close_range(4, ~0U, 0) != 0)
        ready = errno == ENOSYS;
    for (int number = 1; number < NSIG; number++)
        (void)signal(number, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (ready && (!process->directory || chdir(process->directory) == 0))
        (void)execvpe(process->argv[0], (char *const *)(uintptr_t)process->argv,
                      (char *const *)(uintptr_t)environment);
    int number = errno;
    ssize_t ignored = write(3, &number, sizeof number);
    (void)ignored;
    _exit(127);
}

static dbw_status start(child *c, const char *const *environment, dbw_error *error)
{
    int input[2] = {-1, -1}, output[2] = {-1, -1}, message[2] = {-1, -1}, failure[2] = {-1, -1};
    dbw_status status = DBW_OK;
    bool own_output = c->process->output <= STDERR_FILENO;
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(message, O_CLOEXEC) != 0 ||
        pipe2(failure, O_CLOEXEC) != 0 || (own_output && pipe2(output, O_CLOEXEC) != 0)) {
        status = dbw_fail_errno(error, errno, "unable to start '%s'", c->process->argv[0]);
        goto out;
    }
    c->pid = fork();
    if (c->pid == 0)
        become(c->process, environment, input[0], own_output ? output[1] : c->process->output,
               message[1], failure[1]);
    if (c->pid < 0) {
        status = dbw_fail_errno(error, errno, "unable to start '%s'", c->process->argv[0]);
        goto out;
    }
    (void)setpgid(c->pid, c->pid);
    c->input = input[1];
    c->output = output[0];
    c->message = message[0];
    c->failure = failure[0];
    input[1] = output[0] = message[0] = failure[0] = -1;
    (void)fcntl(c->input, F_SETFL, O_NONBLOCK);
out:
    shut_pair(input);
    shut_pair(output);
    shut_pair(message);
    shut_pair(failure);
    return status;
}

static void keep_tail(child *c, const char *bytes, size_t length)
{
    if (length >= TAIL) {
        memcpy(c->tail, bytes + length - TAIL, TAIL);
        c->tail_length = TAIL;
        return;
    }
    size_t over = c->tail_length + length > TAIL ? c->tail_length + length - TAIL : 0;
    memmove(c->tail, c->tail + over, c->tail_length - over);
    memcpy(c->tail + c->tail_length - over, bytes, length);
    c->tail_length += length - over;
}

/** Reads once; closes the descriptor at its end. */
static void take(child *c, int *descriptor)
{
    char block[16384];
    ssize_t n = read(*descriptor, block, sizeof block);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0) {
        shut(descriptor);
    } else if (descriptor == &c->output) {
        dbw_buffer_add(&c->out, block, (size_t)n);
        c->too_much = c->too_much || c->out.failed != DBW_OK;
    } else if (descriptor == &c->message) {
        keep_tail(c, block, (size_t)n);
    } else if ((size_t)n >= sizeof c->exec_errno) {
        memcpy(&c->exec_errno, block, sizeof c->exec_errno);
    }
}

static void give(child *c)
{
    dbw_text rest = {c->process->input.data + c->written, c->process->input.length - c->written};
    ssize_t n = rest.length > 0 ? write(c->input, rest.data, rest.length) : 0;
    if (n > 0)
        c->written += (size_t)n;
    /* A program need not read all of its input: EPIPE is no error. */
    bool stopped = n < 0 && errno != EAGAIN && errno != EINTR;
    if (stopped || c->written == c->process->input.length)
        shut(&c->input);
}

/** Moves bytes until all pipes are closed; false when the deadline passed or too much came. */
static bool converse(child *c, dbw_deadline deadline)
{
    while (c->output >= 0 || c->message >= 0 || c->failure >= 0) {
        struct pollfd waits[] = {{.fd = c->input, .events = POLLOUT},
                                 {.fd = c->output, .events = POLLIN},
                                 {.fd = c->message, .events = POLLIN},
                                 {.fd = c->failure, .events = POLLIN}};
        int left = dbw_deadline_left(deadline);
        int ready = poll(waits, DBW_COUNT(waits), left);
        if (ready == 0 || c->too_much)
            return false;
        if (ready < 0)
            continue;
        if (c->input >= 0 && waits[0].revents)
            give(c);
        int *const readers[] = {&c->output, &c->message, &c->failure};
        for (size_t i = 0; i < DBW_COUNT(readers); i++)
            if (*readers[i] >= 0 && waits[i + 1].revents)
                take(c, readers[i]);
    }
    return !c->too_much;
}

/** Waits for the end until the deadline. */
static bool reap(const child *c, dbw_deadline deadline, int *wait_status)
{
    for (;;) {
        pid_t pid = waitpid(c->pid, wait_status, WNOHANG);
        if (pid == c->pid || (pid < 0 && errno != EINTR))
            return true;
        int left = dbw_deadline_left(deadline);
        if (left == 0)
            return false;
        /* The pipes are closed already: what is left is the moment of exiting. */
        (void)poll(NULL, 0, left < 0 || left > POLL_MS ? POLL_MS : left);
    }
}

static void end(const child *c, int *wait_status)
{
    (void)kill(-c->pid, SIGTERM);
    if (reap(c, dbw_deadline_in(GRACE_MS), wait_status)) {
        (void)kill(-c->pid, SIGKILL);
        return;
    }
    (void)kill(-c->pid, SIGKILL);
    (void)reap(c, DBW_NEVER, wait_status);
}

static char *message_of(dbw_arena *arena, const child *c)
{
    size_t length = c->tail_length;
    while (length > 0 && dbw_is_space(c->tail[length - 1]))
        length--;
    char *message = dbw_arena_text_string(arena, (dbw_text){c->tail, length});
    for (size_t i = 0; i < length; i++)
        if (message[i] == '\0')
            message[i] = ' ';
    /* The cut may have split the first character, and a program may write anything. */
    for (size_t bad = 0; (bad = dbw_utf8_invalid_at(message, length)) < length;)
        message[bad] = '?';
    return message;
}

static dbw_status outcome(child *c, bool finished, int wait_status, dbw_process_result *out,
                          dbw_error *error)
{
    const char *name = c->process->argv[0];
    out->status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
    out->signal = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
    if (c->exec_errno != 0)
        return dbw_fail_errno(error, c->exec_errno, "unable to start '%s'", name);
    if (c->too_much)
        return dbw_fail(error, DBW_E_LIMIT, "'%s' was ended: it printed more than %zu bytes", name,
                        c->out.limit);
    if (!finished)
        return dbw_fail(error, DBW_E_TIMEOUT, "'%s' was ended: it took too long", name);
    return DBW_OK;
}

dbw_status dbw_process_run(dbw_arena *arena, const dbw_process *process, dbw_process_result *out,
                           dbw_error *error)
{
    const char *path = getenv("PATH");
    const char *const usual[] = {
        dbw_arena_printf(arena, "PATH=%s", path ? path : "/usr/local/bin:/usr/bin:/bin"),
        "LANG=C.UTF-8", "HOME=/nonexistent", NULL};
    child c = {.process = process, .input = -1, .output = -1, .message = -1, .failure = -1};
    dbw_deadline deadline = process->deadline ? process->deadline : DBW_NEVER;
    int wait_status = 0;
    *out = (dbw_process_result){.message = dbw_arena_string(arena, "")};
    DBW_TRY(start(&c, process->environment ? process->environment : usual, error));
    dbw_buffer_init(&c.out, process->output_limit ? process->output_limit : OUTPUT_LIMIT);
    bool finished = converse(&c, deadline) && reap(&c, deadline, &wait_status);
    if (!finished)
        end(&c, &wait_status);
    shut(&c.input);
    shut(&c.output);
    shut(&c.message);
    shut(&c.failure);
    dbw_status status = outcome(&c, finished, wait_status, out, error);
    out->output = dbw_arena_text(arena, dbw_buffer_text(&c.out));
    out->message = message_of(arena, &c);
    dbw_buffer_free(&c.out);
    return status;
}

dbw_status dbw_process_succeed(dbw_arena *arena, const dbw_process *process,
                               dbw_process_result *out, dbw_error *error)
{
    DBW_TRY(dbw_process_run(arena, process, out, error));
    const char *name = process->argv[0];
    const char *colon = *out->message ? ": " : "";
    if (out->signal)
        return dbw_fail(error, DBW_E_IO, "'%s' was ended by signal %d%s%s", name, out->signal,
                        colon, out->message);
    if (out->status != 0)
        return dbw_fail(error, DBW_E_IO, "'%s' failed with status %d%s%s", name, out->status, colon,
                        out->message);
    return DBW_OK;
}
