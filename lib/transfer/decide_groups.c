/* SPDX-License-Identifier: Apache-2.0 */
/* Columns that foreign keys join get one type. */
#include "transfer/decide_priv.h"

static bool is_integer(dbw_intent intent)
{
    return intent >= DBW_INTENT_INT16 && intent <= DBW_INTENT_INT64;
}

static bool is_text(dbw_intent intent)
{
    return intent == DBW_INTENT_CHAR || intent == DBW_INTENT_VARCHAR || intent == DBW_INTENT_TEXT;
}

/* Gives both the type that holds either; whether something changed. Types that have none in
 * common stay as they are (the foreign key is then left out, plan_objects.c). */
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
    } else if ((is_integer(left->intent) || left->intent == DBW_INTENT_DECIMAL) &&
               (is_integer(right->intent) || right->intent == DBW_INTENT_DECIMAL)) {
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

/* Types only ever get wider, so that this ends; the bound is for safety. */
void dbw_decide_groups(dbw_planner *planner)
{
    bool changed = true;
    for (int round = 0; changed && round < 100; round++) {
        changed = false;
        for (size_t i = 0; i < planner->work_count; i++) {
            dbw_work *work = &planner->works[i];
            for (size_t k = 0; !work->skip && k < work->source->foreign_key_count; k++)
                changed |= unify_key(planner, work, &work->source->foreign_keys[k]);
        }
    }
}
