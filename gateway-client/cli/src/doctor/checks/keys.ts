import { join } from 'node:path';
import { CalibrationKeys } from '@tracecal/gateway-client/application';
import type { SurveyedKey } from '@tracecal/gateway-client/application';
import { quoted } from '../../text/quoted.js';
import { endFinding } from '../check.js';
import type { Check, Finding } from '../check.js';

/** Calibration keys can be used, are readable by their owner alone, and their certificates have not ended. */
export const keys: Check = {
  name: 'keys',
  async run({ data, now }) {
    const all = await new CalibrationKeys(data.keys).survey();
    if (all.length === 0) {
      return [{ level: 'warn', message: `no calibration key is in ${data.keys}: you can read, but sign nothing` }];
    }
    const exposed = all.filter(({ isPrivate }) => !isPrivate).map(exposedFinding);
    const ending = all.flatMap((key) => endFinding(`${key.kind} ${key.id}`, key.ends, now, renewal(key)) ?? []);
    const unusable = all.flatMap((key) => unusableFinding(key, data.keys));
    const count = all.length === 1 ? '1 key' : `${all.length} keys`;
    const bad = [...unusable, ...exposed, ...ending];
    return bad.length > 0
      ? bad
      : [{ level: 'ok', message: `${count}, readable by you alone; the first certificate ends on ${firstEnd(all)}` }];
  },
};

function exposedFinding({ kind, id, file }: SurveyedKey): Finding {
  return { level: 'fail', message: `others can read the key of ${kind} ${id}`, next: `chmod 600 ${quoted(file)}` };
}

function unusableFinding({ kind, id, flaw }: SurveyedKey, folder: string): readonly Finding[] {
  const place = join(folder, `${kind}s`, 'previous');
  const remedy = `put a key and its certificate back from ${place} or a backup`;
  return flaw === undefined
    ? []
    : [{ level: 'fail', message: `nobody can sign with the key of ${kind} ${id}: ${flaw}; ${remedy}` }];
}

function firstEnd(all: readonly SurveyedKey[]): string {
  const days = all.flatMap(({ ends }) => ends?.toISOString().slice(0, 10) ?? []);
  return days.sort()[0] ?? '';
}

function renewal({ kind, id }: SurveyedKey): string {
  switch (kind) {
    case 'organisation':
      return `tracecal org renew ${id}`;
    case 'technician':
      return `tracecal technician authorise ${id} --new-key`;
    case 'officer':
      return `tracecal officer add NEW-ID --org ${id.slice(0, id.indexOf('/'))}`;
    case 'device':
      return `tracecal device renew ${id} --technician TECHNICIAN`;
  }
}
