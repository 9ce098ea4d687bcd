import { registrantOf } from '@tracecal/chaincode/model';
import type { DeviceKind, Parent } from '@tracecal/chaincode/model';
import { ReportBuilder } from '../../client/index.js';
import type { Announced, Item, TraceCal } from '../../client/index.js';
import type { Omitted, ReportDraft } from '../../dcc/index.js';
import { all } from '../all.js';
import { CliError } from '../errors.js';
import { requireEmployer } from '../operations/actor.js';
import { deliver } from '../operations/deliver.js';
import { deviceItem } from '../operations/devices.js';
import { ownId } from '../operations/ids.js';
import { isAccepted, reportItem } from '../operations/reports.js';
import type { Session } from '../session.js';
import { undefinedIfNotFound } from '../../client/index.js';
import { contentOf } from './candidate.js';
import type { CalibratedItem, Candidate } from './candidate.js';
import { matchParents, otherFilesOf } from './parents.js';
import type { OtherFile } from './parents.js';
import { slug } from './slug.js';

/** In what role a certificate enters the registry; the file cannot say. */
export interface ImportRole {
  /** Who signs the report, by their whole id; their organisation issues it. */
  readonly technician: string;
  /** Who imprints the device if it is not registered yet. */
  readonly imprinter: string;
  /** Of a device that is not registered yet. */
  readonly owner: string;
  readonly kind: DeviceKind;
  /** What the report rests on where the certificate names nothing. */
  readonly unnamedParents?: readonly Parent[];
  /** Leaves it to the owner to accept the report later. */
  readonly unaccepted?: boolean;
}

/** What a certificate says, signed to be registered. */
export interface SignedImport {
  /** The registration of its device if that is new, then the report. */
  readonly items: readonly Item[];
  readonly file: string;
  readonly report: string;
  readonly device: string;
  readonly owner: string;
  readonly organisation: string;
  readonly technician: string;
  readonly parents: readonly Parent[];
  /** Of parents that stayed outside: reports by the same number, made from other files. */
  readonly otherFiles: readonly OtherFile[];
  readonly results: number;
  /** Whether the owner has accepted it, by an officer whose key is here. */
  readonly accepted: boolean;
  /** What of the certificate the report does not hold. */
  readonly omitted: readonly Omitted[];
  readonly certificateSha256: string;
}

export interface Imported extends Omit<SignedImport, 'items'> {
  /** Also by a standing consent. */
  readonly accepted: boolean;
  /** The registration of its device, if that was new. */
  readonly deviceCommitted: Announced | null;
  readonly committed: Announced;
}

/** The device was registered, and then the report was refused, for the reason that is the cause. */
export class HalfImported extends Error {
  override readonly name = 'HalfImported';
  readonly device: string;

  constructor(device: string, cause: unknown) {
    super(`Device ${device} is registered, its report is not.`, { cause });
    this.device = device;
  }
}

async function isThere(session: Session, device: string): Promise<boolean> {
  const answer = undefinedIfNotFound((await session.reader()).getDevice(device));
  // What went wrong before is told, not that nobody answers now.
  return (await answer.catch(() => undefined)) !== undefined;
}

/**
 * Makes a certificate file a report, and registers it, with its device if that is new.
 *
 * @param via - The member that submits; any if it is not given.
 * @throws TraceCalError if the registry refuses it, HalfImported if that was after its device; CliError `KEYS_MISSING` or `INPUT_INVALID`
 */
export async function importCertificate(
  session: Session,
  candidate: Candidate,
  role: ImportRole,
  via?: string,
): Promise<Imported> {
  const { items, ...signed } = await signCertificate(session, candidate, role);
  const { committed } = await deliver(session, items, { ...(via !== undefined && { via }) }).catch(
    async (error: unknown) => {
      const isNew = items.length > 1;
      throw isNew && (await isThere(session, signed.device)) ? new HalfImported(signed.device, error) : error;
    },
  );
  const [last, before = null] = committed.toReversed();
  if (!last) {
    throw new Error('A report was delivered and no transaction committed.');
  }
  return { ...signed, accepted: isAccepted(last), deviceCommitted: before, committed: last };
}

/**
 * Makes a certificate file a signed report: keeps the file, signs for its device if that is new, maps its parents, and adds its
 * owner's acceptance if that can be signed here.
 *
 * @throws CliError `KEYS_MISSING` or `INPUT_INVALID`
 */
