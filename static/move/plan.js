// SPDX-License-Identifier: Apache-2.0
// The move that is being prepared. In memory only: it holds two passwords.
import { onceKey } from '../api.js';
import { newDraft } from '../connect/draft.js';

/** How an option is sent: lists as arrays, maps as objects of NAME=VALUE, flags, whole numbers. */
const KIND = {
  include: 'list',
  exclude: 'list',
  rename: 'map',
  types: 'map',
  transforms: 'map',
  clear: 'flag',
  create_database: 'flag',
  schema_only: 'flag',
  data_only: 'flag',
  max_rejects: 'number',
  streams: 'number',
};

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

function put(body, option, value) {
  const kind = KIND[option];
  if (kind === 'list') body[option] = [...(body[option] || []), value].flat();
  else if (kind === 'map') body[option] = { ...body[option], ...pairOf(value) };
  else if (kind === 'flag') body[option] = value === true || value === 'true';
  else if (kind === 'number') body[option] = Number(value);
  else body[option] = value;
}

/** "a=b" as {a: 'b'}; an object is one already. */
function pairOf(value) {
  if (value && typeof value === 'object') return value;
  const mark = String(value).indexOf('=');
  return { [value.slice(0, mark)]: value.slice(mark + 1) };
}

/** The body of preview-migration and of migrate. */
export function moveBody() {
  const body = {
    source_url: plan.tested.from.url,
    target_url: plan.tested.to.url,
    schema_mode: schemaMode(),
  };
  if (plan.tested.to.result.absent) body.create_database = true;
  for (const { option, value } of plan.decided) put(body, option, value);
  return body;
}

/** Takes a finding's fix into the plan, in place of another answer to the same question. */
export function decide(finding) {
  const { option, value, label } = finding.fix;
  const subject = (given) => {
    if (KIND[option] === 'map') return Object.keys(pairOf(given)).join();
    return KIND[option] === 'list' ? String(given) : '';
  };
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
  const { fix } = finding;
  const same = (one) => one.option === fix.option && String(one.value) === String(fix.value);
  return Boolean(fix) && plan.decided.some(same);
}

/** The key that makes the start of this very move happen once. */
export function startKey() {
  plan.key = plan.key || onceKey();
  return plan.key;
}
