// SPDX-License-Identifier: Apache-2.0
// Figures as a table, and which aims they meet.
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[(numbers.length - 1) >> 1];

export const fixed = (value, digits = 2) => (value === undefined ? '' : value.toFixed(digits));

export function printTable(head, rows) {
    const widths = head.map((title, i) =>
        Math.max(title.length, ...rows.map((row) => String(row[i]).length)));
    const line = (row) => `| ${row.map((cell, i) => String(cell).padEnd(widths[i])).join(' | ')} |`;
    console.log([line(head), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`,
        ...rows.map(line), ''].join('\n'));
}

/** A figure beside its aim: [what, figure, aim, whether it is met]. */
export const most = (what, figure, aim, unit = '') =>
    [what, `${fixed(figure)}${unit}`, `≤ ${aim}${unit}`, figure <= aim];
export const least = (what, figure, aim, unit = '') =>
    [what, `${fixed(figure)}${unit}`, `≥ ${aim}${unit}`, figure >= aim];

/** Prints them; whether all are met. */
export function printAims(rows) {
    if (rows.length > 0) {
        printTable(['ratio', 'figure', 'aim', ''],
            rows.map(([what, figure, aim, met]) => [what, figure, aim, met ? 'met' : 'MISSED']));
    }
    return rows.every((row) => row[3]);
}
