import { instantOf } from '@tracecal/core/model';
import type { Instant, Json } from '@tracecal/core/model';
import { utf8Text } from '@tracecal/core/platform';
import { attempt, decodeReadWriteSet, parseEnvelope } from '@tracecal/ledger/validation';
import {
  ChaincodeAction,
  ChaincodeActionPayload,
  ChaincodeEvent,
  ChaincodeInvocationSpec,
  ChaincodeProposalPayload,
  ProposalResponsePayload,
  SerializedIdentity,
  Transaction,
  TX_CODE,
} from '@tracecal/ledger/wire';
import type { AuditedTransaction } from './audit.js';
import { jsonIn, listIn, numberIn, textIn } from './content.js';
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
}

const REGISTRY_CONTRACT = 'registry:';

/**
 * Reads an envelope, which may be any bytes; undefined if it is no call of this chaincode. What it carries is read from its call; what the
 * endorsers say that they registered, and the call does not show, is added from their event.
 */
export function readTransaction(envelope: Uint8Array, code: number, chaincode: string): ReadTransaction | undefined {
  const parsed = parseEnvelope(envelope);
  if (parsed.kind !== 'endorser') return undefined;
  const { txId, channelHeader, creator, data } = parsed;
  const { payload, call, action } = actionIn(data);
  if (call?.chaincode !== chaincode) return undefined;
  const statements = statementsIn(call.argument);
  return {
    txId,
    time: instantOf((channelHeader.timestamp?.seconds ?? NaN) * 1000) || NO_TIME,
    validity: validityOf(code),
    submitter: submitterIn(creator),
    endorsers: endorsersIn(payload?.action?.endorsements ?? []),
    called: call.transaction,
    ...effectsOf(action, statements, { txId, isValid: code === TX_CODE.VALID, chaincode }),
  };
}

/** What a transaction did, or would have done, by the answer that was endorsed. */
function effectsOf(
  action: ChaincodeAction | undefined,
  statements: readonly ReadStatement[],
  { txId, isValid, chaincode }: { readonly txId: string; readonly isValid: boolean; readonly chaincode: string },
): Pick<ReadTransaction, 'epoch' | 'registered' | 'statements'> {
  const announced = action && attempt(() => eventIn(action.events));
  const epoch = numberIn(announced, 'epoch') ?? null;
  if (!isValid) return { epoch, registered: null, statements };
  const registered = (action && attempt(() => dateIn(action.results, txId, chaincode))) ?? null;
  // A call that registers nothing may bring along what it likes, and a member alone may announce what it likes: only what a majority of
  // the institutes wrote was said.
  return registered === null
    ? { epoch, registered, statements: [] }
    : { epoch, registered, statements: [...statements, ...onlyAnnounced(announced, statements)] };
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

function callIn(bytes: Uint8Array) {
  const spec = ChaincodeInvocationSpec.decode(ChaincodeProposalPayload.decode(bytes).input).chaincodeSpec;
  const [name = '', argument = ''] = (spec?.input?.args ?? []).map((each) => utf8Text(each) ?? '');
  const transaction = name.startsWith(REGISTRY_CONTRACT) ? name.slice(REGISTRY_CONTRACT.length) : name;
  return { chaincode: spec?.chaincodeId?.name, transaction, argument: jsonIn(argument) };
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
    const text = (name: string) => textIn(item, name) ?? '';
    return [
      {
        what: text('type'),
        subject: { kind: text('kind'), id: text('id') },
        author: text('author'),
        number: numberIn(item, 'number') ?? 0,
        date: '',
        digest,
        signers: [],
        body: item,
      },
    ];
  });
}

function endorsersIn(endorsements: readonly { readonly endorser: Uint8Array }[]): readonly string[] {
  const ids = endorsements.flatMap(({ endorser }) => attempt(() => SerializedIdentity.decode(endorser).mspId) ?? []);
  return [...new Set(ids)].sort();
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
