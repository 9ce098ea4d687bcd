import { canonicalJson, entriesOf, frozen, RegistryError, requireReportSize } from '@tracecal/core/model';
import type {
  Anchor,
  DeviceRecord,
  Item,
  OwnerEntry,
  Reads,
  Registered,
  ReportRecord,
  Result,
} from '@tracecal/core/model';
import { asFirstHeld, flawsOfSignatures, isIncluded, said, signedDigest } from '@tracecal/core/open';
import type { OpenDevice, Opener, Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import {
  Budget,
  refuseFailed,
  refuseUnsigned,
  resultsByQuantity,
  resultsDigests,
  traceCal,
  traceOptions,
} from '@tracecal/core/trace';
import type { RecordSource } from '@tracecal/core/trace';
import { leavesRoom, requireFirst, requireNext, requireRoom } from '../numbers.js';
import { overlay } from '../overlay.js';
import { addOwnersWord, isAcceptance, lastingEntries } from '../ownersWords.js';
import { examined, readsOfReport, withoutResults } from '../reads.js';
import { openerFor, requireNewestKeys, requireWordTo } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';
import { amendedBy, reportsCitedBy } from './amendments.js';
import { applicableConsent, indexAccepted, requireAccepts } from './decisions.js';

/** A report that is being registered, and the records that change with it. */
interface Filing {
  readonly word: Said<'report'>;
  readonly record: ReportRecord;
  readonly results: ReadonlyMap<string, readonly Result[]>;
  readonly device: DeviceRecord;
  /** The amended report, as it will be. */
  readonly amended: ReportRecord | undefined;
}

/**
 * Registers a report that its technician and its parent devices have signed; an amendment replaces the amended report.
 *
 * It runs the same checks as every trace, but looks only at the report's immediate parents. Everything above them was
 * checked at its own registration, and every trace checks it again. Going up to the roots would cost one read per level, and
 * a revocation far above would conflict with every report issued in the same block; and it would keep out nothing that a
 * trace would then let pass.
 */
export async function registerReport(registration: Registration<'report'>): Promise<Details> {
  const { state, item, word } = registration;
  const { body } = word.statement;
  const given = await filed(registration);
  const source = withoutResults(sourceOf(state, given));
  // One opener serves all: neither statements nor the present device depend on the report.
  const opener = openerFor(source, word);
  await requireSigned(source, opener, word);
  const { filing, reads } = await examinedFiling(registration, given, opener);
  const device = await required('device', body.device, opener.device(body.device));
  const entry = item.acceptance
    ? await acceptance(registration, opener, filing.device, device)
    : await standingConsent(state, filing, device);
  await write(state, filing, reads, device, entry);
  return {
    device: body.device,
    accepted: entry !== undefined,
    ...(body.supersedes && { report: body.supersedes.report }),
  };
}

/** Checks signatures before numbers, because comparing numbers takes longer. */
async function requireSigned(source: RecordSource, opener: Opener, word: Said<'report'>): Promise<void> {
  const flaws = await flawsOfSignatures(opener, word);
  if (flaws.length > 0) {
    const { subject, body } = word.statement;
    const { edges } = await examined(source, body.device, subject.id, word.registered.date, new Budget());
    refuseUnsigned(edges);
  }
}

/** @throws RegistryError `INPUT_INVALID` */
function requireAffordable({ budget }: StateWriter): void {
  if (budget.isExceeded) {
    throw new RegistryError(
      'INPUT_INVALID',
      'the reports of this transaction and their parents have more results than one transaction compares: split it into several.',
    );
  }
}

/**
 * Examines the report in its final state: an anchor counts as later than every record read here that the ledger took in
 * within the same epoch.
 */
async function examinedFiling(registration: Registration<'report'>, filing: Filing, opener: Opener) {
  const { state, word } = registration;
  const { anchor } = filing.record;
  const first = await examinedNow(registration, filing);
  const newest = anchor ? state.newestRead(anchor.registered.epoch) : '';
  const isInOrder = !anchor || newest <= anchor.registered.date;
  const held = isInOrder ? anchor : { ...anchor, registered: { ...anchor.registered, date: newest } };
  const final = isInOrder ? filing : { ...filing, record: { ...filing.record, ...(held && { anchor: held }) } };
  const { edges, reads } = isInOrder ? first : await examinedNow(registration, final);
  requireAffordable(state);
  refuseFailed(edges);
  await requireNewestKeys(opener, asFirstHeld(word, held));
  return { filing: final, reads };
}

function examinedNow({ state, word }: Registration<'report'>, filing: Filing) {
  const { subject, body } = word.statement;
  return examined(sourceOf(state, filing), body.device, subject.id, word.registered.date, new Budget(state.budget));
}

async function filed({ state, item, word }: Registration<'report'>): Promise<Filing> {
  const { subject, body } = word.statement;
  requireFirst(word);
  if (await state.report(subject.id)) {
    throw new RegistryError('ALREADY_EXISTS', `report ${subject.id} is registered already.`);
  }
  const named = reportsCitedBy(word.statement);
  if (new Set(named).size < named.length) {
    throw new RegistryError('INPUT_INVALID', `report ${subject.id} names a parent twice.`);
  }
  const anchor = await anchorOf(state, item);
  return {
    word,
    record: {
      id: subject.id,
      statement: word.entry,
      ...(anchor && { anchor }),
      supersededBy: null,
      impediments: [],
    },
    results: signedResults(word, item.results ?? []),
    device: await required('device', body.device, state.device(body.device)),
    amended: await amendedBy(state, word),
  };
}

function signedResults(word: Said<'report'>, results: readonly Result[]): ReadonlyMap<string, readonly Result[]> {
  const { subject, body } = word.statement;
  // Nobody passes confidential results to those who endorse.
  const stated = body.results.filter(({ sealed }) => !sealed);
  if (canonicalJson(resultsDigests(results)) !== canonicalJson(stated)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the results beside report ${subject.id} are not those whose digests were signed.`,
    );
  }
  for (const { name, support } of results) {
    const beyond = support?.uses.find(({ source }) => source >= body.parents.length);
    if (beyond) {
      throw new RegistryError(
        'INPUT_INVALID',
        `${name} of report ${subject.id} uses source ${beyond.source}, and the report names ${body.parents.length} parents, counted from 0.`,
      );
    }
  }
  requireReportSize(subject.id, results);
  return resultsByQuantity(results);
}

async function anchorOf(state: StateWriter, { statement, anchor: shown }: Item): Promise<Anchor | undefined> {
  if (!shown) {
    return undefined;
  }
  const registered = await required('anchor', shown.root, state.read<Registered>(keys.anchor(shown.root)));
  const anchor = { ...shown, registered };
  if (!isIncluded(signedDigest(statement), anchor)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the path does not lead from the report's digest to anchor ${shown.root}.`,
    );
  }
  return anchor;
}

