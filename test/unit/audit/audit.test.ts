import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { canonicalJson } from '@tracecal/core/model';
import type { TraceCalError, Trust } from '@tracecal/gateway-client';
import {
  auditOf,
  auditPage,
  compareAudits,
  readAudit,
  readEvidence,
  verifyEvidence,
} from '@tracecal/gateway-client/audit';
import type { Audit, Audited } from '@tracecal/gateway-client/audit';
import type { LogFiles } from '@tracecal/gateway-client/proof/verify';
import { Follower } from '@tracecal/gateway-client/replica';
import { Block } from '@tracecal/ledger/wire';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { AuditWorld } from '../../support/auditWorld.js';
import { embeddedEngine } from '../../support/engineEmbedded.js';
import { later } from '../../support/hierarchy.js';
import { SENSOR } from '../../support/provenDevice.js';
import { definitionsOutside, peerOf } from '../../support/replica/recordedChain.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const DEVICE = { kind: 'device', id: SENSOR } as const;

describe('An audit', function () {
  this.timeout(240_000);
  let world: AuditWorld;
  let early: Audited;
  let late: Audited;
  let trust: Trust;
  let log: LogFiles;
  let twice: readonly string[];
  let known: string;
  let pretended: string;

  before(async () => {
    world = await AuditWorld.start(embeddedEngine);
    const { registry } = world.proven;
    early = await world.audit('oem-a', DEVICE, { provenance: true });
    known = await registry.now();
    const report = early.audit.transactions
      .flatMap(({ statements }) => statements)
      .find(({ what }) => what === 'report')!;
    const item = registry.hierarchy.addStatement('revocation', ['report', report.subject.id], {
      reason: 'calibration-error',
      registered: known,
      effective: known,
    });
    twice = await world.submitTwice('revoke', item);
    const lie = registry.hierarchy.addStatement('revocation', ['device', SENSOR], { reason: 'fraud' });
    pretended = await world.submitAside('org.hyperledger.fabric:GetMetadata', [lie]);
    // What comes later stands under another configuration of the channel.
    await registry.network.changeMembers({ leave: 'lab-beta', endorsement: {} });
    await world.proven.beat('nmi-north');
    const registered = (await world.audit('oem-a', DEVICE)).audit.transactions.find(({ txId }) => txId === twice[0])!;
    late = await world.audit('oem-a', DEVICE, { provenance: true, knownAt: later(registered.registered!, -1) });
    trust = await world.trust();
    log = await world.log();
  });

  after(async () => {
    await (world as AuditWorld | undefined)?.stop();
    removeTemporaryFolders();
  });

  const asOf = '2100-01-01T00:00:00Z';
  const verify = (evidence: string, more: object = {}) => verifyEvidence(evidence, { trust, asOf, ...more });
  const changed = (evidence: string, change: (audit: Audit) => Audit) => {
    const read = readEvidence(evidence);
    return canonicalJson({ ...read, audit: change(read.audit) });
  };

  it('shows all that the history of the registry shows, and who signed, submitted and endorsed it', async () => {
    const reader = await world.proven.registry.as('oem-a');
    const shown = new Map(late.audit.transactions.map((each) => [each.txId, each]));
    let count = 0;
    for await (const { txId, time, epoch } of reader.history(DEVICE)) {
      const transaction = shown.get(txId);
      assert.ok(transaction, txId);
      assert.deepEqual([transaction.registered, transaction.epoch?.number], [time, epoch]);
      count += 1;
    }
    assert.ok(count > 1);
    const [imprint] = late.audit.transactions;
    assert.deepEqual(imprint?.statements[0]?.what, 'device');
    assert.ok(imprint.statements[0].signers.includes(`device:${SENSOR}`));
    assert.match(imprint.submitter.mspId, /MSP$/);
    assert.match(imprint.submitter.certificateSha256, /^[0-9a-f]{64}$/);
    assert.ok(imprint.endorsers.length >= 2);
  });

  it('shows no statement that a valid transaction brought along and nobody registered', () => {
    const { transactions } = late.audit;
    assert.deepEqual(
      transactions.filter(({ txId }) => txId === pretended),
      [],
    );
    const all = transactions.flatMap(({ statements }) => statements);
    assert.ok(all.every(({ details }) => details.reason !== 'fraud'));
  });

  it('says of a refused transaction that nobody checked its signatures', () => {
    const page = auditPage(late.audit);
    assert.match(page, /names as signers, and nobody checked it: officer:oem-a\/officer/);
  });

  it('shows a transaction that the ledger refused, and why', () => {
    const [first, second] = twice.map((txId) => late.audit.transactions.find((each) => each.txId === txId));
    assert.deepEqual([first?.validity, second?.validity], ['VALID', 'MVCC_READ_CONFLICT']);
    assert.equal(second?.registered, null);
    assert.equal(second.statements[0]?.details.reason, 'calibration-error');
  });

  it('says which seals stand around an epoch', () => {
    const { epoch } = late.audit.transactions.find(({ txId }) => txId === twice[0])!;
    assert.equal(epoch?.sealed?.by, 'nmi-north');
    assert.ok(epoch.sealed.block > 0);
  });

  it('shows the verdict of a moment beside that of today', () => {
    const { device, then, today } = late.audit.known!;
    assert.deepEqual([device, then?.status, today?.status], [SENSOR, 'TRACEABLE', 'FAILED']);
  });

  it('of a person, an organisation and a report shows what they signed, and what was said about them', async () => {
    const report = late.audit.transactions.find(({ called }) => called === 'revoke')!.statements[0]!.subject.id;
    const ofReport = (await world.audit('oem-a', { kind: 'report', id: report })).audit;
    assert.ok(ofReport.transactions.some(({ statements }) => statements.some(({ what }) => what === 'acceptance')));
    const [technician] = ofReport.transactions
      .flatMap(({ statements }) => statements)
      .flatMap(({ signers }) => signers.filter((signer) => signer.startsWith('technician:')));
    const person = (await world.audit('oem-a', { kind: 'person', id: technician!.slice('technician:'.length) })).audit;
    const whats = person.transactions.flatMap(({ statements }) => statements.map(({ what }) => what));
    assert.ok(whats.includes('authorisation') && whats.includes('report'), whats.join());
    const organisation = (await world.audit('oem-a', { kind: 'organisation', id: 'oem-a' })).audit;
    const concerns = new Set(
      organisation.transactions.flatMap(({ statements }) => statements.flatMap((each) => each.concerns)),
    );
    assert.ok(concerns.has('subject') && concerns.has('author'));
  });

  it('is refused for what no transaction concerns', async () => {
    await assert.rejects(
      world.audit('oem-a', { kind: 'device', id: 'oem-a/nothing' }),
      (error: TraceCalError) => error.code === 'NOT_FOUND',
    );
  });

  it('is the same from a replica with whole blocks, which asks nobody', async () => {
    const { registry } = world.proven;
    const replica = join(temporaryFolder(), 'replica');
    const peers = [await peerOf(registry, 'oem-a')];
    const follow = async (folder: string, more: object = {}) => {
      const follower = new Follower({
        replica: folder,
        peers,
        definitions: definitionsOutside(registry.network),
        ...more,
      });
      await follower.catchUp().finally(() => follower.close());
    };
    await follow(replica, { keepBlocks: true });
    await follow(replica);
    const { audit, evidence } = await auditOf({ subject: DEVICE, from: { replica }, provenance: true });
    assert.deepEqual(audit, { ...late.audit, known: null });
    assert.equal(evidence(), late.evidence());
    const without = join(temporaryFolder(), 'replica');
    await follow(without);
    const missing = (error: TraceCalError) => error.code === 'REPLICA_WITHOUT_BLOCKS';
    await assert.rejects(auditOf({ subject: DEVICE, from: { replica: without } }), missing);
    await assert.doesNotReject(follow(without));
  });

  it('tells where a device comes from, whose it was, and where it was calibrated', () => {
    const { maker, owners, stays } = late.audit.provenance!;
    assert.ok(maker && maker.serial !== '');
    assert.equal(owners[0]?.organisation, 'oem-a');
    assert.ok(stays.some(({ checked }) => checked?.what === 'acceptance'));
  });

  it('contains an earlier one unchanged', () => {
    const { consistent, earlier, since } = compareAudits(late.audit, early.audit);
    assert.deepEqual([consistent, earlier], [true, 1]);
    assert.ok(since >= 2);
    assert.deepEqual(readAudit(JSON.stringify(late.audit)), late.audit);
  });

  it('is contradicted by one that lacks something, adds something or changes something', () => {
    const { transactions } = early.audit;
    const whats = (transactionsOfForged: Audit['transactions']) =>
      compareAudits({ ...early.audit, transactions: transactionsOfForged }, late.audit).differences.map(
        ({ what }) => what,
      );
    assert.deepEqual(whats(transactions.slice(1)), ['added']);
    assert.deepEqual(whats([{ ...transactions[0]!, time: known }, ...transactions.slice(1)]), ['changed']);
    assert.deepEqual(whats([...transactions, { ...transactions[0]!, txId: 'f'.repeat(64) }]), ['missing']);
    assert.deepEqual(whats([{ ...transactions[0]!, blockHash: 'f'.repeat(64) }, ...transactions.slice(1)]), [
      'other-block',
    ]);
    const other = { ...early.audit, chain: { ...early.audit.chain, genesis: 'f'.repeat(64) } };
    assert.equal(compareAudits(other, late.audit).differences[0]?.what, 'other-chain');
    assert.throws(
      () => compareAudits({ ...early.audit, subject: { kind: 'device', id: 'oem-b/other' } }, late.audit),
      /INPUT_INVALID/,
    );
  });

  it('has evidence that an outsider checks, with the change log for what is missing', async () => {
    const { tiers, contradictions, open } = await verify(late.evidence(), { log });
    assert.deepEqual(contradictions, []);
    assert.deepEqual([tiers.recorded.holds, tiers.fresh.holds], [true, true], tiers.fresh.shows);
    assert.ok(open.some((each) => each.includes('1 of its transactions were refused')));
    const alone = await verify(late.evidence());
    assert.deepEqual([alone.tiers.recorded.holds, alone.tiers.fresh.holds], [true, false]);
    const { type, roots, heartbeats } = trust;
    const rootsOnly: Trust = { type, roots, heartbeats };
    assert.equal((await verifyEvidence(late.evidence(), { trust: rootsOnly, asOf })).tiers.recorded.holds, false);
  });

  it('has no evidence for what was forged', async () => {
    const revoked = (audit: Audit) => audit.transactions.findIndex(({ txId }) => txId === twice[0]);
    const forgeries: readonly (readonly [RegExp, (audit: Audit) => Audit])[] = [
      [/leaves it out/, (audit) => ({ ...audit, transactions: audit.transactions.toSpliced(revoked(audit), 1) })],
      [
        /otherwise than block/,
        (audit) => ({ ...audit, transactions: audit.transactions.map((each) => ({ ...each, time: known })) }),
      ],
      [
        /cannot be valid|otherwise/,
        (audit) => ({
          ...audit,
          transactions: audit.transactions.map((each) => ({ ...each, endorsers: ['OtherMSP'] })),
        }),
      ],
      [/out of its place/, (audit) => ({ ...audit, chain: { ...audit.chain, height: 3 } })],
      [/provenance/, (audit) => ({ ...audit, provenance: { ...audit.provenance!, owners: [] } })],
    ];
    for (const [why, forge] of forgeries) {
      const { contradictions, tiers } = await verify(changed(late.evidence(), forge));
      assert.match(contradictions.join('; '), why);
      assert.equal(tiers.recorded.holds, false);
    }
  });

  it('is caught by the change log if it leaves a whole block out, or calls a valid transaction refused', async () => {
    const evidence = late.evidence();
    const read = readEvidence(evidence);
    const at = read.audit.transactions.find(({ txId }) => txId === twice[0])!;
    // Without the block of the revocation nothing in the file shows that it happened.
    const withoutBlock = canonicalJson({
      ...read,
      audit: { ...read.audit, transactions: read.audit.transactions.filter(({ block }) => block !== at.block) },
      blocks: read.blocks.filter((block) => Block.decode(Buffer.from(block, 'base64')).header?.number !== at.block),
    });
    assert.deepEqual((await verify(withoutBlock)).contradictions, []);
    const silent = await verify(withoutBlock, { log });
    assert.match(silent.contradictions.join(), new RegExp(`${at.txId}.*the audit leaves it out`));
    const pretendsToBeOld = canonicalJson({
      ...readEvidence(withoutBlock),
      audit: { ...readEvidence(withoutBlock).audit, chain: { ...read.audit.chain, epoch: 0 } },
    });
    assert.equal((await verify(pretendsToBeOld, { log })).tiers.fresh.holds, false);
    const refused = changed(evidence, (audit) => ({
      ...audit,
      transactions: audit.transactions.map((each) =>
        each.txId === at.txId ? { ...each, validity: 'MVCC_READ_CONFLICT', registered: null } : each,
      ),
    }));
    assert.match(
      (await verify(refused, { log })).contradictions.join(),
      /it was valid, and the audit calls it refused/,
    );
  });

  it('is not forged because it is older than the change log, and not fresh', async () => {
    const { contradictions, tiers } = await verify(early.evidence(), { log });
    assert.deepEqual([contradictions, tiers.recorded.holds, tiers.fresh.holds], [[], true, false]);
    assert.match(tiers.fresh.shows, /1 more of its transactions/);
  });

  it('is what its published schemas say', () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false });
    for (const [name, value] of [
      ['audit', late.audit],
      ['evidence', JSON.parse(late.evidence())],
    ] as const) {
      const file = createRequire(__filename).resolve(`@tracecal/gateway-client/schemas/${name}.json`);
      const isValid = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
      assert.ok(isValid(value), ajv.errorsText(isValid.errors));
      assert.ok(!isValid({ ...(value as object), more: 1 }));
    }
  });

  it('is accepted with a changed block by nobody', async () => {
    const read = readEvidence(late.evidence());
    for (const [index, block] of read.blocks.entries()) {
      const bytes = Buffer.from(block, 'base64');
      const middle = Math.floor(bytes.length / 2);
      bytes.set([bytes[middle]! ^ 1], middle);
      const { tiers } = await verify(
        canonicalJson({ ...read, blocks: read.blocks.with(index, bytes.toString('base64')) }),
      );
      assert.equal(tiers.recorded.holds, false);
    }
  });

  it('is a page without scripts, in which hostile names are text', () => {
    const hostile = '"><script>alert(1)</script>\u202e';
    const [first, ...others] = late.audit.transactions;
    const page = auditPage({
      ...late.audit,
      subject: { kind: 'device', id: hostile },
      transactions: [
        { ...first!, called: hostile, submitter: { mspId: hostile, certificateSha256: hostile } },
        ...others,
      ],
    });
    assert.doesNotMatch(page, /<script|\u202e|javascript:|src=|href=/);
    assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/);
    assert.match(page, /refused \(MVCC_READ_CONFLICT\)/);
  });
});
