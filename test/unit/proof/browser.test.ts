import assert from 'node:assert/strict';
import { canonicalJson } from '@tracecal/core/model';
import { evidenceFor, traceCal, traceOptions } from '@tracecal/core/trace';
import { BUNDLE_TYPE, bundleText, verifyBundle } from '@tracecal/gateway-client/proof/verify';
import type { Asked } from '@tracecal/gateway-client/proof/verify';
import { golden } from '../../golden/fixtures.js';
import { StateRecords } from '../../golden/records.js';
import { bundled, inBrowser } from '../../support/browser.js';
import { SEALED } from '../../support/hierarchy.js';

const SENSOR = 'oem-a/sensor-a';

describe('A bundle in a browser', () => {
  it('gives the same report as on Node', async function () {
    this.timeout(60_000);
    const records = new StateRecords(golden().state);
    const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: SEALED });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const { roots } = await traceCal(records, SENSOR, traceOptions(question));
    const epoch = { number: 3, opened: SEALED };
    const evidence = await evidenceFor(records, SENSOR, traceOptions(question));
    const text = bundleText({ type: BUNDLE_TYPE, device: SENSOR, question, epoch, evidence });
    const asked = JSON.stringify({ roots: roots.map(({ sha256 }) => sha256) });

    const page = inBrowser(`
      import { canonicalJson } from '@tracecal/core/model';
      import { verifyBundle } from '@tracecal/gateway-client/proof/verify';
      export const check = async (text, asked) => canonicalJson(await verifyBundle(text, JSON.parse(asked)));
    `) as { check(text: string, asked: string): Promise<string> };
    const here = await verifyBundle(text, JSON.parse(asked) as Asked);
    assert.equal(here.tiers.chain.holds, true);
    assert.equal(await page.check(text, asked), canonicalJson(here));
  });

  // Nearly all of it decides a verdict: 221 kB of the trace, 69 kB of the model with its kinds of quantity, 65 kB of Fabric's rules, 54 kB of
  // cryptography, 33 kB of proofs and trust, 9 kB of shapes. Sentences are 66 kB of that.
  it('is checked by one file of at most 500 kB', () => {
    const code = bundled("export * from '@tracecal/gateway-client/proof/verify';");
    assert.ok(Buffer.byteLength(code) <= 500_000, `${Buffer.byteLength(code)} bytes`);
  });
});
