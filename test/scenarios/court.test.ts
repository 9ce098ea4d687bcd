import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { trustText } from '@tracecal/gateway-client';
import { exportLog } from '@tracecal/gateway-client/application';
import { auditPage, readEvidence } from '@tracecal/gateway-client/audit';
import type { Audit, AuditComparison, AuditEvidence, Audited, EvidenceReport } from '@tracecal/gateway-client/audit';
import { Block } from '@tracecal/ledger/wire';
import { AuditWorld } from '../support/auditWorld.js';
import { tracecal } from '../support/commandLine.js';
import { engineName } from '../support/engine.js';
import { later } from '../support/hierarchy.js';
import { SENSOR } from '../support/provenDevice.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

const DEVICE = { kind: 'device', id: SENSOR } as const;

/**
 * The exercise of docs/court.md. A laboratory finds an error and revokes the report of a sensor. The owner goes on using the sensor, and
 * there is an accident. The insurer says: the owner could know. The owner says: nothing was revoked.
 */
describe(`A court decides between two audits [${engineName}]`, function () {
  this.timeout(300_000);
  let world: AuditWorld;
  let folder: string;
  let trust: string;
  let log: string;
  let revocation: string;
  let accident: Instant;
  let beforehand: Audited;
  let insurer: Audited;

  const file = (name: string) => join(folder, name);
  const write = (name: string, text: string): string => {
    writeFileSync(file(name), text);
    return file(name);
  };

  before(async () => {
    folder = temporaryFolder();
    world = await AuditWorld.start();
    const { registry } = world.proven;
    beforehand = await world.audit('oem-a', DEVICE);
    const registered = await registry.now();
    const found = beforehand.audit.transactions.flatMap(({ statements }) => statements);
    const { subject } = found.find(({ what }) => what === 'report')!;
    const against = { reason: 'calibration-error', registered, effective: registered } as const;
    await registry.submit(registry.hierarchy.addStatement('revocation', ['report', subject.id], against), 'nmi-north');
    await world.proven.beat('nmi-north');
    accident = later((await (await registry.as('nmi-north')).getEpoch()).opened, 0);
    insurer = await world.audit('lab-alpha', DEVICE, { provenance: true, knownAt: accident });
    revocation = insurer.audit.transactions.find(({ called }) => called === 'revoke')!.txId;
    trust = write('trust.json', trustText(await world.trust()));
    log = file('log');
    await exportLog(await registry.as('nmi-east'), log);
    write('insurer.audit.json', JSON.stringify(insurer.audit));
    write('insurer.evidence.json', insurer.evidence());
    write('insurer.html', auditPage(insurer.audit));
  });

  after(async () => {
    await (world as AuditWorld | undefined)?.stop();
    removeTemporaryFolders();
  });

  const verify = async (evidence: string, ...more: readonly string[]) => {
    const { code, stdout } = await tracecal([
      ...['proof', 'verify', evidence, '--trust', trust, '--data', file('nothing'), '--json'],
      ...more,
    ]);
    return { code, report: JSON.parse(stdout) as EvidenceReport };
  };
  const withoutRevocation = (audit: Audit): Audit => ({
    ...audit,
    known: null,
    provenance: null,
    transactions: audit.transactions.filter(({ txId }) => txId !== revocation),
  });
  /** What the owner hands in. */
  const forged = (change: (evidence: AuditEvidence) => AuditEvidence): string =>
    write('owner.evidence.json', canonicalJson(change(readEvidence(insurer.evidence()))));

  it('reads in the audit that the report was revoked before the accident, and what the ledger held at each moment', async () => {
    const { known, transactions } = insurer.audit;
    const { registered, block, submitter } = transactions.find(({ txId }) => txId === revocation)!;
    assert.ok(registered! <= accident, `${registered} ${accident}`);
    assert.ok(block > 0 && submitter.mspId === 'NmiNorthMSP');
    assert.equal(known?.then?.status, 'FAILED');
    const day = await world.audit('lab-alpha', DEVICE, { knownAt: later(registered!, -1) });
    assert.equal(day.audit.known?.then?.status, 'TRACEABLE');
    assert.match(readFileSync(file('insurer.html'), 'utf8'), /<strong>FAILED<\/strong>/);
  });

  it('learns nothing from the pages: anybody can write one', () => {
    const page = auditPage(withoutRevocation(insurer.audit));
    assert.doesNotMatch(page, /revocation/);
    assert.match(page, /This page proves nothing by itself/);
  });

  it('finds that the audits of the two parties contradict each other', async () => {
    const owner = write('owner.audit.json', JSON.stringify(withoutRevocation(insurer.audit)));
    const { code, stdout } = await tracecal(['audit', 'compare', owner, file('insurer.audit.json'), '--json']);
    const { consistent, differences } = JSON.parse(stdout) as AuditComparison;
    assert.deepEqual([code, consistent, differences.length], [1, false, 1]);
    assert.equal(differences[0]?.txId, revocation);
  });

  it("accepts the insurer's evidence", async () => {
    const { code, report } = await verify(
      file('insurer.evidence.json'),
      '--log',
      log,
      '--require',
      'recorded',
      'fresh',
    );
    assert.deepEqual(report.contradictions, []);
    assert.equal(code, 0, JSON.stringify(report.tiers));
  });

  it('rejects an audit that leaves the revocation out, beside the blocks that hold it', async () => {
    const { code, report } = await verify(forged((own) => ({ ...own, audit: withoutRevocation(own.audit) })));
    assert.equal(code, 1);
    assert.match(report.contradictions.join(), new RegExp(`${revocation}.*leaves it out`));
  });

  it('rejects one that leaves the block out as well, by the change log that the institutes signed', async () => {
    const { block } = insurer.audit.transactions.find(({ txId }) => txId === revocation)!;
    const others = (blocks: readonly string[]) =>
      blocks.filter((each) => Block.decode(Buffer.from(each, 'base64')).header?.number !== block);
    const silent = forged((own) => ({ ...own, audit: withoutRevocation(own.audit), blocks: others(own.blocks) }));
    assert.equal((await verify(silent)).code, 0, 'without the change log nobody can know');
    const { code, report } = await verify(silent, '--log', log);
    assert.equal(code, 1);
    assert.match(report.contradictions.join(), new RegExp(`change log names transaction ${revocation}.*leaves it out`));
  });

  it('rejects one in which the revocation came after the accident', async () => {
    const moved = (audit: Audit): Audit => ({
      ...audit,
      transactions: audit.transactions.map((each) =>
        each.txId === revocation ? { ...each, registered: later(accident, 3600), time: later(accident, 3600) } : each,
      ),
    });
    const { code, report } = await verify(forged((own) => ({ ...own, audit: moved(own.audit) })));
    assert.equal(code, 1);
    assert.match(report.contradictions.join(), /otherwise than block/);
  });

  it('rejects one in which the ledger refused the revocation', async () => {
    const refused = (audit: Audit): Audit => ({
      ...audit,
      transactions: audit.transactions.map((each) =>
        each.txId === revocation ? { ...each, registered: null, validity: 'MVCC_READ_CONFLICT' } : each,
      ),
    });
    const { code, report } = await verify(
      forged((own) => ({ ...own, audit: refused(own.audit) })),
      '--log',
      log,
    );
    assert.equal(code, 1);
    assert.match(report.contradictions.join(), /it was valid, and the audit calls it refused/);
  });

  it('rejects a block that somebody wrote anew', async () => {
    const { code } = await verify(
      forged((own) => {
        const bytes = Buffer.from(own.blocks.at(-1)!, 'base64');
        bytes.set([bytes[bytes.length >> 1]! ^ 1], bytes.length >> 1);
        return { ...own, blocks: own.blocks.with(-1, bytes.toString('base64')) };
      }),
    );
    assert.equal(code, 1);
  });

  it('finds an honest audit from before the revocation true, and too old', async () => {
    const old = write('old.evidence.json', beforehand.evidence());
    const { code, report } = await verify(old, '--log', log, '--require', 'fresh');
    assert.deepEqual([code, report.contradictions, report.tiers.recorded.holds], [8, [], true]);
    assert.match(report.tiers.fresh.shows, new RegExp(`lacks transaction ${revocation}`));
  });
});
