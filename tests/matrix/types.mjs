// SPDX-License-Identifier: Apache-2.0
// The table of features: every type of every engine with its awkward values, and what becomes of
// them in every engine.
import { fromMysql } from './from-mysql.mjs';
import { fromPostgresql } from './from-postgresql.mjs';
import { fromSqlite } from './from-sqlite.mjs';
import { engines } from './matrix.mjs';

const plain = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '');

/* A feature: {engine, lines, name, table, column, type, values, into: {engine: {type, values, note,
 * ledger, findings, stops, back}}, before, after, strict}. What stops some move has a table of its
 * own, so that a row left out is nobody else's. */
function collect(engine, fill) {
    const features = [];
    let table;
    fill({
        group: (name) => { table = name; },
        add: (lines, name, type, values, into, more = {}) => {
            const there = {};
            for (const [target, [itsType, itsValues, note, rest]] of Object.entries(into)) {
                there[target] = { type: itsType, values: itsValues, note, ...rest };
            }
            const stops = Object.values(there).some((one) => one.stops);
            const column = plain(name);
            features.push({ engine, lines: [lines].flat(), name, type, values, into: there, stops, column,
                table: stops || more.alone ? `t_${column}` : table, ...more });
        },
    });
    return features;
}

export const features = [
    ...collect('sqlite', fromSqlite),
    ...collect('postgresql', fromPostgresql),
    ...collect('mysql', fromMysql),
];

/** What is written down for a feature in a target; in its own engine all is as it was. */
export function expected(feature, target) {
    return feature.into[target] ?? (target === feature.engine ? {} : undefined);
}

export { engines };
