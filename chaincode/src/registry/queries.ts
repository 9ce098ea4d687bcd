import type {
  DeviceAnswer,
  DeviceSummary,
  OrganisationAnswer,
  OrganisationSummary,
  Page,
  ParentAnswer,
  PersonAnswer,
  RegistryAnswer,
  ReportAnswer,
  ReportSummary,
} from '@tracecal/core/contracts';
import { parseAs, parseAsOf, parseJson, registrantOf, RegistryError } from '@tracecal/core/model';
import type { Entry, HeartbeatRecord, Json, Result } from '@tracecal/core/model';
import { Grounds, Opener, readable, registryOf, said } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { payloadDigest } from '@tracecal/core/signing';
import { currentReports, doubtsAbout, inForce, traceOptions } from '@tracecal/core/trace';
import type { Doubt, TraceOptions } from '@tracecal/core/trace';
import { z } from 'zod';
import { bookmark, fabricBookmark, identifier, opaqueBookmark, pageSize, QUESTION_LIMITS } from '../contract/index.js';
import { founded } from './founding.js';
import { membersOf } from './members.js';
import { required } from './state.js';
import type { StateReader } from './state.js';

const findDevicesSchema = z
  .strictObject({ serial: z.string().min(1).max(256).optional(), owner: identifier.optional(), pageSize, bookmark })
  .refine(({ serial, owner }) => (serial === undefined) !== (owner === undefined), 'give either serial or owner');

const listReportsSchema = z.strictObject({ device: identifier, pageSize, bookmark });

/**
 * Options are a JSON object; empty text means no options. `asOf` and `knownAt` are dates or instants; `asOf` defaults to the
 * transaction's time.
 */
export function traceQuestion(state: StateReader, optionsJson: string): TraceOptions {
  const given = optionsJson === '' ? {} : parseJson(optionsJson, QUESTION_LIMITS);
  const { asOf, knownAt, ...others } = objectOf(given);
  return traceOptions({
    ...others,
    asOf: asOf === undefined || asOf === null ? state.now : parseAsOf(textOf(asOf)),
    knownAt: knownAt === undefined || knownAt === null ? null : parseAsOf(textOf(knownAt)),
  });
}

export async function getRegistry(state: StateReader): Promise<RegistryAnswer> {
  const record = await founded(state);
  const { members, policy } = await new Opener(new Grounds(state, state.now)).institutes();
  return {
    registry: await registryOf(state),
    founding: payloadDigest(record.founding.jws),
    policy,
    institutes: [...members.values()],
    record,
  };
}

export async function getReport(state: StateReader, id: string): Promise<ReportAnswer> {
  const { answer, quantities } = await reportWithoutResults(state, id);
  await state.readAhead(quantities.map((quantity) => keys.results(id, quantity)));
  const results: Result[] = [];
  for (const quantity of quantities) {
    results.push(...((await state.results(id, quantity)) ?? []));
  }
  return {
    ...answer,
    results,
    settled: await state.settled(answer.body.device, id),
  };
}

/**
 * The causes that call a report in question now, as every trace through it finds them: what its laboratory has to review,
 * and what it has reviewed.
 *
 * @throws RegistryError `INPUT_INVALID` if there is more to follow or to compare than one trace may
 */
export async function getDoubts(state: StateReader, id: string): Promise<readonly Doubt[]> {
  const { answer } = await reportWithoutResults(state, id);
  const reference = { device: answer.body.device, report: id };
  const { doubts, isWhole } = await doubtsAbout(state, reference, traceOptions({ asOf: state.now }));
  if (!isWhole) {
    throw new RegistryError(
      'INPUT_INVALID',
      `report ${id} and what it rests on are more than one trace follows and compares: whether it has to be reviewed cannot be told.`,
    );
  }
  return doubts;
}

/** The report's parents as registered, in the report's order. */
export async function getParentReports(state: StateReader, id: string): Promise<readonly ParentAnswer[]> {
  const { answer } = await reportWithoutResults(state, id);
  const parents: ParentAnswer[] = [];
  for (const parent of answer.body.parents) {
    const report = parent.kind === 'report' ? (await reportWithoutResults(state, parent.report)).answer : null;
    parents.push({ parent, report });
  }
  return parents;
}

export async function getDevice(state: StateReader, id: string): Promise<DeviceAnswer> {
  const opener = new Opener(new Grounds(state, state.now));
  const device = await required('device', id, opener.device(id));
  return {
    ...(device.keys.at(-1)?.said.statement ?? device.imprint).body,
    id,
    organisation: registrantOf(id),
    owner: device.owner,
    intervalDays: device.intervals.at(-1)?.days ?? null,
    requirements: (await opener.requirements(device.owner)).at(-1)?.body ?? null,
    current: await currentReports(opener, device, state.now),
    impediments: device.impediments,
    record: device.record,
  };
}

