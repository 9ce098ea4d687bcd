import assert from 'node:assert/strict';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { golden } from '../../golden/fixtures.js';

/** What every browser has and Node has as well; nothing else of Node is there. */
const BROWSER = { TextEncoder, TextDecoder, atob, btoa };
const ABSENT = 'undefined,undefined,undefined';

/** Everything that a trace needs, as a bundler makes it for a browser. */
function bundled(contents: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: __dirname },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'bundle',
    minify: true,
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

describe('A browser', () => {
  it('gets the golden verdicts over a map, byte for byte', async function () {
    this.timeout(120_000);
    const context = createContext({ ...BROWSER });
    const { state, verdicts } = golden();
    const code = bundled(`
      import { canonicalJson } from '@tracecal/core/model';
      import { traceCal, traceOptions } from '@tracecal/core/trace';
      import { StateRecords } from '../../golden/records.js';

      export function answersOn(state) {
        const records = new StateRecords(new Map(JSON.parse(state)));
        return async (device, options) => canonicalJson(await traceCal(records, device, traceOptions(JSON.parse(options))));
      }
    `);
    runInContext(code, context);
    assert.equal(runInContext('[typeof Buffer, typeof process, typeof require].join()', context), ABSENT);
    const answersOn = runInContext('bundle.answersOn', context) as (
      state: string,
    ) => (device: string, options: string) => Promise<string>;
    const ask = answersOn(JSON.stringify([...state]));
    for (const { device, options, verdict } of verdicts) {
      assert.equal(await ask(device, JSON.stringify(options)), verdict, `${device} ${JSON.stringify(options)}`);
    }
  });

  it('downloads at most 360 kB for it', () => {
    const code = bundled("export { traceCal, traceOptions } from '@tracecal/core/trace';");
    assert.ok(code.length < 360_000, `${code.length} bytes`);
  });

  it('reads every entry of the core but the one of private keys, without Node', () => {
    for (const entry of ['platform', 'model', 'signing', 'signing/der', 'trace', 'open', 'support', 'contracts']) {
      const code = bundled(`export * from '@tracecal/core/${entry}';`);
      assert.equal(runInContext(`${code};typeof bundle`, createContext({ ...BROWSER })), 'object', entry);
    }
  });
});
