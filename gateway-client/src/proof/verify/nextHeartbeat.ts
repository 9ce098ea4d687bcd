import type { HeartbeatRecord, Instant } from '@tracecal/core/model';
import { registryOf, said } from '@tracecal/core/open';
import { keys, nameOfKey, recordIn } from '@tracecal/core/registry';
import { sourceOf, trustedHeartbeats } from '@tracecal/core/trace';
import type { Evidence } from '@tracecal/core/trace';
import { accessFromConfig } from '@tracecal/ledger/policy';
import { examine } from '@tracecal/ledger/validation';
import type { NamespaceReadWriteSet } from '@tracecal/ledger/validation';
import { TX_CODE } from '@tracecal/ledger/wire';
import { REGISTRY_CHAINCODE } from './answered.js';
import { endorsedCall, demandEndorsers } from './endorsedCall.js';
import type { EndorsedCall } from './endorsedCall.js';
import { demand, NotShown } from './shown.js';

const HEARTBEAT = 'heartbeat';
/** Of the parts of a composite key. */
const SEPARATOR = '\u0000';

/** What an institute signed after a block was made. */
export interface NextHeartbeat {
  readonly institute: string;
  /** The sealed epoch that it names. */
  readonly epoch: number;
  /** When it was signed, by the institute's clock. */
  readonly time: Instant;
  /** The block that brought the seal of that epoch. */
  readonly sealedIn: number;
  /** Whose peers found the seal there: MSP ids, sorted. */
  readonly endorsers: readonly string[];
}

interface Config {
  readonly channelId: string;
  /** A serialised `common.Config`. */
  readonly config: Uint8Array;
}

/**
 * The heartbeat in a transaction, if the epoch that it names was sealed after a block. Nobody can sign for the log of an epoch that is not
 * sealed yet, so that block was there when the institute signed. Two words show it: the institute's own signature, and the version of the
 * seal that the endorsing peers read. Whether the transaction was committed does not matter.
 *
 * @param after The number of the block.
 * @param configs Trusted configurations: its endorsers are those that one of them asks for.
 * @throws NotShown
 */
export async function nextHeartbeat(
  envelope: Uint8Array,
  after: number,
  {
    evidence,
    roots,
    configs,
  }: { readonly evidence: Evidence; readonly roots: readonly string[]; readonly configs: readonly Config[] },
): Promise<NextHeartbeat> {
  const call = heartbeatCall(envelope, configs);
  const record = heartbeatRecord(call.sets);
  const own = heardIn(evidence, record);
  const source = sourceOf(own);
  const registry = await registryOf(source);
  const { date } = said(record.statement, registry, HEARTBEAT).statement;
  const { heartbeats } = await trustedHeartbeats(source, roots, date);
  const found = heartbeats.find(({ institute }) => institute === record.institute);
  demand(found !== undefined, 'no institute that you trust has signed it');
  const { institute, epoch, time } = found;
  const sealedIn = sealReadBy(call.sets, epoch);
  demand(
    sealedIn !== undefined && sealedIn > after,
    `its epoch ${epoch} was not sealed after block ${after}: it may have been signed before`,
  );
  return { institute, epoch, time, sealedIn, endorsers: call.endorsers };
}

/** The transaction, endorsed as one of the configurations asks. @throws NotShown the last one's reason */
function heartbeatCall(envelope: Uint8Array, configs: readonly Config[]): EndorsedCall {
  let why = new NotShown('no configuration is trusted');
  for (const { channelId, config } of configs) {
    try {
      return callUnder(envelope, channelId, config);
    } catch (error) {
      if (!(error instanceof NotShown)) throw error;
      why = error;
    }
  }
  throw why;
}

function callUnder(envelope: Uint8Array, channelId: string, config: Uint8Array): EndorsedCall {
  const access = accessFromConfig(channelId, config);
  demandEndorsers(access);
  const { bound, code } = examine(envelope, access);
  demand(bound !== undefined && code === TX_CODE.VALID, 'it is no valid transaction of this channel');
  const call = endorsedCall(bound, access, 'too few of those endorsed it whom the configuration asks for');
  const { chaincode, transaction, channel } = call.proposal;
  demand(
    chaincode === REGISTRY_CHAINCODE && transaction === HEARTBEAT && channel === channelId,
    `it is not ${HEARTBEAT} of the chaincode ${REGISTRY_CHAINCODE}`,
  );
  return call;
}

/** The record that the transaction writes. Its shape is checked when it is read. @throws Error (of any class) if it writes none */
export function heartbeatRecord(sets: readonly NamespaceReadWriteSet[]): HeartbeatRecord {
  const writes = ownSets(sets).flatMap(({ state }) =>
    state.writes.map(({ key, value }) => ({ parts: key.split(SEPARATOR), value })),
  );
  const [written, ...others] = writes.filter(({ parts: [, type] }) => type === HEARTBEAT);
  const [, , institute = ''] = written?.parts ?? [];
  demand(written !== undefined && others.length === 0 && institute !== '', 'it writes no heartbeat, or several');
  const record = recordIn(written.value, keys.heartbeat(institute)) as HeartbeatRecord;
  demand(record.institute === institute, 'it writes no heartbeat');
  return record;
}

/** The block of an epoch's seal, as those who executed the transaction found it. */
export function sealReadBy(sets: readonly NamespaceReadWriteSet[], epoch: number): number | undefined {
  const name = nameOfKey(keys.sealed(epoch));
  const reads = ownSets(sets).flatMap(({ state }) => state.reads.filter(({ key }) => key === name));
  return reads.length === 1 ? reads[0]?.version?.blockNum : undefined;
}

function ownSets(sets: readonly NamespaceReadWriteSet[]): readonly NamespaceReadWriteSet[] {
  return sets.filter(({ namespace }) => namespace === REGISTRY_CHAINCODE);
}

/** The bundle's records with this heartbeat in the place of the institute's newest one. @throws NotShown */
function heardIn(evidence: Evidence, record: HeartbeatRecord): Evidence {
  const isOwn = ([kind, name]: readonly string[]) => kind === HEARTBEAT && name === record.institute;
  demand(
    evidence.exhibits.some(({ of }) => isOwn(of)),
    `the bundle knows no institute ${JSON.stringify(record.institute)}`,
  );
  const exhibits = evidence.exhibits.map((each) => (isOwn(each.of) ? { ...each, record } : each));
  return { ...evidence, exhibits };
}