export async function getOrganisation(state: StateReader, id: string): Promise<OrganisationAnswer> {
  const record = await required('organisation', id, state.organisation(id));
  const opener = new Opener(new Grounds(state, state.now));
  const { membership, impediments } = await required('organisation', id, opener.organisation(id));
  const last = (await opener.requirements(id)).at(-1);
  const requirements = last ? { number: last.number, from: last.from, body: last.body } : null;
  return { ...membership.body, id, impediments, requirements, lines: await opener.lines(id), record };
}

export async function getPerson(state: StateReader, id: string): Promise<PersonAnswer> {
  const record = await required('person', id, state.person(id));
  const { impediments } = await required('person', id, new Opener(new Grounds(state, state.now)).person(id));
  const last = readable(record.authorisations, await registryOf(state), 'authorisation').at(-1);
  const { role, quantities } = (await required('person', id, last)).statement.body;
  return { id, organisation: registrantOf(id), role, quantities, impediments, record };
}

/** The newest heartbeat of an institute; null if it never signed one. */
export async function getHeartbeat(state: StateReader, institute: string): Promise<HeartbeatRecord | null> {
  return (await state.heartbeat(institute)) ?? null;
}

/** Statements of organisations that imported the original of a transcription again, oldest first. */
export function getConfirmations(state: StateReader, report: string): Promise<readonly Entry[]> {
  return state.confirmations(report);
}

/** Statements of organisations that have read confidential results of a report, or of those that it rests on, oldest first. */
export function getVouchings(state: StateReader, report: string): Promise<readonly Entry[]> {
  return state.vouchings(report);
}

/** A laboratory's reviews of its reports that depend on an amended one, by the amendment, oldest first. */
export function getReviews(state: StateReader, amendment: string, laboratory: string): Promise<readonly Entry[]> {
  return state.reviews(amendment, laboratory);
}

/** An owner's standing consents to a laboratory's reports, oldest first: the last one counts. */
export function getConsents(state: StateReader, owner: string, laboratory: string): Promise<readonly Entry[]> {
  return state.consents(owner, laboratory);
}

/** The organisations that act through an MSP, by id; empty for an MSP that is unknown here. */
export async function getOrganisationsOfMsp(
  state: StateReader,
  mspId: string,
): Promise<readonly OrganisationSummary[]> {
  const opener = new Opener(new Grounds(state, state.now));
  const summaries: OrganisationSummary[] = [];
  for (const { id } of await membersOf(state, mspId)) {
    const { kind, impediments } = await required('organisation', id, opener.organisation(id));
    summaries.push({ id, kind, impediment: inForce(impediments, state.now) ?? null });
  }
  return summaries;
}

/** A page of the reports about a device, by id, including those that its owner has not accepted. */
export async function listReports(state: StateReader, json: string): Promise<Page<ReportSummary>> {
  const question = parseAs(listReportsSchema, 'question', json, QUESTION_LIMITS);
  const opener = new Opener(new Grounds(state, state.now));
  const device = await required('device', question.device, opener.device(question.device));
  const current = (await currentReports(opener, device, state.now)).map(({ report }) => report);
  const page = await state.page<null>(keys.filings(device.id), question.pageSize, fabricBookmark(question.bookmark));
  const filed = page.items.map(({ rest: [report = ''] }) => report);
  await state.readAhead(filed.map((report) => keys.report(report)));
  const items: ReportSummary[] = [];
  for (const report of filed) {
    const { answer, quantities } = await reportWithoutResults(state, report);
    const { technician, performed, issued, parents } = answer.body;
    const citation = await opener.citation({ device: device.id, report });
    items.push({
      id: report,
      digest: answer.digest,
      organisation: answer.organisation,
      technician,
      performed,
      issued,
      parents,
      quantities,
      registered: answer.record.statement.registered.date,
      supersededBy: answer.record.supersededBy,
      impediments: 'cited' in citation ? citation.cited.impediments : [],
      accepted: ('cited' in citation ? citation.cited.decisions.at(-1)?.accepts : undefined) ?? null,
      current: current.includes(report),
    });
  }
  return { items, bookmark: opaqueBookmark(page.bookmark) };
}

/** Devices with a serial number, or of an owner, by id. */
export async function findDevices(state: StateReader, json: string): Promise<Page<DeviceSummary>> {
  const wanted = parseAs(findDevicesSchema, 'search', json, QUESTION_LIMITS);
  const prefix = wanted.serial === undefined ? keys.owners(wanted.owner ?? '') : keys.serials(wanted.serial);
  const page = await state.page<DeviceSummary>(prefix, wanted.pageSize, fabricBookmark(wanted.bookmark));
  return { items: page.items.map(({ value }) => value), bookmark: opaqueBookmark(page.bookmark) };
}

async function reportWithoutResults(state: StateReader, id: string) {
  const record = await required('report', id, state.report(id));
  const { statement, digest } = said(record.statement, await registryOf(state), 'report');
  const { author: organisation, body } = statement;
  return {
    answer: { id, digest, organisation, body, record },
    quantities: body.results.map(({ quantity }) => quantity),
  };
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
