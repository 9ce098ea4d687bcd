import { instantOf, isInstant } from '@tracecal/core/model';
import type { Instant, Json, LoggedTransaction } from '@tracecal/core/model';
import { keys, nameOfKey } from '@tracecal/core/registry';
import { utf8Text } from '@tracecal/core/platform';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { attempt, decodeReadWriteSet, parseEnvelope } from '@tracecal/ledger/validation';
import {
  ChaincodeAction,
  ChaincodeActionPayload,
  ChaincodeEvent,
  ChaincodeHeaderExtension,
  ChaincodeInvocationSpec,
  ChaincodeProposalPayload,
  concatenate,
  ProposalResponsePayload,
  Transaction,
  TX_CODE,
} from '@tracecal/ledger/wire';
import type { AuditedTransaction } from './audit.js';
import { jsonIn, listIn, shortened, textIn, wholeIn } from './content.js';
import { submitterIn } from './submitter.js';
import { statementsIn } from './readStatements.js';
import type { ReadStatement } from './readStatements.js';

/** A transaction of the registry, as it stands in a block. */
export interface ReadTransaction extends Pick<
  AuditedTransaction,
  'txId' | 'time' | 'validity' | 'submitter' | 'endorsers' | 'called' | 'registered'
> {
  readonly epoch: number | null;
  readonly statements: readonly ReadStatement[];
  /** What it wrote into the change log of its epoch; null if nothing. */
  readonly logged: (LoggedTransaction & { readonly epoch: number }) | null;
}

const REGISTRY_CONTRACT = 'registry:';

/**
 * Reads an envelope, which may be any bytes; undefined if it is no call of this chaincode. What it carries is read from its call; what the
 * endorsers say that they registered, and the call does not show, is added from their event.
 *
 * @param access Who belongs to the channel: without it nobody counts as an endorser.
 */
export function readTransaction(
  envelope: Uint8Array,
  code: number,
  chaincode: string,
  access?: ChannelAccess,
): ReadTransaction | undefined {
  const parsed = parseEnvelope(envelope);
  if (parsed.kind !== 'endorser') return undefined;
  const { txId, channelHeader, creator, data } = parsed;
  // Peers run what the header names, whatever the call says.
  if (calledIn(channelHeader.extension) !== chaincode) return undefined;
  const { payload, call = NO_CALL, action } = actionIn(data);
  const statements = statementsIn(call.argument);
  return {
    txId: shortened(txId),
    time: timeOf(channelHeader.timestamp?.seconds ?? NaN),
    validity: validityOf(code),
    submitter: submitterIn(creator),
    endorsers: access ? endorsersIn(payload, access) : [],
    called: shortened(call.transaction),
    ...effectsOf(action, statements, { txId, isValid: code === TX_CODE.VALID, chaincode }),
  };
}

/** What a transaction did, or would have done, by the answer that was endorsed. */
function effectsOf(
  action: ChaincodeAction | undefined,
  statements: readonly ReadStatement[],
  { txId, isValid, chaincode }: { readonly txId: string; readonly isValid: boolean; readonly chaincode: string },
): Pick<ReadTransaction, 'epoch' | 'registered' | 'statements' | 'logged'> {
  // Of a refused transaction only what it carries is told: what it says that it did was agreed by nobody.
  if (!isValid) return { epoch: null, registered: null, statements, logged: null };
  const announced = action && attempt(() => eventIn(action.events));
  const epoch = wholeIn(announced, 'epoch') ?? null;
  const registered = (action && attempt(() => dateIn(action.results, txId, chaincode))) ?? null;
  const lines =
    epoch === null ? [] : ((action && attempt(() => linesIn(action.results, epoch, txId, chaincode))) ?? []);
  const logged = epoch === null || lines.length === 0 ? null : { epoch, txId, lines };
  // A call that registers nothing may bring along what it likes, and a member alone may announce what it likes: only what a majority of
  // the institutes wrote was said.
  return registered === null
    ? { epoch, registered, statements: [], logged }
    : { epoch, registered, statements: [...statements, ...onlyAnnounced(announced, statements)], logged };
}

