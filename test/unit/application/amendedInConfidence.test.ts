import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describedReport } from '@tracecal/gateway-client/application';
import type { ApplicationError, ReportDescription, Session } from '@tracecal/gateway-client/application';
import { massResult, temperatureResult } from '../../support/hierarchy.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const OLD = 'lab-alpha/p-1';

describe('An amendment of a confidential report', () => {
  after(removeTemporaryFolders);

  /** A session in which the old report keeps its temperatures confidential, and states its masses openly. */
  const session = {
    registry: () => Promise.resolve(`calibration:${'0'.repeat(64)}`),
    reader: () =>
      Promise.resolve({
        getReport: (id: string) =>
          Promise.resolve({
            id,
            body: { parents: [], results: [{ quantity: 'mass' }, { quantity: 'temperature', sealed: true }] },
          }),
      }),
  } as unknown as Session;

  const amended = async (options: Partial<ReportDescription>) => {
    const results = join(temporaryFolder(), 'results.json');
    writeFileSync(results, JSON.stringify([temperatureResult(0.1), massResult(0.1)]));
    const supersedes = { report: OLD, digest: 'a'.repeat(64) };
    const identity = { report: 'lab-alpha/p-2', device: 'oem-a/d', technician: 'lab-alpha/t', supersedes };
    const { report } = await describedReport(session, identity, { results, begin: '2026-03-01', ...options });
    return report.statement.body.results.flatMap(({ quantity, sealed }) => (sealed ? [quantity] : []));
  };

  it('puts confidential numbers on the ledger only when it is asked to', async () => {
    for (const kinds of [{}, { private: ['mass'] }]) {
      await assert.rejects(amended(kinds), ({ code, message }: ApplicationError) => {
        assert.match(message, /^Report lab-alpha\/p-1 keeps temperature confidential, and its amendment would/);
        return code === 'USAGE';
      });
    }
    assert.deepEqual(await amended({ public: true }), []);
    assert.deepEqual(await amended({ private: ['temperature'] }), ['temperature']);
    assert.deepEqual(await amended({ private: true }), ['mass', 'temperature']);
  });
});
