import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Result } from '@tracecal/core/model';
import { temperatureResult, temperatureScope } from '../../support/hierarchy.js';

const load = createRequire(__filename);
const JUDGE = join(dirname(load.resolve('@tracecal/core/package.json')), 'dist', 'trace', 'judge');

type Asking = (report: object, policy: object) => readonly (readonly string[])[];

const { accreditorsOf } = load(join(JUDGE, 'accreditation.js')) as { accreditorsOf: Asking };
const { claimantsOf } = load(join(JUDGE, 'claims.js')) as { claimantsOf: Asking };
const { judgingPolicy } = load(join(JUDGE, 'policy.js')) as { judgingPolicy: (policy: object) => object };

/** A trace is granted work for the lines of its kinds of quantity only. Nobody is asked for leave to grant a line of another kind. */
describe('Lines of accreditation of another kind of quantity', () => {
  const policy = judgingPolicy({ transcriptionDays: 1, accreditors: 'either' });

  /** How often lines of another kind, and their report, are looked at. */
  function looks(asking: Asking, rows: number, strangers: number) {
    const count = { lines: 0, report: 0 };
    const values = Array.from({ length: rows }, (_, place) => place);
    const result: Result = { ...temperatureResult(0.1, values), methods: ['comparison'] };
    const registered = { date: '2024-01-01T00:00:00Z', epoch: 0, decisions: 0 };
    const other = {
      by: 'stranger',
      registered,
      get scope() {
        count.lines += 1;
        return { ...temperatureScope(), quantity: 'mass' };
      },
    };
    const own = { by: 'body', registered, scope: temperatureScope({ max: 1000 }) };
    const lines = [own, ...Array.from({ length: strangers }, () => other)];
    const chain = { organisations: [] };
    const report = {
      id: 'report',
      organisation: 'lab',
      get payload() {
        count.report += 1;
        return { performed: { begin: '2025-01-01', end: '2025-01-01' } };
      },
      registered: '2025-01-02T00:00:00Z',
      said: { registered: { ...registered, date: '2025-01-02T00:00:00Z' } },
      laboratory: { id: 'lab', chain, lines, nearest: lines, isNamed: true },
      issuer: chain,
      counted: [result],
    };
    assert.equal(new Set(asking(report, policy).flat()).has('stranger'), false);
    return count;
  }

  it('take no more work the more rows a report has, to find out who covers them', () => {
    assert.equal(looks(accreditorsOf, 50, 1).lines, looks(accreditorsOf, 5, 1).lines);
  });

  it('are not compared with a report, to find out who bears its claims', () => {
    assert.equal(looks(claimantsOf, 5, 20).report, looks(claimantsOf, 5, 1).report);
  });
});
