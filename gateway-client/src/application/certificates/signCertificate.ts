import { randomBytes } from 'node:crypto';
import type { ReportAnswer } from '@tracecal/core/contracts';
import { registrantOf } from '@tracecal/core/model';
import type { Result, StatedCertificate } from '@tracecal/core/model';
import type { Item, TraceCal } from '../../client/index.js';
import { omissionNotes, writtenKind } from '../../dcc/index.js';
import type { CertificateReports, ItemReport } from '../../dcc/index.js';
import { all } from '../all.js';
import { ApplicationError } from '../errors.js';
import { requireEmployer } from '../operations/actor.js';
import { deviceItem } from '../operations/devices.js';
import { reportItem } from '../operations/reports.js';
import { missingSignatures } from '../operations/sign.js';
import { inConfidence, unsignedReport } from '../operations/unsignedReport.js';
import type { Session } from '../session/session.js';
import { freeDeviceId, registeredDevice } from './calibratedDevice.js';
import { calibratedItem, contentOf, nameOfFile, reportName } from './candidate.js';
import type { CalibratedItem, Candidate } from './candidate.js';
import type { SignedImport } from './imported.js';
import type { ImportRole } from './importRole.js';
import { issuedBy } from './issuer.js';
import type { IssuedCertificate } from './issuer.js';
import { matchParents } from './parents.js';
import type { MatchedParents } from './parents.js';
import { requireRegistrable } from './preflight.js';
import {
  remedyOfOthers,
  replacedReport,
  reportIdFor,
  reportOfFile,
  reportOfOthers,
  reportOfSameFile,
  reportsAboutDevice,
  reportsOfCertificate,
} from './reportIds.js';
import type { About } from './reportIds.js';
import { sealOf } from './seal.js';

/** A report planned for an item, before anything is signed. */
export interface Planned {
  readonly item: ItemReport;
  readonly calibrated: CalibratedItem;
  readonly device: string;
  readonly owner: string;
  readonly isNew: boolean;
  readonly report: string;
  readonly supersedes: ReportAnswer | null;
  readonly registered: ReportAnswer | null;
  /** Whether the owner relies on the registered report. */
  readonly accepted: boolean;
  /** Assumptions that were made about the device, or what there is to know about a report that was registered before. */
  readonly notes: readonly string[];
}

/** Planned reports of a certificate file, with everything that is known before anything is signed or written. */
export interface CertificatePlan {
  readonly planned: readonly Planned[];
  readonly parents: MatchedParents;
  readonly content: CertificateReports;
  readonly certificate: StatedCertificate;
  /** State of the file's signature, for people; null: it has none. */
  readonly signature: string | null;
}

/**
 * Checks everything that needs no signature, and writes nothing: the file's content, its seal and laboratory, its number, and whether its
 * technician may sign for it.
 *
 * @throws ApplicationError `KEYS_MISSING` or `INPUT_INVALID`
 */
export async function planCertificate(
  session: Session,
  candidate: Candidate,
  role: ImportRole,
): Promise<CertificatePlan> {
  const sealed = await sealOf(candidate, role.trust);
  const parents = await matchParents(session, candidate.draft, role.parents);
  const content = contentOf(candidate, parents.places);
  requireEmployer(session, role.technician);
  const reader = await session.reader();
  const issued = await issuerOf(session, content, role);
  const certificate = { ...issued.certificate, ...(sealed.seal && { seal: sealed.seal }) };
  const planned = await planAll(session, candidate, { ...content, certificate }, role);
  const fresh = planned.filter(({ registered }) => registered === null);
  await requireAuthorised(
    reader,
    role.technician,
    fresh.flatMap(({ item }) => item.results),
    candidate.draft.questions.map(({ text }) => text),
  );
  const notes = [...sealed.notes, ...issued.notes, ...parents.notes];
  return { planned, parents: { ...parents, notes }, content, certificate, signature: sealed.notes[0] ?? null };
}

