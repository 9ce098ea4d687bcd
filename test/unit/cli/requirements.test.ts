import assert from 'node:assert/strict';
import type { Requirements } from '@tracecal/core/model';
import { PLAIN, requirementLines, traceTree } from '@tracecal/cli';
import { changedRequirements } from '@tracecal/gateway-client/application';
import { twoCountries } from '../../support/hierarchy.js';

describe("An owner's requirements, changed on the command line", () => {
  const before: Requirements = { intervals: [{ quantity: 'mass', days: 730 }], intervalDays: 365, graceDays: 14 };

  it('keeps what is not named, and takes away what is none', () => {
    const days = new Map<string, number | null>([
      ['torque', 90],
      ['force', 180],
      ['mass', null],
    ]);
    const after = changedRequirements(before, { days, graceDays: null, accreditation: 'accept' });
    assert.deepEqual(after, {
      intervals: [
        { quantity: 'force', days: 180 },
        { quantity: 'torque', days: 90 },
      ],
      intervalDays: 365,
      accreditation: 'accept',
    });
  });

  it('can take away all intervals', () => {
    const days = new Map([
      ['', null],
      ['mass', null],
    ]);
    assert.deepEqual(changedRequirements(before, { days }), { graceDays: 14 });
  });

  it('is a line for each', () => {
    assert.deepEqual(
      requirementLines({
        ...before,
        dueSoonDays: 1,
        accreditation: 'refuse',
        conformity: 'conforms',
        minimumTur: 4,
        strict: ['conformity', 'transcription'],
        maxAgeSeconds: 7200,
      }),
      [
        'interval of mass: 730 days',
        'interval of other kinds: 365 days',
        'grace: 14 days past an interval',
        'due soon: from 1 day before',
        'accreditation in place of a chain: refused, INCOMPLETE',
        'conformity: the certificate has to show that it conforms',
        'test uncertainty ratio: at least 4',
        'not even a note of: conformity, transcription',
        'newest heartbeat: at most 2 h old',
      ],
    );
  });
});

describe("An owner's requirements, in a trace on a terminal", () => {
  const EARLY = { registered: '2024-12-02T00:00:00Z' };

  async function shown(body?: Requirements): Promise<string> {
    const hierarchy = await twoCountries();
    if (body) hierarchy.require('oem-a', body, EARLY);
    return traceTree(await hierarchy.trace('sensor-a'), PLAIN);
  }

  it('is that nobody says when it is due, where nobody does', async () => {
    assert.match(await shown(), /\n {2}no interval is set: nobody says when it is due\n/);
    assert.doesNotMatch(await shown(), /requires/);
  });

  it('is until when each result may be relied on, and whether it is as required', async () => {
    const text = await shown({ intervalDays: 360 });
    assert.match(text, /TRACEABLE · to nmi-north · due 2026-01-08, soon/);
    assert.match(text, /\n {2}fulfils what oem-a requires \(statement 1\)\n/);
    assert.doesNotMatch(text, /no interval/);
  });

  it('lists what is not fulfilled, with the reason', async () => {
    const text = await shown({ intervalDays: 350, graceDays: 20, conformity: 'stated' });
    assert.match(text, /due 2025-12-29, overdue, grace until 2026-01-18/);
    assert.match(text, /\n {2}does not fulfil what oem-a requires \(statement 1\)\n {4}conformity: Result Temperature/);
  });
});
