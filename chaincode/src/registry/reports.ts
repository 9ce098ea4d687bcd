import { RegistryError, reportPayloadSchema } from '../model/index.js';
import type { DeviceFile, Report, ReportPayload } from '../model/index.js';
import { payloadDigest } from '../signing/index.js';
import { examineReport, payloadOf, traceOptions } from '../trace/index.js';
import type { RecordSource } from '../trace/index.js';
import { EVENTS } from './api.js';
import type { Announcement } from './api.js';
import { certificationChain } from './caller.js';
import type { Caller } from './caller.js';
import { foundationsOf } from './foundations.js';
import { keys } from './keys.js';
import { requireLanes } from './lanes.js';
import { lineageOf } from './lineage.js';
import { refuseFailed } from './refusal.js';
import { parseSigned } from './signed.js';
import type { Signed } from './signed.js';
import { required } from './state.js';
import type { StateWriter } from './state.js';

/** Registers a report that its technician and its parent devices have signed. */
export async function createReport(state: StateWriter, caller: Caller, json: string): Promise<Announcement> {
  caller.requireRole('issuer');
  const signed = parseReport(state, json);
  if (signed.payload.supersedes !== null) {
    throw new RegistryError('INPUT_INVALID', `report ${signed.payload.report} supersedes another: amend that one.`);
  }
  const file = await fileWith(state, signed);
  await issue(state, caller, signed.payload, file);
  const { report: id, device } = signed.payload;
  return state.announce({ type: EVENTS.reportCreated, id, device });
}

/** Registers a report in the place of a current one of the same device and issuer; the old one stays readable. */
export async function amendReport(state: StateWriter, caller: Caller, json: string): Promise<Announcement> {
  caller.requireRole('issuer');
  const signed = parseReport(state, json);
  const { report: id, device, supersedes } = signed.payload;
  if (supersedes === null) {
    throw new RegistryError('INPUT_INVALID', `report ${id} does not say which report it supersedes.`);
  }
  const file = await fileWith(state, signed);
  const old = amended(file, signed.payload, supersedes);
  const changed = { ...file, reports: { ...file.reports, [supersedes.report]: { ...old, supersededBy: id } } };
  await issue(state, caller, signed.payload, changed);
  // What rests on the old report rests on the new one from now on.
  await state.write(keys.rests({ kind: 'report', id }, file.device.kind, device, supersedes.report), null);
  return state.announce({ type: EVENTS.reportAmended, id, device, supersedes: supersedes.report });
}

function parseReport(state: StateWriter, json: string): Signed<ReportPayload> {
  const signed = parseSigned<ReportPayload>(reportPayloadSchema, 'report', state.registry, json);
  const { report, parents } = signed.payload;
  const named = parents.flatMap((parent) => (parent.kind === 'report' ? [parent.report] : []));
  if (new Set(named).size < named.length) {
    throw new RegistryError('INPUT_INVALID', `report ${report} names a parent twice.`);
  }
  return signed;
}

/** The device's file with the new report in it. */
async function fileWith(state: StateWriter, { jws, payload }: Signed<ReportPayload>): Promise<DeviceFile> {
  const { report: id, device, technician, organisation, parents } = payload;
  await state.readAhead([
    keys.report(id),
    keys.technician(technician),
    keys.organisation(organisation),
    ...[device, ...parents.flatMap((parent) => (parent.kind === 'report' ? [parent.device] : []))].map(keys.device),
  ]);
  const elsewhere = await state.report(id);
  if (elsewhere) {
    throw new RegistryError('ALREADY_EXISTS', `report ${id} is registered already, of device ${elsewhere.device}.`);
  }
  const file = await required('device', device, state.device(device));
  const { certificate } = await required('technician', technician, state.technician(technician));
  const report: Report = {
    digest: payloadDigest(jws),
    jws,
    technicianCertificate: certificate,
    registered: state.stamp,
    statements: [],
    supersededBy: null,
    lineage: await lineageOf(state, payload, file),
  };
  return { ...file, reports: { ...file.reports, [id]: report } };
}

function amended(
  file: DeviceFile,
  { device, organisation, report: id }: ReportPayload,
  { report, digest }: NonNullable<ReportPayload['supersedes']>,
): Report {
  const old = Object.hasOwn(file.reports, report) && report !== id ? file.reports[report] : undefined;
  if (!old) {
    throw new RegistryError('NOT_FOUND', `device ${device} has no report ${report} that could be amended.`);
  }
  if (old.digest !== digest) {
    throw new RegistryError('INPUT_INVALID', `report ${id} names report ${report} with another digest than it has.`);
  }
  if (old.supersededBy !== null) {
    throw new RegistryError('ALREADY_EXISTS', `report ${report} was amended by ${old.supersededBy}: amend that one.`);
  }
  const payload = payloadOf(old);
  if (payload instanceof RegistryError || payload.organisation !== organisation) {
    throw new RegistryError(
      'NOT_AUTHORISED',
      `report ${report} is another organisation's: only its issuer may amend it.`,
    );
  }
  return old;
}

/**
 * Checks a report as every trace will, and files it. Only its immediate parents are looked at: what they rest on was
 * checked when they were registered and is checked again by every trace, so going on to the roots would cost a read a
 * level, and let a revocation far above conflict with every report issued in the same block, without keeping anything
 * out that a trace would then let pass.
 */
async function issue(state: StateWriter, caller: Caller, payload: ReportPayload, file: DeviceFile): Promise<void> {
  const { report, device } = payload;
  const chain = await certificationChain(state, payload.organisation);
  caller.actsFor(chain, state.now);
  const options = traceOptions({ asOf: state.now });
  refuseFailed(await examineReport(withDevice(state, file), { device, report }, options));

  const owners = await ownersOfParents(state, payload);
  await requireLanes(state, [...chain.slice(0, 1).map(({ organisation }) => organisation.mspId), ...owners]);
  const remedy = `register device ${device} once more, under an id for the reports to come`;
  await state.writeGrown(keys.device(device), file, remedy);
  await state.write(keys.report(report), { device });
  for (const foundation of foundationsOf(file, report)) {
    await state.write(keys.rests(foundation, file.device.kind, device, report), null);
  }
}

/** The records as they will be once this file is written. */
function withDevice(state: StateWriter, file: DeviceFile): RecordSource {
  return {
    registry: state.registry,
    device: (id) => (id === file.device.id ? Promise.resolve(file) : state.device(id)),
    organisation: (id) => state.organisation(id),
    heartbeat: (nmi) => state.heartbeat(nmi),
  };
}

/** MSPs of the organisations whose standards took part: nobody can use them behind their backs. */
async function ownersOfParents(state: StateWriter, { parents }: ReportPayload): Promise<readonly string[]> {
  const mspIds: string[] = [];
  for (const parent of parents) {
    if (parent.kind === 'report') {
      const { device } = await required('device', parent.device, state.device(parent.device));
      const { organisation } = await required('organisation', device.owner, state.organisation(device.owner));
      mspIds.push(organisation.mspId);
    }
  }
  return mspIds;
}