/**
 * Signs the reports of a certificate file, one for each item: maps its parents, signs for new devices, adds their owners' acceptance if it
 * can be signed here, and keeps the file. All checks run before anything is registered.
 *
 * @throws ApplicationError `KEYS_MISSING` or `INPUT_INVALID`; RegistryError with the registry's message
 */
export async function signCertificate(
  session: Session,
  candidate: Candidate,
  role: ImportRole,
): Promise<readonly SignedImport[]> {
  const plan = await planCertificate(session, candidate, role);
  const { certificate, parents } = plan;
  const reader = await session.reader();
  const signed: SignedImport[] = [];
  for (const each of plan.planned) {
    const { items, notes } = each.registered
      ? NOTHING_SIGNED
      : await signPlan(session, candidate, { ...each, certificate }, parents, role);
    const told = { ...each, notes: [...each.notes, ...notes] };
    signed.push(signedImport(candidate, told, { ...plan, role }, items));
  }
  for (const { items } of signed) {
    await requireWelcome(session, reader, items);
  }
  // Nothing that says the same as what is confidential is kept beside it.
  await (role.confidential ? undefined : session.content.put(candidate.bytes));
  return signed;
}

/** One issuer for all items: a certificate has one laboratory. */
function issuerOf(session: Session, { items: [first] }: CertificateReports, { technician, issuer }: ImportRole) {
  if (!first) {
    throw new Error('A certificate that gives no report was not refused.');
  }
  return issuedBy(session, first.certificate, registrantOf(technician), issuer);
}

async function planAll(
  session: Session,
  candidate: Candidate,
  { items, certificate }: Pick<CertificateReports, 'items'> & Pick<CertificatePlan, 'certificate'>,
  role: ImportRole,
): Promise<readonly Planned[]> {
  if ((role.device !== undefined || role.isNewDevice) && items.length > 1) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `It is about ${items.length} items, and --device or --new-device tells the device of one: register each device with \`tracecal device add\` and issue its report with \`tracecal report issue\`.`,
    );
  }
  const planned: Planned[] = [];
  const taken = new Set<string>();
  for (const item of items) {
    const plan = await planOne(session, candidate, { ...item, certificate }, role, taken);
    taken.add(plan.device);
    planned.push(plan);
  }
  return planned;
}

async function planOne(
  session: Session,
  candidate: Candidate,
  item: ItemReport,
  role: ImportRole,
  taken: ReadonlySet<string>,
): Promise<Planned> {
  const reader = await session.reader();
  const calibrated = calibratedItem(candidate, item.item);
  const organisation = registrantOf(role.technician);
  const name = reportName(candidate, calibrated);
  const about = { organisation, name, certificate: item.certificate };
  const ofCertificate = mayShareNumber(role) ? [] : await reportsOfCertificate(session, about, candidate);
  // A registered report stays as it is, even if other options for its device are given now.
  if (role.confidential) {
    requireNumber(candidate);
  }
  const before =
    (await reportOfSameFile(session, about, candidate)) ??
    (candidate.draft.replaces ? undefined : reportOfOthers(ofCertificate, about, candidate));
  if (before) {
    return { item, calibrated, ...(await asRegistered(reader, before, organisation)) };
  }
  return planForDevice(session, candidate, { item, calibrated, about, ofCertificate }, role, taken);
}

interface Unregistered extends Pick<Planned, 'item' | 'calibrated'> {
  readonly about: About;
  readonly ofCertificate: readonly ReportAnswer[];
}

