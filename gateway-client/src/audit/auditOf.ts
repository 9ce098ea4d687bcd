import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dateOf, instantOf, RegistryError } from '@tracecal/core/model';
import type { Instant, Subject } from '@tracecal/core/model';
import { accessFromBlock, readConfigBlock } from '@tracecal/ledger/block';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { Block, LastConfig, METADATA, Metadata } from '@tracecal/ledger/wire';
import { TraceCalError } from '../client/errors.js';
import type { TraceQuestion } from '../client/index.js';
import { connect } from '../replica/connect.js';
import { Follower } from '../replica/follow.js';
import type { FollowOptions } from '../replica/follow.js';
import type { CheckedBlock } from '../replica/keptBlock.js';
import type { ReplicaReader } from '../replica/reader.js';
import { verdictSeen } from './audit.js';
import type { Audit, Known, VerdictSeen } from './audit.js';
import { evidenceText } from './evidence.js';
import { auditedBlock, AuditTrail } from './trail.js';

/** What is audited, and by which blocks. */
export interface AuditOptions {
  readonly subject: Subject;
  /**
   * The folder of a replica that keeps whole blocks, which asks nobody; or how a channel is followed: into a temporary folder, from its first
   * block.
   */
  readonly from: { readonly replica: string } | Omit<FollowOptions, 'replica' | 'keepBlocks' | 'onBlock'>;
  /** Show the verdict at this moment beside that of today. */
  readonly knownAt?: Instant;
  /** Whom the verdicts trust. */
  readonly question?: Pick<TraceQuestion, 'roots' | 'registry'>;
  /** Of a device: maker, owners, calibrations. */
  readonly provenance?: boolean;
  /** Ends it early: nothing is left behind. */
  readonly signal?: AbortSignal;
}

/** An audit, with what else can be made of the same blocks. */
export interface Audited {
  readonly audit: Audit;
  /** The text of its evidence. @throws RegistryError `INPUT_INVALID` if it would be too large */
  readonly evidence: () => string;
}

/**
 * Audits a subject from the first block on. Each block is verified as a replica verifies it: chain, orderers, and the validity of each
 * transaction.
 *
 * @throws TraceCalError as a replica: `REPLICA_WITHOUT_BLOCKS`, `BLOCK_FORGED`, `PEER_FORKED` and others; `NOT_FOUND` if no transaction
 * concerns the subject; RegistryError `INPUT_INVALID` for a moment to come, and for the
 * provenance of anything but a device
 * @example
 * const { audit } = await auditOf({ subject: { kind: 'device', id: 'oem-a/sensor-17' }, from: { replica: 'replica' } });
 */
