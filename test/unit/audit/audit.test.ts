import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { canonicalJson } from '@tracecal/core/model';
import { TimeBudget } from '@tracecal/gateway-client';
import type { TraceCalError, Trust } from '@tracecal/gateway-client';
import {
  auditOf,
  auditedBlock,
  AuditTrail,
  auditPage,
  compareAudits,
  MOST_CONTRADICTIONS,
  readAudit,
  readEvidence,
  statementWords,
  stayWords,
  verifyEvidence,
} from '@tracecal/gateway-client/audit';
import type { Audit, Audited } from '@tracecal/gateway-client/audit';
import type { LogFiles } from '@tracecal/gateway-client/proof/verify';
import { connect, Follower } from '@tracecal/gateway-client/replica';
import type { CheckedBlock } from '@tracecal/gateway-client/replica';
import { accessFromBlock } from '@tracecal/ledger/block';
import { parseEnvelope } from '@tracecal/ledger/validation';
import { Block, METADATA, TX_CODE } from '@tracecal/ledger/wire';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { AuditWorld } from '../../support/auditWorld.js';
import { eventually } from '../../support/eventually.js';
import { embeddedEngine } from '../../support/engineEmbedded.js';
import { later } from '../../support/hierarchy.js';
import { SENSOR } from '../../support/provenDevice.js';
import { definitionsOutside, peerOf } from '../../support/replica/recordedChain.js';
import { tampered } from '../../support/tamperedEnvelope.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const DEVICE = { kind: 'device', id: SENSOR } as const;