async function planForDevice(
  session: Session,
  candidate: Candidate,
  { item, calibrated, about, ofCertificate }: Unregistered,
  role: ImportRole,
  taken: ReadonlySet<string>,
): Promise<Planned> {
  const { organisation } = about;
  const reader = await session.reader();
  const { device: known, notes } = await registeredDevice(reader, calibrated, role);
  const id = known?.id;
  const byOtherName = id === undefined ? undefined : await reportOfFile(reader, organisation, id, candidate.sha256);
  const supersedes = byOtherName ? null : await replacedReport(reader, candidate, role, id);
  const ofDevice = id === undefined ? [] : await reportsAboutDevice(session, { ...about, device: id }, candidate);
  const inTheWay = supersedes !== null || mayShareNumber(role) ? [] : [...ofCertificate, ...ofDevice];
  const registered = byOtherName ?? reportOfOthers(inTheWay, { ...about, device: id }, candidate);
  if (registered) {
    return { item, calibrated, ...(await asRegistered(reader, registered, organisation)) };
  }
  const report = await reportIdFor(reader, about, digestForId(candidate, role), inTheWay);
  const device = id ?? (await freeDeviceId(reader, registrantOf(role.imprinter), calibrated, taken));
  const owner = known?.owner ?? role.owner;
  const fresh = { isNew: !known, registered: null, accepted: false };
  return { item, calibrated, device, owner, report, supersedes, notes, ...fresh };
}

/** An id may end in a part of the file's digest, which has no salt: in confidence, chance takes its place. */
function digestForId(candidate: Candidate, { confidential }: ImportRole): Pick<Candidate, 'sha256'> {
  return confidential ? { sha256: randomBytes(32).toString('hex') } : candidate;
}

/** @throws ApplicationError `INPUT_INVALID` */
function requireNumber({ report, sha256, file }: Candidate): void {
  if (report === nameOfFile(sha256)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `The certificate has no number, and its report would be called after the digest of the file, which would tell what is confidential: give it a name with \`tracecal report issue NAME --private --dcc ${file}\`.`,
    );
  }
}

/** Whether a person says that another certificate of its number is no obstacle. */
function mayShareNumber({ amends, playsSeveral = false }: ImportRole): boolean {
  return amends !== undefined || playsSeveral;
}

async function asRegistered(
  reader: TraceCal,
  registered: ReportAnswer,
  own: string,
): Promise<Omit<Planned, 'item' | 'calibrated'>> {
  const { id, body } = registered;
  const { device } = body;
  const { owner } = await reader.getDevice(device);
  const summary = (await all(reader.listReports(device))).find((each) => each.id === id);
  const accepted = summary?.accepted ?? null;
  const notes = notesOfRegistered(registered, { owner, accepted, own });
  const known = { registered, accepted: accepted === true, device, owner, isNew: false };
  return { ...known, report: id, supersedes: null, notes };
}

interface Situation {
  readonly owner: string;
  readonly accepted: boolean | null;
  /** The organisation that imports. */
  readonly own: string;
}

/** What a user should know about a report that was registered before: whose it is, whether it was amended, and whether it counts. */
function notesOfRegistered(
  { id, organisation, body, record }: ReportAnswer,
  { owner, accepted, own }: Situation,
): readonly string[] {
  const by =
    organisation === own ? [] : [`It is a report of ${organisation}: ${remedyOfOthers(id, organisation, body)}.`];
  if (record.supersededBy !== null) {
    return [...by, `It was amended since, by report ${record.supersededBy}.`];
  }
  const waits = `Its owner, ${owner}, has not accepted it yet; until then it does not count: \`tracecal report accept ${id}\`.`;
  return accepted === null ? [...by, waits] : by;
}

/** The registration of a new device, then the report, with the assumptions that were made. */
interface SignedPlan {
  readonly items: readonly Item[];
  readonly notes: readonly string[];
}

const NOTHING_SIGNED: SignedPlan = { items: [], notes: [] };