export async function auditOf({ from, ...options }: AuditOptions): Promise<Audited> {
  requirePast(options.knownAt);
  requireDevice(options);
  if ('replica' in from) return fromReplica(from.replica, options);
  const folder = await mkdtemp(join(tmpdir(), 'tracecal-audit-'));
  try {
    const follower = new Follower({ ...from, replica: folder, keepBlocks: true });
    try {
      await follower.catchUp(options.signal);
      options.signal?.throwIfAborted();
    } finally {
      await follower.close();
    }
    return await fromReplica(folder, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The ledger has held nothing yet on a day to come. The end of today stands for today. */
function requirePast(knownAt: Instant | undefined): void {
  if (knownAt === undefined || dateOf(knownAt) <= dateOf(instantOf(Date.now()))) return;
  throw new RegistryError('INPUT_INVALID', `Nothing is known yet of ${knownAt}: give a moment that has passed.`);
}

function requireDevice({
  subject: { kind, id },
  provenance = false,
}: Pick<AuditOptions, 'subject' | 'provenance'>): void {
  if (!provenance || kind === 'device') return;
  throw new RegistryError(
    'INPUT_INVALID',
    `Only a device has a provenance: ask for the audit of ${kind} ${id} without it, or for that of a device.`,
  );
}

type Asked = Omit<AuditOptions, 'from'>;

async function fromReplica(
  folder: string,
  { subject, knownAt, question, provenance, signal }: Asked,
): Promise<Audited> {
  const replica = await connect({ replica: folder });
  try {
    const { channel, genesis, isPinned, height, newest } = await replica.place();
    const trail = new AuditTrail(subject);
    const { configurations, kept } = await takeAll(replica, trail, signal);
    const { openEpoch: epoch, newestWord } = trail;
    const found = trail.audit(
      { channel, genesis, isPinned, height, newest, epoch, signedUntil: newestWord?.date ?? null },
      { withProvenance: provenance === true },
    );
    if (found.transactions.length === 0) {
      throw new TraceCalError('NOT_FOUND', `No transaction of ${channel} concerns ${subject.kind} ${subject.id}.`);
    }
    const known = knownAt === undefined ? null : await knownOf(replica, found, knownAt, question);
    const audit = { ...found, known };
    const numbers = trail.blocks(height - 1);
    const blocks = numbers.flatMap((number) => kept.get(number) ?? []);
    return { audit, evidence: () => evidenceText(within(found, numbers), { configurations, blocks }) };
  } finally {
    await replica.close();
  }
}

/** Reads every block once, and keeps those that evidence may need. */
async function takeAll(replica: ReplicaReader, trail: AuditTrail, signal: AbortSignal | undefined) {
  const configurations: Uint8Array[] = [];
  const kept = new Map<number, Uint8Array>();
  let access: ChannelAccess | undefined;
  let word: CheckedBlock | undefined;
  let last: CheckedBlock | undefined;
  for await (const block of replica.blocks()) {
    signal?.throwIfAborted();
    if (trail.take(auditedBlock(block, access))) kept.set(block.number, block.bytes);
    if (trail.newestWord?.block === block.number) word = block;
    last = block;
    if (!isConfiguration(block)) continue;
    configurations.push(block.bytes);
    access = accessFromBlock(block.bytes);
  }
  for (const block of [word, last]) if (block) kept.set(block.number, block.bytes);
  return { configurations, kept };
}

/** Only what stands in these blocks. */
function within(audit: Audit, blocks: readonly number[]): Audit {
  const transactions = audit.transactions.filter(({ block }) => blocks.includes(block));
  return { ...audit, transactions };
}

/** A block that brings a configuration says of itself that it is the newest one that does; the first block says nothing. */
function isConfiguration({ number, bytes }: CheckedBlock): boolean {
  if (number === 0) return true;
  const stored = Block.decode(bytes).metadata?.metadata[METADATA.lastConfig] ?? new Uint8Array();
  if (LastConfig.decode(Metadata.decode(stored).value).index !== number) return false;
  return readConfigBlock(bytes).number === number;
}

async function knownOf(
  replica: ReplicaReader,
  { subject, transactions }: Audit,
  at: Instant,
  question: Asked['question'] = {},
): Promise<Known> {
  const device = subject.kind === 'device' ? subject.id : deviceOf(subject, transactions);
  if (device === null) return { at, device, then: null, today: null };
  const seen = async (more: TraceQuestion): Promise<VerdictSeen | null> => {
    try {
      return verdictSeen(await replica.traceCal(device, more));
    } catch (error) {
      // Not registered yet.
      if (error instanceof TraceCalError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  };
  // Before its founding the registry had no name yet: that of today tells which one it is.
  const trusted = question.roots ? { roots: question.roots } : {};
  const today = await seen({ ...question, asOf: instantOf(Date.now()) });
  const then = await seen({ ...trusted, asOf: at, knownAt: at });
  return { at, device, then, today };
}

/** The device of a report. */
function deviceOf({ kind, id }: Subject, transactions: Audit['transactions']): string | null {
  const all = transactions.flatMap(({ statements }) => statements);
  const report = all.find(({ what, subject }) => kind === 'report' && what === 'report' && subject.id === id);
  return report?.details.device ?? null;
}
