/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DBW_ENGINE_PORTABLE_H
#define DBW_ENGINE_PORTABLE_H
/*
 * Expressions of one engine in the words of another: CHECK constraints, defaults, generated
 * columns, index expressions and predicates. Only a subset that means the same everywhere is
 * translated: names, literals, comparison, AND OR NOT, IN, BETWEEN, LIKE, IS NULL, arithmetic, ||,
 * CASE, CAST, CURRENT_*, and a table of functions. Everything else is refused with a reason; what
 * is translated is typed, so that nothing is emitted that the target would refuse or read
 * otherwise (text compared with numbers, a boolean with 0 and 1, integers as conditions).
 */
#include "engine/engine.h"

typedef struct dbw_portable {
    const dbw_engine *from;
    const dbw_engine *to;
    bool exact_value; /* the value itself is kept, as a generated column's is: what rounds, folds or
                         divides otherwise is refused */
    bool exact_case;  /* lower() and upper() fold ASCII letters only, as they do in SQLite */
    bool other_letters; /* there are letters that only some engines fold */
    void *context;
    /** The target's name and intent of a source column; false when there is no such column. */
    bool (*column)(void *context, const char *name, const char **target, dbw_intent *intent);
} dbw_portable;

/**
 * The expression for the target engine, or NULL. `condition`: it is used as a truth value. `*note`
 * receives why it was refused ("function 'json_valid'"), or what is worth knowing about the
 * translation ("LIKE ignores the case of ASCII letters in the source"), or NULL.
 */
const char *dbw_portable_expression(dbw_arena *arena, const dbw_portable *portable,
                                    const char *expression, bool condition, const char **note);

/** The same for an expression whose value goes into a column of that intent: a truth value becomes
 * 0 and 1 where the column holds numbers, and a value of another kind is refused. */
const char *dbw_portable_value(dbw_arena *arena, const dbw_portable *portable,
                               const char *expression, dbw_intent intent, const char **note);

/**
 * The quoted column with the case of ASCII letters folded, and of no others: what SQLite's NOCASE
 * compares. For unique indexes.
 */
const char *dbw_portable_fold_case(dbw_arena *arena, const dbw_engine *to, const char *column);

#endif