async function acceptance(
  { item, word }: Registration<'report'>,
  opener: Opener,
  before: DeviceRecord,
  device: OpenDevice,
): Promise<OwnerEntry | undefined> {
  if (!item.acceptance) {
    return undefined;
  }
  const own = said(
    frozen({ jws: item.acceptance, registered: word.registered }),
    word.statement.registry,
    'acceptance',
  );
  const { author } = own.statement;
  if (author !== device.owner) {
    throw new RegistryError('NOT_AUTHORISED', `device ${device.id} is owned by ${device.owner}, not by ${author}.`);
  }
  requireNext(own, entriesOf.device(before));
  requireRoom(own, lastingEntries(device));
  requireAccepts(own, word);
  await requireWordTo(opener, own);
  return own.entry;
}

/**
 * A standing consent applies if the report is traceable without it; otherwise the owner has to decide, and so about results that the owner
 * alone may read.
 */
async function standingConsent(
  state: StateWriter,
  filing: Filing,
  device: OpenDevice,
): Promise<OwnerEntry | undefined> {
  const entry = await applicableConsent(state, device, filing.word);
  const { ownership } = filing.device;
  const isSealed = filing.word.statement.body.results.some(({ sealed }) => sealed);
  if (!entry || isSealed || !leavesRoom(entry, lastingEntries(device))) {
    return undefined;
  }
  const alone = { ...filing.device, ownership: [...ownership.filter((each) => !isAcceptance(each)), entry] };
  const source = sourceOf(state, { ...filing, device: alone });
  const { status } = await traceCal(
    source,
    device.id,
    traceOptions({ asOf: filing.word.registered.date }),
    new Budget(state.budget),
  );
  return status === 'TRACEABLE' ? entry : undefined;
}

async function write(
  state: StateWriter,
  { word, record: report, results, device: before, amended }: Filing,
  own: Reads,
  device: OpenDevice,
  entry: OwnerEntry | undefined,
): Promise<void> {
  const reads = await readsOfReport(own, state, reportsCitedBy(word.statement));
  state.write(keys.report(report.id), report);
  state.write(keys.reads('report', report.id), reads);
  for (const [quantity, measured] of results) {
    state.write(keys.results(report.id, quantity), measured);
  }
  state.write(keys.filed(device.id, report.id), null);
  if (amended) {
    state.write(keys.report(amended.id), amended);
    // Reports that depend on the old report depend on the new one from now on.
    state.write(keys.rests({ kind: 'report', id: report.id }, device.imprint.body.kind, device.id, amended.id), null);
  }
  if (entry) {
    await addOwnersWord(state, before, entry, { record: report, reads });
    await indexAccepted(state, device, report, entry);
  }
}

/** The records as they will be after the write. */
function sourceOf(base: RecordSource, { record, results, device, amended }: Omit<Filing, 'word'>): RecordSource {
  return overlay(base, {
    device,
    reports: [record, ...(amended ? [amended] : [])],
    results: { report: record.id, byQuantity: results },
  });
}