/** A block without what a peer adds to it and nobody signs. */
function signedPart(bytes: Uint8Array): Buffer {
  const { header, data, metadata } = Block.decode(bytes);
  const kept: readonly number[] = [METADATA.signatures, METADATA.lastConfig];
  const all = metadata?.metadata.map((part, place) => (kept.includes(place) ? part : new Uint8Array())) ?? [];
  return Buffer.from(Block.encode({ header, data, metadata: { metadata: all } }));
}

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
  let all: readonly CheckedBlock[];

  before(async () => {
    world = await AuditWorld.start(embeddedEngine);
    const { registry } = world.proven;
    early = await world.audit('oem-a', DEVICE, { provenance: true });
    // Later than everything before it by the ledger's clock, which counts seconds.
    const last = early.audit.transactions.at(-1)!.time;
    known = await eventually(async () => {
      const now = await registry.now();
      assert.ok(now > last);
      return now;
    });
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
    // A second report, which its owner accepts later, and which is revoked as well.
    const again = { id: 'sensor-a-r2', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] } as const;
    const { hierarchy } = registry;
    await registry.submit(hierarchy.addReport({ ...again, accepted: false }), 'nmi-north');
    await registry.submit(hierarchy.accept('sensor-a-r2', { registered: await registry.now() }), 'nmi-north');
    const now = await registry.now();
    const fallen = { reason: 'calibration-error', registered: now, effective: now } as const;
    await registry.submit(hierarchy.addStatement('revocation', ['report', 'sensor-a-r2'], fallen), 'nmi-north');
    // What comes later stands under another configuration of the channel.
    await registry.network.changeMembers({ leave: 'lab-beta', endorsement: {} });
    await world.proven.beat('nmi-north');
    const registered = (await world.audit('oem-a', DEVICE)).audit.transactions.find(({ txId }) => txId === twice[0])!;
    late = await world.audit('oem-a', DEVICE, { provenance: true, knownAt: later(registered.registered!, -1) });
    trust = await world.trust();
    log = await world.log();
    const replica = join(temporaryFolder(), 'replica');
    await follow(replica, { keepBlocks: true });
    const reader = await connect({ replica });
    const read: CheckedBlock[] = [];
    for await (const block of reader.blocks()) read.push(block);
    await reader.close();
    all = read;
  });

  const follow = async (folder: string, more: object = {}) => {
    const { registry } = world.proven;
    const peers = [await peerOf(registry, 'oem-a')];
    const definitions = definitionsOutside(registry.network);
    const follower = new Follower({ replica: folder, peers, definitions, ...more });
    await follower.catchUp().finally(() => follower.close());
  };

  after(async () => {
    await (world as AuditWorld | undefined)?.stop();
    removeTemporaryFolders();
  });

  const numberOf = (block: Uint8Array) => Block.decode(block).header?.number ?? -1;
  const verify = (evidence: string, { log: files }: { readonly log?: LogFiles } = {}) =>
    verifyEvidence(evidence, { trust, ...(files && { fresh: { log: files, clock: null, seen: null } }) });
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
    const replica = join(temporaryFolder(), 'replica');
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
    assert.throws(() => readAudit(late.evidence()), /INPUT_INVALID.*the evidence of an audit.*give the audit itself/);
  });

  it('is contradicted by one that lacks something, adds something or changes something', () => {
    const { transactions } = early.audit;
    const whats = (transactionsOfForged: Audit['transactions']) =>
      compareAudits({ ...early.audit, transactions: transactionsOfForged }, late.audit).differences.map(
        ({ what }) => what,
      );
    assert.deepEqual(whats(transactions.slice(1)), ['added']);
    assert.deepEqual(whats([{ ...transactions[0]!, time: known }, ...transactions.slice(1)]), ['changed']);
    assert.deepEqual(whats([...transactions, { ...transactions[0]!, place: 99, txId: 'f'.repeat(64) }]), ['missing']);
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
    // Refused transactions prove nothing, and anybody can make them large: blocks with nothing else are left out.
    assert.ok(readEvidence(late.evidence()).audit.transactions.every(({ validity }) => validity === 'VALID'));
    assert.match(open.join(), /of its transactions valid, which were endorsed and which no log in hand names/);
    const alone = await verify(late.evidence());
    assert.deepEqual([alone.tiers.recorded.holds, alone.tiers.fresh.holds], [true, false]);
    const { type, roots, heartbeats } = trust;
    const rootsOnly: Trust = { type, roots, heartbeats };
    assert.equal((await verifyEvidence(late.evidence(), { trust: rootsOnly })).tiers.recorded.holds, false);
  });

  it('is not called forged by the change log of a reader who trusts no channel, or another one', async () => {
    const { type, roots, heartbeats } = trust;
    const elsewhere = { ...trust.channel!, genesis: 'f'.repeat(64) };
    for (const channel of [{}, { channel: elsewhere }]) {
      const { contradictions, tiers } = await verifyEvidence(late.evidence(), {
        trust: { type, roots, heartbeats, ...channel },
        fresh: { log, clock: null, seen: null },
      });
      assert.deepEqual([contradictions, tiers.recorded.holds, tiers.fresh.holds], [[], false, false]);
      assert.match(tiers.recorded.shows, /channel/);
      assert.match(tiers.fresh.shows, /not compared with the change log/);
    }
  });

  it('has evidence that holds of every kind of subject, and not under another kind', async () => {
    const subjects = [
      DEVICE,
      { kind: 'report', id: 'oem-a/sensor-a-r1' },
      { kind: 'organisation', id: 'nmi-north' },
      { kind: 'organisation', id: 'oem-a' },
      { kind: 'person', id: 'oem-a/t-oem-a' },
      { kind: 'person', id: 'oem-a/officer' },
      { kind: 'person', id: 'nmi-north/officer' },
    ] as const;
    for (const subject of subjects) {
      const { audit, evidence } = await world.audit('oem-a', subject);
      const { contradictions, tiers, open } = await verify(evidence(), { log });
      assert.deepEqual([contradictions, tiers.recorded.holds, tiers.fresh.holds], [[], true, true], subject.id);
      // A revocation above concerns another subject.
      assert.ok(
        open.some((line) => line.includes('above it') && auditPage(audit).includes(line)),
        subject.id,
      );
      for (const kind of ['device', 'report', 'organisation', 'person', 'registry'] as const) {
        if (kind === subject.kind) continue;
        const forged = changed(evidence(), (own) => ({ ...own, subject: { ...subject, kind } }));
        assert.notDeepEqual((await verify(forged)).contradictions, [], `${subject.id} as ${kind}`);
      }
      // Registered once: whatever comes later brings a further key, or changed duties.
      const about = audit.transactions.flatMap(({ statements }) => statements);
      const registrations = about.filter(
        ({ what, concerns, details }) =>
          ['device', 'organisation', 'authorisation', 'report'].includes(what) &&
          concerns.includes('subject') &&
          details.renews === undefined,
      );
      assert.equal(registrations.length, 1, `${subject.kind} ${subject.id}`);
    }
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
      [/ends with block 2, which is not in the file/, (audit) => ({ ...audit, chain: { ...audit.chain, height: 3 } })],
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
      audit: {
        ...read.audit,
        provenance: null,
        transactions: read.audit.transactions.filter(({ block }) => block !== at.block),
      },
      blocks: read.blocks.filter((block) => Block.decode(Buffer.from(block, 'base64')).header?.number !== at.block),
    });
    assert.deepEqual((await verify(withoutBlock)).contradictions, []);
    const silent = await verify(withoutBlock, { log });
    assert.match(silent.contradictions.join(), new RegExp(`${at.txId}.*the audit leaves it out`));
    assert.deepEqual([silent.tiers.fresh.holds, silent.tiers.fresh.shows], [false, silent.contradictions[0]]);
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

  const envelopeOf = (txId: string) => {
    const at = late.audit.transactions.find((each) => each.txId === txId)!;
    return { ...at, number: at.block, envelopes: Block.decode(all[at.block]!.bytes).data!.data };
  };

  /** Evidence that somebody makes by the product's own means, of chosen blocks of honest evidence, with validities of their choice. */
  const forge = (
    isLeftOut: (txIds: readonly string[]) => boolean,
    { codes = {}, chain = {} }: { readonly codes?: Record<string, string>; readonly chain?: object } = {},
  ) => {
    const read = readEvidence(late.evidence());
    const own = new Map(late.audit.transactions.map((each) => [each.txId, each.validity]));
    const seals = new Set(late.audit.transactions.flatMap(({ epoch }) => [epoch?.opened?.txId, epoch?.sealed?.txId]));
    const hashes = new Map(late.audit.transactions.map(({ block, blockHash }) => [block, blockHash]));
    const trail = new AuditTrail(DEVICE);
    const configurations = read.configurations.map((text) => Buffer.from(text, 'base64'));
    const refused = late.audit.transactions.flatMap(({ validity, block }) => (validity === 'VALID' ? [] : [block]));
    const shown = read.blocks.map((text) => numberOf(Buffer.from(text, 'base64')));
    const blocks: string[] = [];
    for (const { number, bytes } of all.filter((each) => [...shown, ...refused].includes(each.number))) {
      const envelopes = Block.decode(bytes).data?.data ?? [];
      const txIds = envelopes.map((envelope) => {
        const parsed = parseEnvelope(envelope);
        return parsed.kind === 'endorser' ? parsed.txId : '';
      });
      if (isLeftOut(txIds)) continue;
      const access = accessFromBlock(configurations.findLast((each) => numberOf(each) < number)!);
      const validity = (txId: string) => codes[txId] ?? own.get(txId) ?? (seals.has(txId) ? 'VALID' : 'NOT_VALIDATED');
      blocks.push(signedPart(bytes).toString('base64'));
      trail.take({
        ...{ number, hash: hashes.get(number) ?? '', envelopes, access },
        codes: txIds.map((txId) => (TX_CODE as Record<string, number>)[validity(txId)] ?? 254),
      });
    }
    const provenance = { withProvenance: true };
    return canonicalJson({ ...read, blocks, audit: trail.audit({ ...read.audit.chain, ...chain }, provenance) });
  };
  const txOf = (what: string, id: string) =>
    late.audit.transactions.find(({ statements }) =>
      statements.some((each) => each.what === what && (each.subject.id === id || each.details.report === id)),
    )!;

  it('shows what a transaction did, although its call names another chaincode than its header', () => {
    const { envelopes, number, place } = envelopeOf(twice[0]!);
    for (const name of ['other', '']) {
      const trail = new AuditTrail(DEVICE);
      for (const each of all.filter((before) => before.number < number)) trail.take(auditedBlock(each));
      const odd = tampered(envelopes[place]!, { name });
      trail.take({ number, hash: '', codes: [TX_CODE.VALID], envelopes: [odd] });
      const { transactions } = trail.audit(late.audit.chain);
      assert.equal(transactions.at(-1)?.statements[0]?.what, 'revocation');
    }
  });

  it('can be read, whatever strangers put into transactions that the ledger refuses', () => {
    const { envelopes, place } = envelopeOf(twice[0]!);
    const long = 'x'.repeat(5000);
    const statement = (more: object) => {
      const content = {
        type: 'tracecal-revocation/1',
        subject: DEVICE,
        author: 'lab-beta',
        number: 1,
        date: long,
        ...more,
      };
      const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
      const signed = {
        protected: Buffer.from(JSON.stringify({ kid: `officer:${long}` })).toString('base64url'),
        signature: '',
      };
      return { items: [{ statement: { payload, signatures: [signed] } }] };
    };
    const strange = [
      { seconds: 253_402_387_200 },
      { seconds: -1 },
      { call: [long, JSON.stringify(statement({}))] },
      ...[
        { number: 1.5 },
        { author: long },
        { body: { reason: long, effective: long, owner: long, report: long } },
      ].map((more) => ({ call: ['registry:revoke', JSON.stringify(statement(more))] })),
      { event: JSON.stringify({ epoch: 0.5 }) },
      { event: JSON.stringify({ epoch: 999_999 }) },
    ];
    for (const change of strange) {
      const trail = new AuditTrail(DEVICE);
      trail.take({
        ...{ number: 1, hash: 'f'.repeat(64), codes: [TX_CODE.ENDORSEMENT_POLICY_FAILURE] },
        envelopes: [
          tampered(envelopes[place]!, { call: ['registry:revoke', JSON.stringify(statement({}))], ...change }),
        ],
      });
      const audit = trail.audit(late.audit.chain);
      assert.equal(audit.transactions.length, 1, JSON.stringify(change).slice(0, 200));
      assert.equal(audit.transactions[0]?.epoch, null);
      assert.deepEqual(readAudit(JSON.stringify(audit)), audit);
    }
  });

  /** The call with a statement, signed by nobody. */
  const said = (what: string, kind: string, id: string, author: string, body: object) => {
    const content = { type: `tracecal-${what}/1`, subject: { kind, id }, author, number: 0, date: known, body };
    const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
    return JSON.stringify({ items: [{ statement: { payload, signatures: [] } }] });
  };

  it('shows what each statement turns on, so that one that takes something back reads differently', () => {
    const { envelopes, place } = envelopeOf(twice[0]!);
    const report = 'lab-alpha/r1';
    const results = [{ quantity: 'temperature', foundOutOfLimits: true }, { quantity: 'mass' }];
    const wordsOf = (what: string, body: object) => {
      const trail = new AuditTrail({ kind: 'report', id: report });
      const call = ['registry:submitStatements', said(what, 'report', report, 'lab-beta', body)];
      const envelope = tampered(envelopes[place]!, { call });
      trail.take({ number: 1, hash: '', codes: [TX_CODE.VALID], envelopes: [envelope] });
      return statementWords(trail.audit(late.audit.chain).transactions[0]!.statements[0]!);
    };
    const judged = (outcome: string) => ({ judged: [{ quantity: 'mass', outcome, lines: [] }] });
    const words: readonly (readonly [string, object, RegExp])[] = [
      ['confirmation', { equal: true }, /by lab-beta; it reads equal$/],
      ['confirmation', { equal: false }, /by lab-beta; that it reads equal is taken back$/],
      ['vouching', judged('sound'), /by lab-beta; mass sound$/],
      ['vouching', judged('unsound'), /by lab-beta; mass unsound \(unsound takes back an earlier vouching\)$/],
      ['report', { results, adjusted: true }, /; found out of its limits: temperature; adjusted or repaired$/],
      ['report', { results: [results[1]] }, /by lab-beta$/],
    ];
    for (const [what, body, wanted] of words) assert.match(wordsOf(what, body), wanted);
  });

  it('tells of an amended calibration as one stay, of revoked reports, and of owners who calibrate themselves', () => {
    const device = 'lab-alpha/s17';
    const { envelopes, place } = envelopeOf(twice[0]!);
    const report = (id: string, more: object = {}) =>
      said('report', 'report', id, 'lab-alpha', {
        ...{ device, performed: { begin: '2026-11-10', end: '2026-11-12' } },
        ...more,
      });
    const stays = (...calls: readonly string[]) => {
      const trail = new AuditTrail({ kind: 'device', id: device });
      const made = said('device', 'device', device, 'lab-alpha', { owner: 'oem-a', serial: '17' });
      for (const call of [made, ...calls]) {
        const odd = tampered(envelopes[place]!, { call: ['registry:submitStatements', call] });
        trail.take({ number: 1, hash: '', codes: [TX_CODE.VALID], envelopes: [odd] });
      }
      return trail.audit(late.audit.chain, { withProvenance: true }).provenance!.stays;
    };
    const amended = stays(report('lab-alpha/r1'), report('lab-alpha/r2', { supersedes: { report: 'lab-alpha/r1' } }));
    assert.deepEqual(
      amended.map((each) => [each.report, each.replaces, each.revoked]),
      [['lab-alpha/r2', 'lab-alpha/r1', null]],
    );
    const [fallen] = stays(report('lab-alpha/r1'), said('revocation', 'report', 'lab-alpha/r1', 'nmi-north', {}));
    assert.match(stayWords(fallen!), /^at lab-alpha: left its owner.*REVOKED by nmi-north/);
    const [own] = stays(said('transfer', 'device', device, 'oem-a', { to: 'lab-alpha' }), report('lab-alpha/r1'));
    assert.match(stayWords(own!), /^calibrated by lab-alpha, its owner, from/);
  });

  it('shows the submitter by the certificate that Fabric reads', () => {
    const pem = (text: string) =>
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(text).toString('base64')}\n-----END CERTIFICATE-----\n`;
    const { envelopes, place } = envelopeOf(twice[0]!);
    const trail = new AuditTrail({ kind: 'report', id: 'oem-a/sensor-a-r1' });
    const odd = tampered(envelopes[place]!, { sender: `#${pem('of a colleague')}${pem('of the sender')}` });
    trail.take({ number: 1, hash: '', codes: [TX_CODE.BAD_CREATOR_SIGNATURE], envelopes: [odd] });
    const { submitter } = trail.audit(late.audit.chain).transactions[0]!;
    assert.equal(submitter.certificateSha256, createHash('sha256').update('of the sender').digest('hex'));
  });

  it('is caught if it leaves out the registration of what it is about', async () => {
    const forged = forge((txIds) => txIds.includes(late.audit.transactions[0]!.txId));
    assert.match((await verify(forged, { log })).contradictions.join(), /leaves out the registration of device/);
  });

  it('names as endorsers only those who signed', () => {
    const { envelopes, number, place } = envelopeOf(twice[0]!);
    const access = accessFromBlock(all[0]!.bytes);
    const [own] = [envelopes[place]!].map((envelope) => {
      const trail = new AuditTrail({ kind: 'report', id: 'oem-a/sensor-a-r1' });
      const beside = tampered(envelope, { beside: 'LabBetaMSP' });
      trail.take({ number, hash: '', codes: [TX_CODE.VALID], envelopes: [beside], access });
      return trail.audit(late.audit.chain).transactions[0]!.endorsers;
    });
    assert.deepEqual(own, late.audit.transactions.find(({ txId }) => txId === twice[0])!.endorsers);
    assert.ok(own.length > 1);
  });

  it('is caught if it leaves out an accepted report together with its revocation', async () => {
    const left = [txOf('report', 'oem-a/sensor-a-r2').txId, txOf('revocation', 'oem-a/sensor-a-r2').txId];
    assert.equal(txOf('acceptance', 'oem-a/sensor-a-r2').called, 'acceptReport');
    const forged = forge((txIds) => txIds.some((txId) => left.includes(txId)));
    const { contradictions } = await verify(forged, { log });
    assert.match(contradictions.join(), /names report oem-a\/sensor-a-r2, and leaves out its registration/);
  });

  it('says nothing about its end that its blocks do not show', async () => {
    const { chain } = late.audit;
    for (const [why, lie] of [
      [/ends with block 999999, which is not in the file/, { height: 1_000_000 }],
      [/ends with block \d+, which is not in the file/, { newest: 'f'.repeat(64) }],
      [/the seal that opened epoch 4711/, { epoch: 4711 }],
      [/no institute has signed the date 2099/, { signedUntil: '2099-01-01T00:00:00Z' }],
    ] as const) {
      const forged = changed(late.evidence(), (audit) => ({ ...audit, chain: { ...chain, ...lie } }));
      assert.match((await verify(forged)).contradictions.join(), why);
    }
    // An earlier end than the true one is an older audit: the log names what it lacks, and it is not fresh.
    const { txId, epoch } = txOf('revocation', 'oem-a/sensor-a-r2');
    const older = forge((txIds) => txIds.includes(txId), { chain: { epoch: epoch!.number } });
    const { tiers } = await verify(older, { log });
    assert.equal(tiers.fresh.holds, false);
    assert.match(tiers.fresh.shows, new RegExp(`lacks transaction ${txId}`));
  });

  it('is not asked about a day to come', async () => {
    const asked = { subject: DEVICE, from: { replica: 'none' } };
    await assert.rejects(auditOf({ ...asked, knownAt: '9999-01-01T00:00:00Z' }), /Nothing is known yet of 9999/);
  });

  it('says that of several seals of an epoch nobody has signed which one counted', async () => {
    assert.match(
      (await verify(late.evidence(), { log })).open.join(),
      /with the seals that it shows, where institutes/,
    );
  });

  it('hides no seal around what it shows', async () => {
    const forged = changed(late.evidence(), (audit) => ({
      ...audit,
      transactions: audit.transactions.map((each) => ({
        ...each,
        epoch: each.epoch && { ...each.epoch, opened: null, sealed: null },
      })),
    }));
    assert.match((await verify(forged)).contradictions.join(), /hides a seal of epoch 0/);
  });

  it('is caught by the change log if it calls valid what the ledger refused', async () => {
    const [valid = '', refused = ''] = twice;
    const both = forge(() => false, { codes: { [refused]: 'VALID' } });
    assert.match((await verify(both, { log })).contradictions.join(), new RegExp(`calls transaction ${refused} valid`));
    const instead = forge((txIds) => txIds.includes(valid), { codes: { [refused]: 'VALID' } });
    assert.match((await verify(instead, { log })).contradictions.join(), /calls transaction \w+ valid, and the log/);
  });

  it('has no evidence for what was known at a moment', async () => {
    const forged = changed(late.evidence(), (audit) => ({ ...audit, known: late.audit.known }));
    assert.match((await verify(forged)).contradictions.join(), /what was known/);
  });

  it('is not fresh by a log that is too old, nor by an older one than was seen before', async () => {
    const asked = (now: string) => ({
      trust,
      fresh: { log, clock: { now, maxAgeSeconds: 60 }, seen: null },
    });
    const heartbeat = late.audit.chain.signedUntil!;
    const tooLate = await verifyEvidence(late.evidence(), asked(later(heartbeat, 3600)));
    assert.deepEqual([tooLate.contradictions, tooLate.tiers.fresh.holds], [[], false]);
    const inTime = await verifyEvidence(late.evidence(), asked(heartbeat));
    assert.equal(inTime.tiers.fresh.holds, true, inTime.tiers.fresh.shows);
    const seen = { ...inTime.seen!, epoch: inTime.seen!.epoch + 1 };
    await assert.rejects(
      verifyEvidence(late.evidence(), { trust, fresh: { log, clock: null, seen } }),
      (error: { code: string }) => error.code === 'INPUT_INVALID',
    );
  });

  it('is not fresh by the change log of another registry', async () => {
    const other = { ...trust, registry: `calibration:${'f'.repeat(64)}` };
    const { tiers } = await verifyEvidence(late.evidence(), {
      ...{ trust: other, fresh: { log, clock: null, seen: null } },
    });
    assert.deepEqual([tiers.fresh.holds, tiers.fresh.shows.includes('another registry')], [false, true]);
  });

  it('is not forged because it is older than the change log, and not fresh', async () => {
    const { contradictions, tiers } = await verify(early.evidence(), { log });
    assert.deepEqual([contradictions, tiers.recorded.holds, tiers.fresh.holds], [[], true, false]);
    assert.match(tiers.fresh.shows, /lacks transaction \w+ of epoch 0 and 1 more/);
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

  describe('that a stranger makes to keep its reader busy', () => {
    const broken = Buffer.from([0xff]).toString('base64');

    it('is refused at the first block without content, whatever follows', async () => {
      const read = readEvidence(late.evidence());
      const blocks = Array.from({ length: 20_000 }, () => '');
      const { contradictions } = await verify(canonicalJson({ ...read, blocks }));
      assert.deepEqual(contradictions, ['a block is not accepted: it has no header']);
    });

    it('is refused at its first broken configuration, which is read once', async () => {
      const read = readEvidence(late.evidence());
      const copies = Array.from({ length: 20 }, () => read.configurations.at(-1)!);
      const blocks = Array.from({ length: 2_000 }, () => read.blocks.at(-1)!);
      for (const configurations of [
        [...copies, broken],
        [broken, ...copies],
      ]) {
        const { contradictions } = await verify(canonicalJson({ ...read, configurations, blocks }));
        assert.equal(contradictions.length, 1);
        assert.match(contradictions.join(), /its configurations are not accepted/);
      }
      // Copies alone change nothing: the last of them comes again, and is skipped.
      const again = canonicalJson({ ...read, configurations: [...read.configurations, ...copies] });
      assert.deepEqual((await verify(again)).contradictions, []);
    });

    it('shows a block once', async () => {
      const read = readEvidence(late.evidence());
      const blocks = [...read.blocks, read.blocks.at(-1)!];
      assert.match(
        (await verify(canonicalJson({ ...read, blocks }))).contradictions.join(),
        /^block \d+ is out of its/,
      );
    });

    it('is answered with some of its contradictions, however many there are', async () => {
      const [first] = late.audit.transactions;
      const { contradictions } = await verify(
        changed(late.evidence(), (audit) => ({
          ...audit,
          transactions: Array.from({ length: 3_000 }, (_, place) => ({ ...first!, txId: String(place) })),
        })),
        { log },
      );
      assert.equal(contradictions.length, MOST_CONTRADICTIONS + 1);
      assert.match(contradictions.at(-1)!, /^and \d{4,} more like these$/);
    });

    it('ends when the time that it may take is over', async () => {
      const budget = new TimeBudget(1);
      const { deadline } = budget;
      await eventually(() => {
        assert.ok(deadline.isOver);
      }, 10_000);
      await assert.rejects(
        verifyEvidence(late.evidence(), { trust, budget }),
        ({ code, message }: TraceCalError) => code === 'TIMED_OUT' && message.includes('the evidence took longer than'),
      );
      const enough = new TimeBudget(600_000);
      assert.deepEqual((await verifyEvidence(late.evidence(), { trust, budget: enough })).contradictions, []);
    });
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
