import { z } from 'zod';
import { bookmark, fabricBookmark, identifier, opaqueBookmark, pageSize, QUESTION_LIMITS } from '../contract/index.js';
import { parseAs, parseAsOf, parseJson, RegistryError } from '../model/index.js';
import type { DeviceFile, Heartbeat, Json, OrganisationFile, ReportPayload, Technician } from '../model/index.js';
import { currentReport, impediment, payloadOf, traceCal, traceOptions } from '../trace/index.js';
import type { Verdict } from '../trace/index.js';
import type { DeviceSummary, OrganisationSummary, Page, ParentAnswer, ReportAnswer, ReportSummary } from './api.js';
import { keys } from './keys.js';
import { required } from './state.js';
import type { StateReader } from './state.js';

const findDevicesSchema = z
  .strictObject({ serial: z.string().min(1).max(256).optional(), owner: identifier.optional(), pageSize, bookmark })
  .refine(({ serial, owner }) => (serial === undefined) !== (owner === undefined), 'give either serial or owner');

/** Options are a JSON object; empty text means none. `asOf` is a date or instant and defaults to the transaction's time. */
export async function trace(state: StateReader, deviceId: string, optionsJson: string): Promise<Verdict> {
  const given = optionsJson === '' ? {} : parseJson(optionsJson, QUESTION_LIMITS);
  const { asOf, freshness, ...others } = objectOf(given);
  const options = traceOptions({
    ...others,
    asOf: asOf === undefined || asOf === null ? state.now : parseAsOf(textOf(asOf)),
    ...(freshness !== undefined && { freshness }),
  });
  return traceCal(state, deviceId, options);
}

export async function getReport(state: StateReader, id: string): Promise<ReportAnswer> {
  const { device } = await required('report', id, state.report(id));
  return reportIn(await required('device', device, state.device(device)), id);
}

/** The report's parents, in its order, as they are registered. */
export async function getParentReports(state: StateReader, id: string): Promise<readonly ParentAnswer[]> {
  const { payload } = await getReport(state, id);
  const parents: ParentAnswer[] = [];
  for (const parent of payload.parents) {
    const report = parent.kind === 'report' ? await getReport(state, parent.report) : null;
    parents.push({ parent, report });
  }
  return parents;
}

export function getDevice(state: StateReader, id: string): Promise<DeviceFile> {
  return required('device', id, state.device(id));
}

export function getOrganisation(state: StateReader, id: string): Promise<OrganisationFile> {
  return required('organisation', id, state.organisation(id));
}

export function getTechnician(state: StateReader, id: string): Promise<Technician> {
  return required('technician', id, state.technician(id));
}

/** An NMI's newest sign of life; null if it gave none. */
export async function getHeartbeat(state: StateReader, nmi: string): Promise<Heartbeat | null> {
  return (await state.heartbeat(nmi)) ?? null;
}

/** The organisations that act through an MSP, by id; none for an MSP that is unknown here. */
export async function getOrganisationsOfMsp(
  state: StateReader,
  mspId: string,
): Promise<readonly OrganisationSummary[]> {
  const summaries: OrganisationSummary[] = [];
  for (const id of (await state.read<readonly string[]>(keys.msp(mspId))) ?? []) {
    const { organisation, statements } = await getOrganisation(state, id);
    const found = impediment(statements, state.now, state.now) ?? null;
    summaries.push({ id, kind: organisation.kind, impediment: found });
  }
  return summaries;
}

/** A device's reports, by date of calibration. */
export async function listReports(state: StateReader, deviceId: string): Promise<readonly ReportSummary[]> {
  const file = await getDevice(state, deviceId);
  const current = currentReport(file, state.now);
  return Object.keys(file.reports)
    .map((id) => summaryOf(reportIn(file, id), id === current))
    .sort((a, b) => compare(a.performed.end, b.performed.end) || compare(a.id, b.id));
}

/** Devices with a serial number, or of an owner, by id. */
export async function findDevices(state: StateReader, json: string): Promise<Page<DeviceSummary>> {
  const wanted = parseAs(findDevicesSchema, 'search', json, QUESTION_LIMITS);
  const prefix = wanted.serial === undefined ? keys.owners(wanted.owner ?? '') : keys.serials(wanted.serial);
  const page = await state.page<DeviceSummary>(prefix, wanted.pageSize, fabricBookmark(wanted.bookmark));
  return { items: page.items.map(({ value }) => value), bookmark: opaqueBookmark(page.bookmark) };
}

function reportIn(file: DeviceFile, id: string): ReportAnswer {
  const report = Object.hasOwn(file.reports, id) ? file.reports[id] : undefined;
  const payload: ReportPayload | RegistryError | undefined = report && payloadOf(report);
  if (!report || !payload) {
    throw new RegistryError('NOT_FOUND', `device ${file.device.id} has no report ${id}.`);
  }
  if (payload instanceof RegistryError) {
    throw payload;
  }
  return { id, device: file.device.id, payload, report };
}

function summaryOf({ id, payload, report }: ReportAnswer, current: boolean): ReportSummary {
  const { organisation, technician, performed, issued, parents } = payload;
  const { digest, supersededBy, statements } = report;
  return { id, digest, organisation, technician, performed, issued, parents, supersededBy, statements, current };
}

function objectOf(value: Json): Readonly<Record<string, Json>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RegistryError('INPUT_INVALID', 'the trace options must be a JSON object, like {"asOf":"2026-03-01"}.');
  }
  return value as Readonly<Record<string, Json>>;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
