/* SPDX-License-Identifier: Apache-2.0 */
#include "accept.h"

#include "serve.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

enum {
    TICK_MS = 20,
    FAILURE_PAUSE_MS = 100,
    FAILURES_MOST = 50 /* in a row: five seconds without descriptors or memory */
};

/* Interrupts accept() in the threads that are to end. */
#define WAKE_UP SIGUSR2

struct thread {
    struct pool *pool;
    pthread_t id;
    atomic_bool accepting;
    atomic_bool ended;
};

struct pool {
    dbw_service *service;
    struct thread threads[DBW_ACCEPT_THREADS_MOST];
    int count;
    atomic_bool broken;
};

static void do_nothing(int signal_number)
{
    (void)signal_number;
}

static bool accept_one(struct thread *self, FCGX_Request *request)
{
    atomic_store(&self->accepting, true);
    bool accepted = FCGX_Accept_r(request) == 0;
    atomic_store(&self->accepting, false);
    return accepted;
}

/* A thread that gave up after one failed accept() would be missing for ever. */
static void *accept_requests(void *context)
{
    struct thread *self = context;
    dbw_service *service = self->pool->service;
    FCGX_Request request;
    int failures = 0;
    if (FCGX_InitRequest(&request, 0, 0) != 0)
        failures = FAILURES_MOST;
    while (failures < FAILURES_MOST && !atomic_load(&service->stopping)) {
        if (accept_one(self, &request)) {
            dbw_serve(service, &request);
            FCGX_Finish_r(&request);
            failures = 0;
        } else if (!atomic_load(&service->stopping)) {
            failures++;
            (void)poll(NULL, 0, FAILURE_PAUSE_MS);
        }
    }
    FCGX_Free(&request, 1);
    atomic_store(&self->ended, true);
    if (failures >= FAILURES_MOST && !atomic_exchange(&self->pool->broken, true))
        (void)kill(getpid(), SIGTERM);
    return NULL;
}

static void start_threads(struct pool *pool, int threads)
{
    if (threads > DBW_ACCEPT_THREADS_MOST)
        threads = DBW_ACCEPT_THREADS_MOST;
    for (int i = 0; i < threads; i++) {
        struct thread *thread = &pool->threads[i];
        *thread = (struct thread){.pool = pool};
        if (pthread_create(&thread->id, NULL, accept_requests, thread) != 0)
            break;
        pool->count++;
    }
}

/* A signal that comes just before accept() is lost on it, so it is sent until the thread has ended.
 */
static int wake_up(struct pool *pool)
{
    int left = 0;
    for (int i = 0; i < pool->count; i++) {
        struct thread *thread = &pool->threads[i];
        if (atomic_load(&thread->ended))
            continue;
        left++;
        if (atomic_load(&thread->accepting))
            (void)pthread_kill(thread->id, WAKE_UP);
    }
    return left;
}

static bool stop_threads(struct pool *pool)
{
    dbw_deadline deadline = dbw_deadline_in(DBW_ACCEPT_STOP_SECONDS * 1000);
    atomic_store(&pool->service->stopping, true);
    FCGX_ShutdownPending();
    while (wake_up(pool) > 0) {
        if (dbw_deadline_left(deadline) == 0)
            return false;
        (void)poll(NULL, 0, TICK_MS);
    }
    for (int i = 0; i < pool->count; i++)
        pthread_join(pool->threads[i].id, NULL);
    return true;
}

int dbw_accept_run(dbw_service *service, int threads)
{
    struct pool pool = {.service = service};
    sigset_t signals;
    struct sigaction wake = {.sa_handler = do_nothing}; /* no SA_RESTART: that is its purpose */
    int received;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    sigemptyset(&wake.sa_mask);
    sigaction(WAKE_UP, &wake, NULL);
    start_threads(&pool, threads);
    if (pool.count == 0) {
        fprintf(stderr, "dbwizard-fcgi: unable to start a thread\n");
        return 1;
    }
    while (sigwait(&signals, &received) != 0)
        continue;
    if (atomic_load(&pool.broken))
        fprintf(stderr, "dbwizard-fcgi: unable to accept requests\n");
    if (!stop_threads(&pool))
        _exit(0); /* at once: what still runs points at this frame. Its connection breaks off. */
    return atomic_load(&pool.broken) ? 1 : 0;
}
