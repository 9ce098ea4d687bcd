import assert from 'node:assert/strict';
import type { Anchor } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, RELAY, submit } from '../../support/registry.js';

describe('Anchored digests of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let report: Item;
  let proof: Omit<Anchor, 'registered'>;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    const spec = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    report = hierarchy.draft({ ...spec, performed: '2025-12-20' });
    const { jws } = hierarchy.recordOf('sensor-a-r1').statement;
    const { root, index, size, path } = hierarchy.anchorOf([jws, report.statement, jws], 1, ledger.now);
    proof = { root, index, size, path };
  });

  const anchor = (root: string) => ledger.submit(RELAY, 'anchor', root);
  const trace = () => ask<Verdict>(ledger, 'traceCal', 'oem-a/sensor-a', '{}');
  const HALF_A_YEAR = 180 * 86_400;

  it('date a report that is registered when the device is sold by the day on which they were anchored', async () => {
    const anchored = ledger.now;
    const { event } = await anchor(proof.root);
    assert.equal(event?.name, 'Anchored');
    ledger.now = later(anchored, HALF_A_YEAR);
    await submit(ledger, { ...report, anchor: proof });
    const { status, edges } = await trace();
    assert.deepEqual([status, edges[0]?.report, edges[0]?.registered], ['TRACEABLE', 'oem-a/next', anchored]);
  });

  it('keep what was signed with a key that was replaced before the report is registered', async () => {
    await anchor(proof.root);
    ledger.now = later(ledger.now, 86_400);
    await submit(ledger, hierarchy.seal(ledger.now));
    const registered = ledger.now;
    await submit(ledger, await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', registered }));
    await submit(ledger, await hierarchy.renewDevice('working-a', { registered }));
    ledger.now = later(ledger.now, HALF_A_YEAR);
    await refuses(submit(ledger, report), 'SIGNATURE_INVALID', /t-oem-a/);
    await submit(ledger, { ...report, anchor: proof });
    const { status, edges } = await trace();
    assert.deepEqual([status, edges[0]?.report], ['TRACEABLE', 'oem-a/next']);
  });

  it('keep what was signed before its technician was authorised for less', async () => {
    await anchor(proof.root);
    ledger.now = later(ledger.now, 86_400);
    await submit(ledger, hierarchy.seal(ledger.now));
    const narrower = { quantities: ['mass'], sameKeyAs: 'technician:t-oem-a', registered: ledger.now };
    await submit(ledger, await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', ...narrower }));
    ledger.now = later(ledger.now, 3600);
    await submit(ledger, hierarchy.seal(ledger.now));
    await refuses(submit(ledger, report), 'NOT_AUTHORISED', /may not sign for temperature/);
    await submit(ledger, { ...report, anchor: proof });
    const { status, edges } = await trace();
    assert.deepEqual([status, edges[0]?.report], ['TRACEABLE', 'oem-a/next']);
  });

  it('are missed by a report that is registered without them: it is a transcription', async () => {
    await anchor(proof.root);
    ledger.now = later(ledger.now, HALF_A_YEAR);
    await submit(ledger, report);
    assert.equal((await trace()).status, 'ATTESTED');
  });

  it('are refused where no such root is on the ledger, or the path leads to another one', async () => {
    await refuses(submit(ledger, { ...report, anchor: proof }), 'NOT_FOUND', /no anchor/);
    await anchor(proof.root);
    for (const changes of [{ index: 0 }, { index: 2 }, { size: 2 }, { path: proof.path.slice(1) }, { path: [] }]) {
      const wrong = { ...report, anchor: { ...proof, ...changes } };
      await refuses(submit(ledger, wrong), 'INPUT_INVALID', /the path does not lead/);
    }
    await submit(ledger, { ...report, anchor: proof });
  });

  it('are entered once, as a Merkle root and nothing else, under the open epoch', async () => {
    await anchor(proof.root);
    await refuses(anchor(proof.root), 'ALREADY_EXISTS', /is anchored since/);
    await refuses(anchor('root'), 'INPUT_INVALID', /64 lower-case hexadecimal digits/);
    const { reads } = await ledger.simulate(RELAY, 'anchor', 'c'.repeat(64));
    assert.ok(reads.includes('\u0000epoch\u0000'));
  });
});