/** The parts of a transaction that can be read; any of them may be missing. */
function actionIn(data: Uint8Array) {
  const payload = attempt(() =>
    ChaincodeActionPayload.decode(Transaction.decode(data).actions[0]?.payload ?? new Uint8Array()),
  );
  const call = payload && attempt(() => callIn(payload.chaincodeProposalPayload));
  const response = payload?.action?.proposalResponsePayload ?? new Uint8Array();
  const action = attempt(() => ChaincodeAction.decode(ProposalResponsePayload.decode(response).extension));
  return { payload, call, action };
}

const NO_TIME: Instant = '1970-01-01T00:00:00Z';

function timeOf(seconds: number): Instant {
  const time = instantOf(seconds * 1000);
  return isInstant(time) ? time : NO_TIME;
}

const NO_CALL: { readonly transaction: string; readonly argument: Json | undefined } = {
  transaction: '',
  argument: undefined,
};

function calledIn(extension: Uint8Array): string | undefined {
  return attempt(() => ChaincodeHeaderExtension.decode(extension).chaincodeId?.name);
}

function callIn(bytes: Uint8Array) {
  const spec = ChaincodeInvocationSpec.decode(ChaincodeProposalPayload.decode(bytes).input).chaincodeSpec;
  const [name = '', argument = ''] = (spec?.input?.args ?? []).map((each) => utf8Text(each) ?? '');
  const transaction = name.startsWith(REGISTRY_CONTRACT) ? name.slice(REGISTRY_CONTRACT.length) : name;
  return { transaction, argument: jsonIn(argument) };
}

function eventIn(bytes: Uint8Array): Json | undefined {
  return jsonIn(utf8Text(ChaincodeEvent.decode(bytes).payload) ?? '');
}

/** Nobody can hide a statement in a call that is written oddly: the endorsers announce each that they register. */
function onlyAnnounced(announced: Json | undefined, read: readonly ReadStatement[]): readonly ReadStatement[] {
  const known = new Set(read.map(({ digest }) => digest));
  return listIn(announced, 'items').flatMap((item) => {
    const digest = textIn(item, 'digest') ?? '';
    if (known.has(digest)) return [];
    const text = (name: string) => shortened(textIn(item, name) ?? '');
    return [
      {
        what: text('type'),
        subject: { kind: text('kind'), id: text('id') },
        author: text('author'),
        number: wholeIn(item, 'number') ?? 0,
        date: '',
        digest: shortened(digest, 128),
        signers: [],
        body: item,
      },
    ];
  });
}

/** A sender can name anybody beside those who suffice: only whoever has signed counts. */
function endorsersIn(payload: ChaincodeActionPayload | undefined, access: ChannelAccess): readonly string[] {
  const { proposalResponsePayload = new Uint8Array(), endorsements = [] } = payload?.action ?? {};
  const ids = endorsements.flatMap(({ endorser: identity, signature }) => {
    const data = concatenate(proposalResponsePayload, identity);
    return attempt(() => access.authenticate({ data, identity, signature }, { timeless: true }).mspId) ?? [];
  });
  return [...new Set(ids.map((id) => shortened(id)))].sort();
}

function linesIn(results: Uint8Array, epoch: number, txId: string, chaincode: string): readonly string[] {
  const name = nameOfKey(keys.log(epoch, txId));
  const sets = decodeReadWriteSet(results).filter(({ namespace }) => namespace === chaincode);
  const write = sets.flatMap(({ state }) => state.writes).find(({ key }) => key === name);
  const lines = write ? listIn(jsonIn(utf8Text(write.value) ?? ''), 'record') : [];
  return lines.filter((line) => typeof line === 'string');
}

/** The date that the records got which it wrote. */
function dateIn(results: Uint8Array, txId: string, chaincode: string): Instant | undefined {
  for (const { namespace, state } of decodeReadWriteSet(results)) {
    for (const { value } of namespace === chaincode ? state.writes : []) {
      const date = registeredIn(jsonIn(utf8Text(value) ?? ''), txId);
      if (date !== undefined) return date;
    }
  }
  return undefined;
}

function registeredIn(value: Json | undefined, txId: string): Instant | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (textIn(value, 'txId') === txId && textIn(value, 'date') !== undefined) return textIn(value, 'date');
  for (const part of Array.isArray(value) ? (value as readonly Json[]) : Object.values(value)) {
    const found = registeredIn(part, txId);
    if (found !== undefined) return found;
  }
  return undefined;
}

function validityOf(code: number): string {
  return Object.entries(TX_CODE).find(([, each]) => each === code)?.[0] ?? `CODE_${code}`;
}
