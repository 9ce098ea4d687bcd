import { ROUTES } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { officerA, statementAbout, TestApi } from '../../../support/monitor/api.js';
import { instrumentOf, MemoryData } from '../../../support/monitor/site.js';
import { asyncProperty } from '../../../support/property.js';
import { removeTemporaryFolders } from '../../../support/temporaryFolder.js';

const POSTED = ROUTES.filter(({ method }) => method === 'POST');
const EXPECTED = [200, 400, 401, 404, 422];
const FAST = { perSecond: 1e6, burst: 1e6 };

describe('The API of a monitor, asked anything', () => {
  let api: TestApi;

  before(async () => {
    const limits = { user: FAST, operator: FAST, total: FAST };
    api = await TestApi.open(new MemoryData([instrumentOf('oem/T1')]), { limits });
  });
  after(() => api.close());
  after(removeTemporaryFolders);

  /** With an error that has a code and one line, as the description says, and never by a failure inside. */
  async function ask(method: 'GET' | 'POST', url: string, body?: unknown): Promise<void> {
    const answered = await api.ask(officerA, { method, url, ...(body !== undefined && { body }) });
    assert.ok(EXPECTED.includes(answered.status), `${method} ${url} ${JSON.stringify(body)}: ${answered.text}`);
    if (answered.status === 200) return;
    assert.match(String(answered.body['code']), /^[A-Z_]+$/);
    assert.doesNotMatch(String(answered.body['message']), /\n/);
  }

  it('answers as it says for random bodies', async () => {
    const members = fc.constantFrom(
      'item',
      'bundle',
      'output',
      'observation',
      'outcome',
      'delegation',
      'revocation',
      '__proto__',
    );
    const bodies = fc.oneof(
      fc.dictionary(members, fc.oneof(fc.jsonValue(), fc.string(), fc.constant(statementAbout('oem/T1').item))),
      fc.array(fc.jsonValue()),
    );
    await asyncProperty(fc.tuple(fc.constantFrom(...POSTED), bodies), async ([{ path }, body]) => {
      await ask('POST', path.replace('{device}', 'oem%2FT1'), body);
    });
  });

  it('answers as it says for random ids and queries', async () => {
    const queries = fc.dictionary(fc.constantFrom('limit', 'after', 'asOf', 'at', 'quantity', 'x'), fc.string());
    const gets = fc.constantFrom(...ROUTES.filter(({ method }) => method === 'GET'));
    await asyncProperty(
      fc.tuple(gets, fc.string({ minLength: 1, maxLength: 130 }), queries),
      async ([{ path }, id, query]) => {
        const encoded = encodeURIComponent(id.toWellFormed());
        await ask('GET', `${path.replace('{device}', encoded)}?${new URLSearchParams(query).toString()}`);
      },
    );
  });
});
