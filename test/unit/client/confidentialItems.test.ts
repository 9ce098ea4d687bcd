import assert from 'node:assert/strict';
import { TraceCal } from '@tracecal/gateway-client';
import type { Item } from '@tracecal/gateway-client';
import { failsWith } from '../../support/clientFailure.js';
import { FakeGateway } from '../../support/fakeGateway.js';
import { massResult, temperatureResult, twoCountries } from '../../support/hierarchy.js';

/** A peer that refuses results has read them already. */
describe('Confidential results stay out of what is sent', () => {
  const { ledger, calls } = new FakeGateway({});
  const tracecal = new TraceCal(ledger, 'registry', () => undefined);
  let item: Item;
  const temperature = temperatureResult(0.25);
  const mass = massResult(0.01);

  before(async () => {
    const hierarchy = await twoCountries();
    const report = { id: 'private', device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    item = hierarchy.addReport({ ...report, results: [mass, temperature], sealed: ['temperature'] });
  });

  afterEach(() => {
    assert.deepEqual(calls, [], 'nothing travels');
  });

  const mistakes: Readonly<Record<string, (item: Item) => object>> = {
    'beside those that are public': (own) => ({ ...own, results: [mass, temperature] }),
    'in what their issuer keeps': (own) => ({ ...own, sealed: [{ quantity: 'temperature', leaves: [] }] }),
    'under another name': (own) => ({ ...own, confidential: [temperature] }),
  };

  for (const [where, mistake] of Object.entries(mistakes)) {
    it(where, async () => {
      for (const send of ['createReport', 'amendReport', 'submitStatements'] as const) {
        const sent = tracecal[send]([mistake(item) as Item]);
        await assert.rejects(sent, failsWith('INPUT_INVALID', /would read it|confidential/));
      }
    });
  }
});
