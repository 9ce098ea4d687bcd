import assert from 'node:assert/strict';
import { runInContext } from 'node:vm';
import { golden } from '../../golden/fixtures.js';
import { browserWith, bundled, inBrowser } from '../../support/browser.js';
import { sample } from '../../support/sample.js';

const ABSENT = 'undefined,undefined,undefined';

describe('A browser', () => {
  it('gets the golden verdicts over a map, byte for byte', async function () {
    this.timeout(120_000);
    const { state, verdicts } = golden();
    const code = bundled(`
      import { canonicalJson } from '@tracecal/core/model';
      import { traceCal, traceOptions } from '@tracecal/core/trace';
      import { StateRecords } from '../golden/records.js';

      export function answersOn(state) {
        const records = new StateRecords(new Map(JSON.parse(state)));
        return async (device, options) => canonicalJson(await traceCal(records, device, traceOptions(JSON.parse(options))));
      }
    `);
    const context = browserWith(code);
    assert.equal(runInContext('[typeof Buffer, typeof process, typeof require].join()', context), ABSENT);
    const answersOn = runInContext('bundle.answersOn', context) as (
      state: string,
    ) => (device: string, options: string) => Promise<string>;
    const ask = answersOn(JSON.stringify([...state]));
    for (const { device, options, verdict } of sample(verdicts, 30)) {
      assert.equal(await ask(device, JSON.stringify(options)), verdict, `${device} ${JSON.stringify(options)}`);
    }
  });

  it('downloads at most 380 kB for it', () => {
    const code = bundled("export { traceCal, traceOptions } from '@tracecal/core/trace';");
    assert.ok(code.length < 380_000, `${code.length} bytes`);
  });

  it('reads every entry of the core but the one of private keys, without Node', () => {
    const signing = ['signing', 'signing/curves', 'signing/der'];
    for (const entry of ['platform', 'model', ...signing, 'directives', 'trace', 'open', 'support', 'contracts']) {
      assert.equal(typeof inBrowser(`export * from '@tracecal/core/${entry}';`), 'object', entry);
    }
  });
});
