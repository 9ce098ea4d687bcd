import type { DeviceSummary } from '@tracecal/core/contracts';
import { dateOf, entriesOf, MAX_OF_AN_AUTHOR, registrantOf, RegistryError, WITHHELD } from '@tracecal/core/model';
import type { DeviceRecord, Imprint } from '@tracecal/core/model';
import { flawsOfOrganisations, isSameDevice, readStatement } from '@tracecal/core/open';
import type { OpenDevice, Said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { isValidOn, signerName } from '@tracecal/core/signing';
import { bearing, bearingOf, useAt } from '@tracecal/core/trace';
import { brought, claim, issuerOf } from '../holders.js';
import type { Brought } from '../holders.js';
import { requireFirst, requireNext, requireRoom } from '../numbers.js';
import { overlay } from '../overlay.js';
import { addOwnersWord, lastingEntries } from '../ownersWords.js';
import { deviceAsWritten, writeDevice } from '../reads.js';
import { certifiedEntry, openerFor, requireKey, requireWord } from '../registration.js';
import type { Details, Registration } from '../registration.js';
import { required } from '../state.js';
import type { StateWriter } from '../state.js';
import { requireOpenIfNamed } from './pseudonyms.js';

/**
 * Registers a device. A technician certified its key when imprinting it, and its owner agrees. Also registers a further key
 * or certificate of a registered device.
 */
export async function registerDevice(registration: Registration<'device'>): Promise<Details> {
  const { state, word } = registration;
  const { subject, body } = word.statement;
  const before = await state.device(subject.id);
  if (before && word.statement.number > 0) {
    return renew(registration, before);
  }
  requireFirst(word);
  if (before) {
    throw new RegistryError('ALREADY_EXISTS', `device ${subject.id} is registered already.`);
  }
  requireOpenIfNamed(word);
  await required('organisation', body.owner, state.organisation(body.owner));
  await enter(registration, { id: subject.id, imprints: [], ownership: [], settledUntil: null, impediments: [] });
  index(state, summaryOf(subject.id, body, body.owner));
  return {};
}

async function renew(registration: Registration<'device'>, before: DeviceRecord): Promise<Details> {
  const { state, word } = registration;
  const { subject, body } = word.statement;
  const entries = entriesOf.device(before);
  requireNext(word, entries);
  requireRoom(word, entries);
  const device = await required('device', subject.id, openerFor(state, word).device(subject.id));
  requireOwner(device, body.owner);
  if (!isSameDevice(device.imprint.body, body) || body.intervalDays !== (device.intervals.at(-1)?.days ?? null)) {
    throw new RegistryError(
      'INPUT_INVALID',
      `a further key of ${subject.id} leaves its kind, serial number, model, manufacturer, pseudonym and interval as they are.`,
    );
  }
  await enter(registration, before);
  if (!device.imprinters.has(body.technician)) {
    const accepted = device.decisions.filter(({ accepts }) => accepts).map(({ report }) => report);
    for (const report of new Set(accepted)) {
      state.write(keys.rests({ kind: 'person', id: body.technician }, body.kind, device.id, report), null);
    }
  }
  return {};
}

/** Writes a device with the key that a statement brings, if an authorised technician certified it. */
async function enter(registration: Registration<'device'>, before: DeviceRecord): Promise<void> {
  const { state, word } = registration;
  const { author, subject, body } = word.statement;
  const own = brought(registration, 'device', author, subject.id, body.certificateSha256);
  const issuer = await imprinter(registration, own);
  const record = { ...before, imprints: [...before.imprints, certifiedEntry(registration)] };
  const opener = await requireWord(overlay(state, { device: record }), word);
  await requireKey(opener, registration, signerName('device', subject.id), own.certificate.sha256);
  await claim(state, own, issuer);
  await writeDevice(state, await deviceAsWritten(state, record));
}

/** Hands a device over: both owners have signed. */
export async function transferDevice({ state, word }: Registration<'transfer'>): Promise<Details> {
  const { author, subject, body } = word.statement;
  const { device, record } = await ownedBy(state, word);
  if (body.to === author) {
    throw new RegistryError('INPUT_INVALID', `${author} owns device ${subject.id} already.`);
  }
  await required('organisation', body.to, state.organisation(body.to));
  await requireRoomOfFormerOwners(state, device, word);
  await requireWord(state, word);
  await addOwnersWord(state, record, word.entry);
  state.remove(keys.owner(author, subject.id));
  index(state, summaryOf(subject.id, device.imprint.body, body.to));
  return {};
}

/**
 * Requires that all former owners together have made no more statements than one author may: a trace reads them all, even if
 * the device was sold often. Its imprinter, its new owner and the organisations above them keep separate space.
 */
async function requireRoomOfFormerOwners(
  state: StateWriter,
  device: OpenDevice,
  { statement, entry, registered }: Said<'transfer'>,
): Promise<void> {
  const { objections } = openerFor(state, { registered });
  const speaking = [
    ...(await objections.above(registrantOf(device.id))),
    ...(await objections.above(statement.body.to)),
  ];
  const former = [...lastingEntries(device), entry].filter(({ jws }) => !speaking.includes(readStatement(jws).author));
  if (former.length > MAX_OF_AN_AUTHOR) {
    throw new RegistryError(
      'INPUT_INVALID',
      `the record of device ${device.id} would hold ${former.length} statements of former owners, of at most ${MAX_OF_AN_AUTHOR}: register the device anew for its next owner.`,
    );
  }
}

/** Sets the recalibration interval: the owner's policy. */
export async function setInterval({ state, word }: Registration<'interval'>): Promise<Details> {
  const { record } = await ownedBy(state, word);
  await requireWord(state, word);
  await addOwnersWord(state, record, word.entry);
  return {};
}

/** A device owned by the statement's author. The statement must have the author's next number and space in the record. */
export async function ownedBy(
  state: StateWriter,
  word: Said,
): Promise<{ readonly device: OpenDevice; readonly record: DeviceRecord }> {
  const { author, subject } = word.statement;
  const record = await required('device', subject.id, state.device(subject.id));
  const device = await required('device', subject.id, openerFor(state, word).device(subject.id));
  requireOwner(device, author);
  requireNext(word, entriesOf.device(record));
  requireRoom(word, lastingEntries(device));
  return { device, record };
}

function requireOwner({ id, owner }: OpenDevice, claimed: string): void {
  if (owner !== claimed) {
    throw new RegistryError('NOT_AUTHORISED', `device ${id} is owned by ${owner}, not by ${claimed}.`);
  }
}

/** The certificate of the technician who imprinted the device; the technician must be authorised for that. */
async function imprinter({ state, word }: Registration<'device'>, own: Brought) {
  const { author, body, date } = word.statement;
  if (registrantOf(body.technician) !== author) {
    throw new RegistryError('NOT_AUTHORISED', `technician ${body.technician} is not one of ${author}.`);
  }
  const opener = openerFor(state, word);
  const technician = await required('technician', body.technician, opener.person(body.technician));
  const role = technician.keys.at(-1)?.said.statement.body.role;
  if (role !== 'technician') {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `${body.technician} is not a technician: only technicians imprint devices.`,
    );
  }
  const use = useAt(date, word.registered.date);
  const found = bearing(technician.impediments, opener.moment, use, 'signer');
  const { organisations, missing } = await opener.certification(author);
  const [flaw] = [
    ...(found ? [bearingOf(`technician ${body.technician}`, found, use)] : []),
    ...(missing === null ? [] : [`no organisation ${missing} is registered here.`]),
    ...flawsOfOrganisations(organisations, opener.moment, use),
  ];
  if (flaw !== undefined) {
    throw new RegistryError('NOT_AUTHORISED', flaw);
  }
  const valid = technician.keys.filter(({ certificate }) => isValidOn(certificate, dateOf(word.registered.date)));
  return issuerOf(own, valid, `a valid certificate of technician ${body.technician}`);
}

function summaryOf(id: string, imprint: Imprint, owner: string): DeviceSummary {
  const { kind, serial, model, manufacturer, pseudonym } = imprint;
  return { id, kind, serial, model, manufacturer, owner, ...(pseudonym && { pseudonymous: true }) };
}

/**
 * The indexes contain everything that a search shows about a device, so that a search reads no records. Nobody finds a device by a serial
 * number that is withheld.
 */
function index(state: StateWriter, summary: DeviceSummary): void {
  if (!summary.pseudonymous || summary.serial !== WITHHELD) {
    state.write(keys.serial(summary.serial, summary.id), summary);
  }
  state.write(keys.owner(summary.owner, summary.id), summary);
}
