/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target without libFuzzer, as a TAP test: over the seeds of tests/fuzz/seeds/NAME,
 * then over changes of them that a fixed generator makes. DBW_FUZZ_ROUNDS sets how many (2000).
 * A property that does not hold aborts; the input that did it is kept as crash-NAME, for
 * `tests/fuzz/check_NAME crash-NAME`.
 */
#include "base/dbw.h"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 4096, SEEDS = 256 };

static uint8_t seeds[SEEDS][LONGEST];
static size_t lengths[SEEDS];
static size_t seed_count;
static uint8_t current[LONGEST];
static volatile size_t current_length;

static void keep_crash(int number)
{
    FILE *file = fopen("crash-" FUZZ_NAME, "wb");
    if (file) {
        (void)fwrite(current, 1, current_length, file);
        (void)fclose(file);
    }
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/** xorshift64*: the same changes on every machine. */
static uint64_t next(void)
{
    static uint64_t state = 0x9E3779B97F4A7C15u;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545F4914F6CDD1Du;
}

static size_t below(size_t limit)
{
    return limit ? (size_t)(next() % limit) : 0;
}

static bool load_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || seed_count == SEEDS) {
        if (file)
            (void)fclose(file);
        return false;
    }
    lengths[seed_count] = fread(seeds[seed_count], 1, LONGEST, file);
    seed_count++;
    (void)fclose(file);
    return true;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(left, right);
}

static void load_seeds(void)
{
    static char names[SEEDS][256];
    size_t count = 0;
    char path[4096];
    const char *top = getenv("DBW_TOP_SRCDIR");
    (void)snprintf(path, sizeof path, "%s/tests/fuzz/seeds/" FUZZ_NAME, top ? top : "..");
    DIR *folder = opendir(path);
    struct dirent *entry = NULL;
    while (folder && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.' && count < SEEDS)
            (void)snprintf(names[count++], sizeof names[0], "%s", entry->d_name);
    if (folder)
        (void)closedir(folder);
    /* The order of a folder is not the same everywhere. */
    qsort(names, count, sizeof names[0], compare_names);
    for (size_t i = 0; i < count; i++) {
        char file[4400];
        (void)snprintf(file, sizeof file, "%s/%s", path, names[i]);
        (void)load_file(file);
    }
}

static void run(void)
{
    (void)LLVMFuzzerTestOneInput(current, current_length);
}

static void put(size_t at, const uint8_t *bytes, size_t count)
{
    if (current_length + count > LONGEST)
        return;
    memmove(current + at + count, current + at, current_length - at);
    memcpy(current + at, bytes, count);
    current_length += count;
}

static void change(void)
{
    static const char meaningful[] = "@:/?&=%+#[]'\"`\\ \n\t${}();,-.0";
    size_t at = below(current_length + 1);
    uint8_t byte = (uint8_t)next();
    switch (below(6)) {
    case 0:
        if (at < current_length)
            current[at] = byte;
        break;
    case 1:
        byte = (uint8_t)meaningful[below(sizeof meaningful - 1)];
        put(at, &byte, 1);
        break;
    case 2:
        put(at, &byte, 1);
        break;
    case 3: {
        size_t cut = below(current_length - at + 1);
        memmove(current + at, current + at + cut, current_length - at - cut);
        current_length -= cut;
        break;
    }
    case 4: { /* a piece of another seed */
        size_t other = below(seed_count);
        size_t from = below(lengths[other] + 1);
        put(at, seeds[other] + from, below(lengths[other] - from + 1));
        break;
    }
    default:
        byte = 0xFF;
        put(at, &byte, 1);
        break;
    }
}

static void run_seed(size_t seed)
{
    current_length = lengths[seed];
    memcpy(current, seeds[seed], current_length);
    run();
}

int main(int argc, char **argv)
{
    const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < DBW_COUNT(signals); i++)
        (void)signal(signals[i], keep_crash);
    if (argc > 1) {
        if (!load_file(argv[1]))
            return EXIT_FAILURE;
        run_seed(0);
        return EXIT_SUCCESS;
    }
    const char *rounds_text = getenv("DBW_FUZZ_ROUNDS");
    long rounds = rounds_text ? strtol(rounds_text, NULL, 10) : 2000;
    /* An abort in the middle leaves the plan unfulfilled: the harness counts it as a failure. */
    (void)printf("1..2\n");
    (void)fflush(stdout);
    load_seeds();
    for (size_t i = 0; i < seed_count; i++)
        run_seed(i);
    (void)printf("ok 1 - %zu seeds of " FUZZ_NAME "\n", seed_count);
    (void)fflush(stdout);
    for (long i = 0; i < rounds; i++) {
        size_t seed = below(seed_count);
        current_length = seed_count ? lengths[seed] : 0;
        memcpy(current, seeds[seed], current_length);
        for (size_t n = 1 + below(8); n > 0; n--)
            change();
        run();
    }
    (void)printf("ok 2 - %ld changes of them\n", rounds);
    return EXIT_SUCCESS;
}