export async function signCertificate(session: Session, candidate: Candidate, role: ImportRole): Promise<SignedImport> {
  const content = contentOf(candidate);
  const reader = await session.reader();
  const organisation = registrantOf(role.technician);
  const report = await freeReportId(reader, organisation, candidate);
  const matched = await matchParents(session, content.parents);
  const parents = matched.length > 0 ? matched : (role.unnamedParents ?? []);
  await requireReportable(session, role.technician, content, parents);
  const certificateSha256 = await session.content.put(candidate.bytes);
  const { device, owner, registration } = await deviceFor(session, reader, candidate.device, role);

  const { technician, unaccepted = false } = role;
  const builder = new ReportBuilder({ registry: await session.registry(), report, device, organisation, technician })
    .content(content)
    .certificate(certificateSha256);
  parents.forEach((parent) => (parent.kind === 'report' ? builder.parent(parent) : builder.outsideParent(parent)));
  const item = await reportItem(session, builder.build(), { unaccepted, ...(registration && { newOwner: owner }) });
  return {
    items: [...(registration ? [registration] : []), item],
    file: candidate.file,
    report,
    device,
    owner,
    organisation,
    technician,
    parents,
    otherFiles: await otherFilesOf(session, parents),
    results: content.results.length,
    accepted: item.acceptance !== undefined,
    omitted: content.omitted,
    certificateSha256,
  };
}

/**
 * Stops before a device is registered for a report that would be refused.
 * @throws CliError `INPUT_INVALID`; TraceCalError `NOT_FOUND` if the technician is not registered
 */
async function requireReportable(
  session: Session,
  technician: string,
  { results }: Pick<ReportDraft, 'results'>,
  parents: readonly Parent[],
): Promise<void> {
  requireEmployer(session, technician);
  const organisation = registrantOf(technician);
  const institutes = await session.institutes();
  if (parents.length === 0 && !institutes.some(({ id }) => id === organisation)) {
    throw new CliError(
      'INPUT_INVALID',
      `The certificate names no certificate that it rests on, and ${organisation} is no institute: issue the report with \`tracecal report issue --dcc\`, and --parent or --paper-parent.`,
    );
  }
  const { quantities } = await (await session.reader()).getTechnician(technician);
  const beyond = results.find(({ quantity }) => !quantities.includes(quantity));
  if (beyond) {
    throw new CliError(
      'INPUT_INVALID',
      `${technician} may not sign for ${beyond.quantity}, which the certificate gives: \`tracecal technician authorise\` changes it.`,
    );
  }
}

/** Certificates of different files may bear one number; the same file is registered once. */
async function freeReportId(reader: TraceCal, organisation: string, { report, sha256 }: Candidate): Promise<string> {
  for (const name of [report, `${report}+${sha256.slice(0, 8)}`]) {
    const id = ownId(organisation, name);
    const existing = await undefinedIfNotFound(reader.getReport(id));
    if (!existing) {
      return id;
    }
    if (existing.body.certificateSha256 === sha256) {
      throw new CliError('INPUT_INVALID', `This file is registered already, as report ${id}.`);
    }
  }
  throw new CliError('INPUT_INVALID', `The ids that report ${report} could have are taken.`);
}

interface CalibratedDevice {
  readonly device: string;
  readonly owner: string;
  /** Null if it is registered. */
  readonly registration: Item | null;
}

async function deviceFor(
  session: Session,
  reader: TraceCal,
  item: CalibratedItem,
  role: ImportRole,
): Promise<CalibratedDevice> {
  const known = await registeredDevice(reader, item, role);
  if (known) {
    return { device: known.id, owner: known.owner, registration: null };
  }
  const { kind, imprinter: technician, owner } = role;
  const device = await freeDeviceId(reader, registrantOf(technician), item);
  const registration = await deviceItem(session, { ...item, id: device, kind, technician, owner });
  return { device, owner, registration };
}

/** The device as one of those concerned has registered or owns it: what a stranger registers under its number is another. */
async function registeredDevice(reader: TraceCal, { serial, manufacturer }: CalibratedItem, role: ImportRole) {
  const concerned = [registrantOf(role.technician), registrantOf(role.imprinter)];
  const found = (await all(reader.findDevices({ serial }))).filter(
    (device) =>
      device.manufacturer === manufacturer &&
      (concerned.includes(registrantOf(device.id)) || device.owner === role.owner),
  );
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new CliError(
      'INPUT_INVALID',
      `Its device can be each of ${ids}: issue the report with \`tracecal report issue\`.`,
    );
  }
  return found[0];
}

async function freeDeviceId(
  reader: TraceCal,
  organisation: string,
  { id, manufacturer, serial }: CalibratedItem,
): Promise<string> {
  for (const name of [id, slug(`${manufacturer}-${serial}`) ?? id]) {
    const device = ownId(organisation, name);
    if (!(await undefinedIfNotFound(reader.getDevice(device)))) {
      return device;
    }
  }
  throw new CliError('INPUT_INVALID', `The ids that device ${id} could have are taken.`);
}
