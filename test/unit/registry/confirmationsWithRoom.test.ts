import assert from 'node:assert/strict';
import type { Verdict } from '@tracecal/core/trace';
import { temperatureResult, transcribing, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const OF_NORTH = { number: 'N-1', laboratory: 'The nmi-north', country: 'DE', issuer: 'nmi-north' };
const MANY = 66;

describe('A laboratory with many organisations that it certifies', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let operators: readonly string[];

  beforeEach(async () => {
    hierarchy = await twoCountries();
    operators = Array.from({ length: MANY }, (_, place) => `op-${place}`);
    for (const id of operators) {
      await hierarchy.addOrganisation({ id, kind: 'OPERATOR', certifiedBy: 'lab-beta' });
    }
    ledger = await registryOf(hierarchy);
    const report = { device: 'reference-a', technician: 't-lab-alpha', performed: '2025-12-20' };
    const results = [temperatureResult(0.02)];
    await submit(ledger, hierarchy.addReport({ ...report, id: 'old', results, stated: transcribing(OF_NORTH) }));
  });

  const status = async () => (await ask<Verdict>(ledger, 'traceCal', 'lab-alpha/reference-a', {})).status;
  const confirm = (author: string, equal = true) => submit(ledger, hierarchy.confirm(author, 'old', { equal }));
  const kept = async () => (await ask<readonly unknown[]>(ledger, 'getConfirmations', 'lab-alpha/old')).length;

  /** What of all that they say the registry takes. */
  const flood = async (equal: boolean): Promise<void> => {
    for (const operator of operators) {
      await confirm(operator, equal).catch(() => undefined);
    }
  };

  it('leaves room for all others, and for its own word', async () => {
    await flood(true);
    assert.equal(await kept(), 2);
    await confirm('lab-beta');
    await confirm('nmi-south');
    assert.equal(await status(), 'ATTESTED');
    await confirm('nmi-east');
    assert.equal(await status(), 'TRACEABLE');
  });

  it('cannot keep others from taking back what they confirmed', async () => {
    await confirm('nmi-south');
    await confirm('nmi-east');
    await flood(false);
    await confirm('nmi-east', false);
    assert.equal(await status(), 'ATTESTED');
    assert.equal(await kept(), 3);
  });

  it('takes back nothing that was not said, or is taken back', async () => {
    await refuses(confirm('lab-beta', false), 'INPUT_INVALID', /lab-beta has not confirmed report lab-alpha\/old/);
    await confirm('lab-beta');
    await confirm('lab-beta', false);
    await refuses(confirm('lab-beta', false), 'INPUT_INVALID', /nothing to take back/);
  });
});

describe('A trace', () => {
  it('hears a withdrawal whatever was said before it', async () => {
    const hierarchy = await twoCountries();
    const report = { device: 'reference-a', technician: 't-lab-alpha', performed: '2025-12-20' };
    const results = [temperatureResult(0.02)];
    hierarchy.addReport({ ...report, id: 'old', results, stated: transcribing(OF_NORTH) });
    hierarchy.confirm('nmi-south', 'old');
    hierarchy.confirm('nmi-east', 'old');
    assert.equal((await hierarchy.trace('reference-a')).status, 'TRACEABLE');
    for (let said = 0; said < 300; said += 1) {
      hierarchy.confirm('lab-beta', 'old', { equal: false });
    }
    hierarchy.confirm('nmi-east', 'old', { equal: false });
    assert.equal((await hierarchy.trace('reference-a')).status, 'ATTESTED');
  });
});
