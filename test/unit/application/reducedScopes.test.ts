import assert from 'node:assert/strict';
import { instantOf } from '@tracecal/core/model';
import { deliver, reductionItems, renewalItems } from '@tracecal/gateway-client/application';
import { massScope } from '../../support/hierarchy.js';
import { MemoryWorld } from '../../support/memorySession.js';

describe('Accreditations that were reduced', () => {
  it('are not renewed, and whoever tries is told to grant them again', async () => {
    const session = (await MemoryWorld.found([massScope()], [massScope()])).session();
    const until = instantOf(Date.now()).slice(0, 10);
    const { items } = await reductionItems(session, 'lab-alpha', 'nmi-north', { quantity: 'mass', until });
    await deliver(session, items);
    await assert.rejects(renewalItems(session, 'lab-alpha', 'nmi-north', { until: '2099-12-31' }), {
      code: 'INPUT_INVALID',
      message: /^nmi-north has reduced its lines for lab-alpha, .* grant them again with `tracecal scopes grant`\.$/,
    });
  });

  it('are signed where they are, if they come from a file', async () => {
    const session = (await MemoryWorld.found([massScope()], [massScope()])).session();
    const until = instantOf(Date.now()).slice(0, 10);
    const { items } = await reductionItems(session, 'lab-alpha', 'nmi-north', { quantity: 'mass', until });
    const unsigned = items.map(({ statement }) => ({ statement: { ...statement, signatures: [] } }));
    await assert.rejects(deliver(session, unsigned, { from: 'file.json' }), {
      code: 'KEYS_MISSING',
      message: /add theirs with `tracecal statement sign file\.json --as ORGANISATION`\.$/,
    });
  });
});
