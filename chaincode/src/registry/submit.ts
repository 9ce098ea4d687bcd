import { EVENTS, SUBMIT_STATEMENTS } from '@tracecal/core/contracts';
import type { AnnouncedItem, Announcement } from '@tracecal/core/contracts';
import {
  frozen,
  kindOf,
  logLine,
  parseAs,
  registrantOf,
  RegistryError,
  SHA256_HEX,
  SUBMISSION_LIMITS,
  submissionSchema,
} from '@tracecal/core/model';
import type { Instant, Item, Registered, Statement } from '@tracecal/core/model';
import { readStatement, registryOf, said } from '@tracecal/core/open';
import type { Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { payloadDigest } from '@tracecal/core/signing';
import type { Context } from 'fabric-contract-api';
import { readAhead } from './ahead.js';
import type { Configuration } from './configuration.js';
import { founded, requireFounding } from './founding.js';
import { requireCalibrationLevel } from './members.js';
import { RestsOnAnother, StateWriter } from './state.js';
import { ruleFor } from './transactions.js';
import type { Rule } from './transactions.js';

const FOUND = 'found';

/**
 * Registers all items of a transaction, or none. The signatures on each item decide; any member of the calibration level may
 * submit.
 */
export async function submit(
  caller: Context,
  configuration: Configuration,
  transaction: string,
  json: string,
): Promise<Announcement> {
  // Frozen, so that whatever is derived from a statement or a result is computed once.
  const { items } = frozen(parseAs(submissionSchema, 'submission', json, SUBMISSION_LIMITS));
  // The records that it depends on came before it, whatever the client's clock shows: if they are dated later, it gets their
  // date.
  for (let notBefore = ''; ;) {
    const state = new StateWriter(caller.stub);
    const attempt = registerAll(state, configuration, { transaction, mspId: mspOf(caller), notBefore }, items);
    await Promise.allSettled([attempt]);
    const newest = state.newestRead();
    if (newest <= notBefore || newest <= state.now) {
      return state.conclude(await attempt);
    }
    notBefore = newest;
  }
}

interface Submission {
  readonly transaction: string;
  /** The organisations of the submitter. */
  readonly mspId: string;
  readonly notBefore: Instant;
}

async function registerAll(
  state: StateWriter,
  configuration: Configuration,
  { transaction, mspId, notBefore }: Submission,
  items: readonly Item[],
): Promise<Announcement> {
  const registered =
    transaction === FOUND
      ? await beginning(state, configuration, items)
      : await registration(state, configuration, mspId, items, notBefore);
  const registry = transaction === FOUND ? state.channel : await registryOf(state);
  const done: AnnouncedItem[] = [];
  const lines: string[] = [];
  for (const item of items) {
    state.nextItem();
    const { announced, subjects } = await standingAlone(register(state, { transaction, registry }, item, registered));
    done.push(announced);
    lines.push(...subjects.map(logLine));
  }
  state.nextItem();
  if (lines.length > 0) {
    state.write(keys.log(registered.epoch, registered.txId), lines);
  }
  const [type = EVENTS.statementsSubmitted, ...others] = new Set(done.map((each) => each.type));
  return {
    type: others.length === 0 ? type : EVENTS.statementsSubmitted,
    epoch: registered.epoch,
    items: done,
  };
}

async function standingAlone<T>(registering: Promise<T>): Promise<T> {
  try {
    return await registering;
  } catch (error) {
    throw error instanceof RestsOnAnother
      ? new RegistryError(
          'INPUT_INVALID',
          'no item may rest on another of the same transaction: submit them one after the other.',
        )
      : error;
  }
}

/** Registers that the ledger contains a Merkle root of digests from now on: the anchored reports may be registered later. */
export async function anchor(caller: Context, configuration: Configuration, root: string): Promise<Announcement> {
  if (!SHA256_HEX.test(root)) {
    throw new RegistryError('INPUT_INVALID', 'an anchor is a Merkle root: 64 lower-case hexadecimal digits.');
  }
  const state = new StateWriter(caller.stub);
  const registered = await registration(state, configuration, mspOf(caller));
  const earlier = await state.read<Registered>(keys.anchor(root));
  if (earlier) {
    throw new RegistryError('ALREADY_EXISTS', `root ${root} is anchored since ${earlier.date}.`);
  }
  state.write(keys.anchor(root), registered);
  return state.conclude({ type: EVENTS.anchored, epoch: registered.epoch, items: [], root });
}

function mspOf({ clientIdentity }: Context): string {
  return clientIdentity.getMSPID();
}

/**
 * Every transaction reads the epoch: it fails if it is committed after the seal, and its time is not before that of the
 * previous seal.
 */
async function registration(
  state: StateWriter,
  configuration: Configuration,
  mspId: string,
  items: readonly Item[] = [],
  notBefore: Instant = '',
): Promise<Registered> {
  await readAhead(state, mspId, items);
  await requireFounding(state, configuration);
  const { changes } = await founded(state);
  await requireCalibrationLevel(state, mspId, items);
  const { number, opened } = await state.epoch();
  const { txId, time } = state.stamp;
  const [date = time] = [time, opened, notBefore].sort().reverse();
  return { epoch: number, date, decisions: changes.length, txId };
}

/**
 * @throws RegistryError `ALREADY_EXISTS`, or `WRONG_REGISTRY` for a founding other than the one this service was started
 * with
 */
async function beginning(
  state: StateWriter,
  configuration: Configuration,
  items: readonly Item[],
): Promise<Registered> {
  await state.readAhead([keys.registry(), keys.epoch()]);
  if (await state.founding()) {
    throw new RegistryError('ALREADY_EXISTS', 'the registry is founded already.');
  }
  const [item] = items;
  await requireFounding(state, configuration, item && payloadDigest(item.statement));
  const { txId, time } = state.stamp;
  return { epoch: 0, date: time, decisions: 0, txId };
}

async function register(
  state: StateWriter,
  { transaction, registry }: { readonly transaction: string; readonly registry: string },
  item: Item,
  registered: Registered,
) {
  const statement = readStatement(item.statement);
  const kind = kindOf(statement);
  const rule = ruleFor(kind, statement);
  requireTransaction(transaction, rule, kind);
  requireBeside(item, rule, kind);
  // Frozen, like the item: so that whatever is derived from the entry is computed once.
  const word: Said = said(frozen({ jws: item.statement, registered }), registry, kind);
  requirePlace(state.channel, statement);
  const { isKnown = false, ...told } = await rule.register({ state, item, word });
  return {
    announced: announced(rule, word, told),
    subjects: rule.logs(statement, { ...told, isKnown }),
  };
}

function announced({ event }: Rule, { statement, digest }: Said, details: object): AnnouncedItem {
  const { subject, author, number } = statement;
  return { type: event, kind: subject.kind, id: subject.id, author, number, digest, ...details };
}

function requireTransaction(transaction: string, rule: Rule, kind: string): void {
  const takesAny = transaction === SUBMIT_STATEMENTS && rule.transaction !== FOUND;
  if (rule.transaction !== transaction && !takesAny) {
    throw new RegistryError(
      'INPUT_INVALID',
      `${transaction} does not take this statement of type ${kind}: submit it with ${rule.transaction}.`,
    );
  }
}

function requireBeside(item: Item, { beside }: Rule, kind: string): void {
  const given = (Object.keys(item) as (keyof Item)[]).filter(
    (name) => name !== 'statement' && item[name] !== undefined,
  );
  const stray = given.find((name) => !(beside as readonly string[]).includes(name));
  if (stray !== undefined) {
    throw new RegistryError('INPUT_INVALID', `nothing named "${stray}" belongs beside a statement of type ${kind}.`);
  }
}

/** An id begins with the organisation that registers it; a statement about the registry names the registry. */
function requirePlace(channel: string, { author, subject, type, number }: Statement): void {
  const isOwned = subject.kind === 'person' || subject.kind === 'device' || subject.kind === 'report';
  if (isOwned && !subject.id.includes('/')) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the id ${subject.id} must begin with the organisation that registers it, like "lab-alpha/ALPHA-T-2025-0412".`,
    );
  }
  const creates = OWN.some((kind) => type.startsWith(`tracecal-${kind}/`));
  if (creates && registrantOf(subject.id) !== author) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `only ${registrantOf(subject.id)} may register ${subject.id}, not ${author}.`,
    );
  }
  if (subject.kind === 'registry' && subject.id !== channel) {
    throw new RegistryError(
      'WRONG_REGISTRY',
      `the statement ${number} of ${author} is about registry "${subject.id}".`,
    );
  }
}

const OWN = ['authorisation', 'device', 'report'];
