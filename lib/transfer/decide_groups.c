/* SPDX-License-Identifier: Apache-2.0 */
/* Columns that foreign keys join get one type. */
#include "transfer/decide_priv.h"

static bool is_integer(dbw_intent intent)
{
    return intent >= DBW_INTENT_INT16 && intent <= DBW_INTENT_INT64;
}

static bool is_number(dbw_intent intent)
{
    return is_integer(intent) || intent == DBW_INTENT_UINT64 || intent == DBW_INTENT_DECIMAL;
}

static bool is_text(dbw_intent intent)
{
    return intent == DBW_INTENT_CHAR || intent == DBW_INTENT_VARCHAR || intent == DBW_INTENT_TEXT;
}

/* Gives both the type that holds either; whether something changed. Types that have none in
 * common stay as they are (the foreign key is then left out, map_constraint.c). */
static bool unify(dbw_decision *a, dbw_decision *b)
{
    static const char note[] = "as wide as the column that it refers to or that refers to it";
    dbw_type *left = &a->wanted, *right = &b->wanted;
    if (a->fixed || b->fixed ||
        (left->intent == right->intent && left->length == right->length &&
         left->precision == right->precision && left->scale == right->scale))
        return false;
    dbw_type both = *left;
    both.spelling = NULL;
    if (is_integer(left->intent) && is_integer(right->intent)) {
        both.intent = left->intent > right->intent ? left->intent : right->intent;
    } else if (is_text(left->intent) && is_text(right->intent)) {
        bool limited = left->length > 0 && right->length > 0;
        both.length = limited ? (left->length > right->length ? left->length : right->length) : 0;
        both.intent = limited ? DBW_INTENT_VARCHAR : DBW_INTENT_TEXT;
        if (left->intent == right->intent && limited)
            both.intent = left->intent;
    } else if (is_number(left->intent) && is_number(right->intent)) {
        both = (dbw_type){.intent = DBW_INTENT_DECIMAL};
    } else {
        return false;
    }
    bool changed = false;
    for (int side = 0; side < 2; side++) {
        dbw_decision *d = side ? b : a;
        bool same = d->wanted.intent == both.intent && d->wanted.length == both.length &&
                    d->wanted.precision == both.precision && d->wanted.scale == both.scale;
        if (same)
            continue;
        d->wanted = both;
        d->note = note;
        changed = true;
    }
    return changed;
}

static bool unify_key(dbw_planner *planner, dbw_work *child, const dbw_foreign_key *key)
{
    dbw_work *parent = dbw_plan_parent(planner, child->source, key);
    bool changed = false;
    if (!parent || parent->skip)
        return false;
    for (size_t i = 0; i < key->columns.count && i < key->referenced_columns.count; i++) {
        int a = dbw_work_column(child, key->columns.items[i]);
        int b = dbw_work_column(parent, key->referenced_columns.items[i]);
        if (a >= 0 && b >= 0)
            changed |= unify(&child->decisions[a], &parent->decisions[b]);
    }
    return changed;
}

/*
 * An unsigned key of 64 bits whose values all fit becomes a bigint, as does what refers to it: keys
 * of that type count from 1, and what counts in the target is a bigint.
 */
static void narrow(dbw_work *work, const char *name)
{
    int n = work && !work->skip ? dbw_work_column(work, name) : -1;
    if (n < 0)
        return;
    dbw_decision *d = &work->decisions[n];
    const dbw_profile_column *p = &work->profile.profiles[n];
    if (!d->fixed && d->wanted.intent == DBW_INTENT_UINT64 && !p->others)
        dbw_decide_become(d, DBW_INTENT_INT64, "a key whose values all fit");
}

static void narrow_keys(dbw_planner *planner, dbw_work *work)
{
    const dbw_table *table = work->source;
    for (size_t i = 0; table->primary_key && i < table->primary_key->columns.count; i++)
        narrow(work, table->primary_key->columns.items[i]);
    for (size_t i = 0; i < table->foreign_key_count; i++) {
        const dbw_foreign_key *key = &table->foreign_keys[i];
        for (size_t k = 0; k < key->columns.count && k < key->referenced_columns.count; k++) {
            narrow(work, key->columns.items[k]);
            narrow(dbw_plan_work(planner, key->referenced_table), key->referenced_columns.items[k]);
        }
    }
}

/* Types only ever get wider, so that this ends; the bound is for safety. */
void dbw_decide_groups(dbw_planner *planner)
{
    bool changed = true;
    for (size_t i = 0; i < planner->work_count; i++)
        if (!planner->works[i].skip)
            narrow_keys(planner, &planner->works[i]);
    for (int round = 0; changed && round < 100; round++) {
        changed = false;
        for (size_t i = 0; i < planner->work_count; i++) {
            dbw_work *work = &planner->works[i];
            for (size_t k = 0; !work->skip && k < work->source->foreign_key_count; k++)
                changed |= unify_key(planner, work, &work->source->foreign_keys[k]);
        }
    }
}
