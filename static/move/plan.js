// SPDX-License-Identifier: Apache-2.0
// The move that is being prepared. In memory only: it holds two passwords.
import { onceKey } from '../api.js';
import { newDraft } from '../connect/draft.js';

/** Options that take several values; the others take one. */
const LISTS = new Set(['include', 'exclude', 'rename', 'types', 'transforms']);

const fresh = () => ({
  from: newDraft(),
  to: newDraft(),
  tested: { from: null, to: null },
  mode: '',
  decided: [],
  preview: null,
  previewOf: '',
  key: '',
});

/** The two addresses of the move that was started last, for its step 5. */
let last = { job: '', from: '', to: '' };

export const plan = fresh();

export function forgetPlan() {
  Object.assign(plan, fresh());
  last = { job: '', from: '', to: '' };
}

/** The plan has become a job: room for the next one. */
export function started(job) {
  const { from, to } = plan.tested;
  forgetPlan();
  last = { job, from: from.url, to: to.url };
}

/** {from, to} of a job started in this page, with their passwords; empty after a reload. */
export function addressesOf(job) {
  return last.job === job ? last : { from: '', to: '' };
}

/** Something about one end changed: its test and the check no longer hold. */
export function endChanged(side) {
  plan.tested[side] = null;
  plan.decided = [];
  plan.preview = null;
  plan.key = '';
}

export const ready = () =>
  Boolean(plan.tested.from?.result.success && plan.tested.to?.result.success);

/** The mode in force: what was chosen, else what the target suggests. */
export function schemaMode() {
  if (plan.mode) return plan.mode;
  return plan.tested.to?.result.is_empty === false ? 'existing' : 'create';
}

/** The body of preview-migration and of migrate. */
export function moveBody() {
  const body = {
    source_url: plan.tested.from.url,
    target_url: plan.tested.to.url,
    schema_mode: schemaMode(),
  };
  for (const { option, value } of plan.decided) {
    if (LISTS.has(option)) body[option] = [...(body[option] || []), value];
    else body[option] = value;
  }
  return body;
}

/** Takes a finding's fix into the plan, in place of another answer to the same question. */
export function decide(finding) {
  const { option, value, label } = finding.fix;
  const subject = (text) => (LISTS.has(option) ? String(text).split('=')[0] : '');
  plan.decided = plan.decided.filter(
    (one) => one.option !== option || subject(one.value) !== subject(value),
  );
  plan.decided.push({ option, value, label, about: finding.message });
  plan.key = '';
}

export function undecide(decision) {
  plan.decided = plan.decided.filter((one) => one !== decision);
  plan.key = '';
}

/** Whether a finding's fix is in the plan. */
export function isDecided(finding) {
  return (
    Boolean(finding.fix) &&
    plan.decided.some((one) => one.option === finding.fix.option && one.value === finding.fix.value)
  );
}

/** The key that makes the start of this very move happen once. */
export function startKey() {
  plan.key = plan.key || onceKey();
  return plan.key;
}
