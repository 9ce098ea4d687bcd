import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceFor, traceCal, traceOptions } from '@tracecal/core/trace';
import type { Exhibit } from '@tracecal/core/trace';
import { BUNDLE_TYPE, bundleText } from '@tracecal/gateway-client/proof/verify';
import type { ProofReport } from '@tracecal/gateway-client/proof/verify';
import { golden } from '../../golden/fixtures.js';
import { StateRecords } from '../../golden/records.js';
import { tracecal } from '../../support/commandLine.js';
import { SEALED } from '../../support/hierarchy.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const SENSOR = 'oem-b/sensor-b';

describe('tracecal proof verify', () => {
  let trust: string;
  let file: string;

  before(async () => {
    // Here, because the folders of earlier tests are removed after these files were loaded.
    const folder = temporaryFolder();
    trust = join(folder, 'trust.json');
    file = join(folder, 'sensor.bundle.json');
    const { roots } = await traceCal(new StateRecords(golden().state), SENSOR, traceOptions({ asOf: SEALED }));
    const named = roots.map(({ organisation: name, sha256 }) => ({ name, sha256 }));
    writeFileSync(trust, JSON.stringify({ type: 'tracecal-trust/1', roots: named, heartbeats: { k: 1 } }));
  });

  after(removeTemporaryFolders);

  /** @param more Further records, which no trace reads. */
  async function bundle(more: readonly Exhibit[] = []): Promise<Buffer> {
    const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: SEALED });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const { channel, exhibits } = await evidenceFor(new StateRecords(golden().state), SENSOR, traceOptions(question));
    const evidence = { channel, exhibits: [...exhibits, ...more] };
    const epoch = { number: 3, opened: SEALED };
    return Buffer.from(bundleText({ type: BUNDLE_TYPE, device: SENSOR, question, epoch, evidence }));
  }

  async function verify(bytes: Buffer) {
    writeFileSync(file, bytes);
    const { code, stdout, stderr } = await tracecal(['proof', 'verify', file, '--trust', trust, '--json']);
    return { code, stderr, report: JSON.parse(stdout) as ProofReport };
  }

  it('takes a bundle as large as one may be that is made, and names the digest of the file', async () => {
    const more = Array.from({ length: 10_000 }, (_, place): Exhibit => ({
      of: ['results', `lab-alpha/${'x'.repeat(200)}`, `mass-${place}`],
      record: null,
    }));
    const bytes = await bundle(more);
    assert.ok(bytes.length > 2_000_000);
    const { code, stderr, report } = await verify(bytes);
    assert.equal(code, 0, stderr);
    assert.equal(report.bundle, createHash('sha256').update(bytes).digest('hex'));
  });

  it('takes no file whose bytes are others than those that were checked', async () => {
    const bytes = await bundle();
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    assert.notEqual((await verify(marked)).code, 0);
    const spoiled = Buffer.from(bytes);
    spoiled[bytes.indexOf('calibration')] = 0xff;
    const { code, stderr } = await verify(spoiled);
    assert.equal(code, 2);
    assert.match(stderr, /is no text in UTF-8: take the file as it was made\./);
  });
});
