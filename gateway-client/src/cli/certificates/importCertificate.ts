import type { DeviceKind, Parent } from '@tracecal/chaincode/model';
import { ReportBuilder } from '../../client/index.js';
import type { Announced, TraceCal } from '../../client/index.js';
import { CliError } from '../errors.js';
import { ifThere } from '../ifThere.js';
import { addDevice } from '../operations/devices.js';
import { issueReport } from '../operations/reports.js';
import type { Session } from '../session.js';
import type { Omitted } from '../../dcc/index.js';
import { contentOf } from './candidate.js';
import type { CalibratedItem, Candidate } from './candidate.js';
import { matchParents } from './parents.js';
import { slug } from './slug.js';

/** In what role a certificate enters the registry; the file cannot say. */
export interface ImportRole {
  /** Who signs the report; his organisation issues it. */
  readonly technician: string;
  /** Who imprints the device if it is not registered yet. */
  readonly imprinter: string;
  readonly owner: string;
  readonly kind: DeviceKind;
  /** What the report rests on where the certificate names nothing. */
  readonly unnamedParents?: readonly Parent[];
}

export interface Imported {
  readonly file: string;
  readonly report: string;
  readonly device: string;
  readonly owner: string;
  readonly organisation: string;
  readonly technician: string;
  readonly parents: readonly Parent[];
  readonly results: number;
  /** What of the certificate the report does not hold. */
  readonly omitted: readonly Omitted[];
  readonly certificateSha256: string;
  /** The registration of its device, if that was new. */
  readonly deviceCommitted: Announced | null;
  readonly committed: Announced;
}

/**
 * Makes a certificate file a report: keeps the file, registers its device if it is new, maps its parents, signs and issues.
 * @throws TraceCalError if the registry refuses it; CliError `KEYS_MISSING` or `INPUT_INVALID`
 */
export async function importCertificate(session: Session, candidate: Candidate, role: ImportRole): Promise<Imported> {
  const { performed, issued, results, omitted, parents: named } = contentOf(candidate);
  const reader = await session.reader();
  const organisation = await session.organisationOf(role.technician);
  const report = await freeReportId(reader, candidate);
  const certificateSha256 = await session.content.put(candidate.bytes);
  const { device, deviceCommitted } = await deviceFor(session, reader, candidate.device, role);
  const matched = await matchParents(reader, named);
  const parents = matched.length > 0 ? matched : (role.unnamedParents ?? []);

  const builder = new ReportBuilder({
    registry: session.channel.name,
    report,
    device,
    organisation,
    technician: role.technician,
  })
    .performed(performed.begin, performed.end)
    .issued(issued)
    .result(...results)
    .certificate(certificateSha256);
  parents.forEach((parent) => (parent.kind === 'report' ? builder.parent(parent) : builder.outsideParent(parent)));
  const { committed } = await issueReport(session, builder.build());
  const { technician, owner } = role;
  const { file } = candidate;
  return {
    file,
    report,
    device,
    owner,
    organisation,
    technician,
    parents,
    results: results.length,
    omitted,
    certificateSha256,
    deviceCommitted,
    committed,
  };
}

/** Certificates of different files may bear one number; the same file is registered once. */
async function freeReportId(reader: TraceCal, { report, sha256 }: Candidate): Promise<string> {
  for (const id of [report, `${report}+${sha256.slice(0, 8)}`]) {
    const existing = await ifThere(reader.getReport(id));
    if (!existing) {
      return id;
    }
    if (existing.payload.certificateSha256 === sha256) {
      throw new CliError('INPUT_INVALID', `This file is registered already, as report ${id}.`);
    }
  }
  throw new CliError('INPUT_INVALID', `The ids that report ${report} could have are taken.`);
}

async function deviceFor(
  session: Session,
  reader: TraceCal,
  item: CalibratedItem,
  role: ImportRole,
): Promise<{ readonly device: string; readonly deviceCommitted: Announced | null }> {
  const { id, ...identity } = item;
  const { kind, imprinter: technician, owner } = role;
  for (const device of [id, slug(`${item.manufacturer}-${item.serial}`) ?? id]) {
    const existing = await ifThere(reader.getDevice(device));
    if (!existing) {
      const deviceCommitted = await addDevice(session, { id: device, ...identity, kind, technician, owner });
      return { device, deviceCommitted };
    }
    if (existing.device.serial === item.serial && existing.device.manufacturer === item.manufacturer) {
      return { device, deviceCommitted: null };
    }
  }
  throw new CliError('INPUT_INVALID', `The ids that device ${id} could have are taken.`);
}
