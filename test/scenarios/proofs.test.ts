import assert from 'node:assert/strict';
import { trustedRoots } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import { bundleText, verifyBundle } from '@tracecal/gateway-client/proof';
import type { Bundle, ProofReport } from '@tracecal/gateway-client/proof';
import { engineName } from '../support/engine.js';
import { INSTITUTE_MSPS, OTHER_SENSOR, ProvenDevice, SENSOR } from '../support/provenDevice.js';

/** The same expectations of an answer that peers of real Fabric endorsed and of the embedded network's. */
describe(`Proofs from a network [${engineName}]`, function () {
  this.timeout(240_000);
  let proven: ProvenDevice;
  let trust: Trust;

  before(async () => {
    proven = await ProvenDevice.start();
    trust = await proven.trust();
  });

  after(async () => {
    await (proven as ProvenDevice | undefined)?.stop();
  });

  const check = (bundle: Bundle, asked: object = {}): Promise<ProofReport> =>
    verifyBundle(bundleText(bundle), {
      roots: trustedRoots(trust),
      endorsers: trust.endorsers,
      channel: trust.channel,
      ...asked,
    });

  it('An answer is endorsed by peers of all institutes, for one question with its nonce', async () => {
    const { bundle, endorsedBy } = await proven.endorsed(SENSOR, { nonce: 'from-the-insurer' });
    assert.deepEqual(endorsedBy, INSTITUTE_MSPS);
    const { tiers, notChecked, verdict } = await check(bundle, { nonce: 'from-the-insurer' });
    assert.equal(verdict.status, 'TRACEABLE', verdict.reason);
    assert.equal(tiers.endorsed.holds, true, tiers.endorsed.shows);
    assert.deepEqual(tiers.endorsed.by, INSTITUTE_MSPS);
    const asked = Date.parse(tiers.endorsed.asOf ?? '');
    assert.ok(Math.abs(Date.now() - asked) < 15 * 60_000, tiers.endorsed.asOf);
    assert.deepEqual(notChecked, [
      `whether anything has changed since the peers answered (${tiers.endorsed.asOf ?? ''})`,
      `whether ${verdict.registry} is the registry that you mean: your trust file names none`,
    ]);
    assert.equal((await check(bundle, { nonce: 'another' })).tiers.endorsed.holds, false);
  });

  it('An answer of FAILED is endorsed, too', async () => {
    const { bundle } = await proven.endorsed('oem-a/nothing-registered');
    const { tiers, verdict } = await check(bundle);
    assert.equal(verdict.status, 'FAILED');
    assert.deepEqual([tiers.chain.holds, tiers.endorsed.holds], [false, true], tiers.endorsed.shows);
  });

  it('Bundles stand in a block that the orderers signed, all under one root', async () => {
    const first = await proven.chain();
    const { bundle: second } = await proven.endorsed(OTHER_SENSOR);
    const { bundles, block, transactions } = await proven.recorded([first, second, first]);
    assert.ok(block > 0 && transactions > 0);
    for (const bundle of bundles) {
      const { tiers } = await check(bundle);
      assert.equal(tiers.recorded.holds, true, tiers.recorded.shows);
      assert.match(
        tiers.recorded.shows,
        new RegExp(`among 3, in block ${block} of calibration, signed by [34] of 4 orderers, of whom 1 may be faulty`),
      );
      assert.ok(tiers.recorded.by!.length >= 3);
    }
    assert.equal((await check(bundles[1]!)).tiers.endorsed.holds, true, 'one bundle may show all of them');
  });
});