async function signPlan(
  session: Session,
  candidate: Candidate,
  {
    item,
    certificate,
    calibrated,
    device,
    owner,
    isNew,
    report,
    supersedes,
  }: Planned & Pick<IssuedCertificate, 'certificate'>,
  { parents }: MatchedParents,
  { technician, imprinter, kind, unaccepted = false, confidential, isPublic, readership }: ImportRole,
): Promise<SignedPlan> {
  // Put the report together first, so that errors in it are found before a key is made for its device.
  const facts = {
    ...{ report, device, technician, parents },
    content: { ...item, certificate },
    certificateSha256: candidate.sha256,
    supersedes: supersedes && { report: supersedes.id, digest: supersedes.digest },
    isPublic,
  };
  const unsigned = await unsignedReport(session, confidential ? inConfidence(facts, confidential) : facts);
  const { serial, model, manufacturer } = calibrated;
  const identity = { id: device, serial, model, manufacturer };
  const registration = isNew ? [await deviceItem(session, { ...identity, kind, technician: imprinter, owner })] : [];
  const { item: signed, notes } = await reportItem(session, unsigned, {
    unaccepted,
    ...(isNew && { newOwner: owner }),
    ...(readership && { readership }),
    ...(confidential && { original: candidate.sha256 }),
  });
  return { items: [...registration, signed], notes };
}

/** Stops before a device is registered for a report that would be refused. */
async function requireWelcome(session: Session, reader: TraceCal, items: readonly Item[]): Promise<void> {
  const [device, report] = items;
  if (!device || !report) {
    return;
  }
  const missing = await Promise.all(items.map(({ statement }) => missingSignatures(session, statement)));
  // If signatures of others are missing, the registry checks again when they have signed.
  if (missing.flat().length === 0) {
    await requireRegistrable(reader, device, report);
  }
}

/** @throws ApplicationError `INPUT_INVALID`; TraceCalError `NOT_FOUND` if the technician is not registered */
async function requireAuthorised(
  reader: TraceCal,
  technician: string,
  results: readonly Result[],
  questions: readonly string[],
): Promise<void> {
  const { quantities } = await reader.getTechnician(technician);
  const beyond = [...new Set(results.map(({ quantity }) => quantity))].filter((each) => !quantities.includes(each));
  if (beyond.length > 0) {
    const all = [...quantities, ...beyond].map(writtenKind).join(',');
    // An open question of the certificate may be why it seems to give such a kind.
    const before =
      questions.length === 0 ? '' : `First answer what is open: ${questions.join(' ')} As it is read now, `;
    throw new ApplicationError(
      'INPUT_INVALID',
      `${before}${technician} may not sign for ${beyond.join(' and ')}, which the certificate gives: \`tracecal technician authorise ${technician} --quantities ${all}\` changes it.`,
    );
  }
}

function signedImport(
  candidate: Candidate,
  { item, device, owner, report, supersedes, registered, accepted, notes: ofDevice }: Planned,
  { content, parents, role, signature }: CertificatePlan & { readonly role: ImportRole },
  items: readonly Item[],
): SignedImport {
  const { technician } = role;
  const count = content.items.length;
  const set = count > 1 ? [`One of the ${count} reports of certificate ${candidate.uniqueIdentifier}.`] : [];
  const { unused, omissions } = candidate.draft;
  const notes = [
    ...set,
    ...ofDevice,
    ...parents.notes,
    ...content.notes,
    ...unused.map(unusedNote),
    ...omissionNotes(omissions),
  ];
  return {
    items,
    file: candidate.file,
    report,
    device,
    owner,
    organisation: registered?.organisation ?? registrantOf(technician),
    technician,
    parents: registered?.body.parents ?? parents.parents,
    results: item.results.length,
    accepted: accepted || items.at(-1)?.acceptance !== undefined,
    supersedes: supersedes?.id ?? null,
    omitted: content.leftOut,
    notes: registered ? ofDevice : notes,
    signature: registered ? null : signature,
    certificateSha256: candidate.sha256,
  };
}

function unusedNote(entry: string): string {
  return `${entry} of the mapping file fits nothing in this certificate.`;
}
