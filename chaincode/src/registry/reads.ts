import type { DeviceRecord, Reads, ReportRecord } from '@tracecal/core/model';
import { Grounds, Opener } from '@tracecal/core/open';
import type { OpenDevice } from '@tracecal/core/open';
import { keys } from '@tracecal/core/registry';
import { currentReports, examineReport, traceOptions } from '@tracecal/core/trace';
import type { Budget, RecordSource } from '@tracecal/core/trace';
import { overlay, recording } from './overlay.js';
import type { Recording } from './overlay.js';
import type { StateReader, StateWriter } from './state.js';

// A trial trace finds out which records a trace reads. The result is a hint; no verdict depends on it.

/**
 * Most records of a kind that a hint lists. A longer hint would fill more than a few messages and only make the ledger
 * larger.
 */
const MAX_RECORDS = 256;

const NO_READS: Reads = { devices: [], reports: [], results: [], consents: [], people: [], organisations: [] };

/** The records that traces through a report will read: the report, its parents, and everything that traces of those read. */
export async function readsOfReport(own: Reads, state: StateReader, parents: readonly string[]): Promise<Reads> {
  const above: Reads[] = [];
  for (const parent of parents) {
    above.push((await state.read<Reads>(keys.reads('report', parent))) ?? NO_READS);
  }
  return union([own, ...above]);
}

/** A report that is being registered. */
export interface Fresh {
  readonly record: ReportRecord;
  readonly reads: Reads;
}

/** A device as it will be once its record is written, with the keys read to open it. */
export interface WrittenDevice {
  readonly record: DeviceRecord;
  readonly device: OpenDevice | undefined;
  readonly opener: Opener;
  readonly opening: Recording;
  readonly fresh: Fresh | undefined;
}

/** Opens a device with the record that is about to be written. */
export async function deviceAsWritten(state: StateReader, record: DeviceRecord, fresh?: Fresh): Promise<WrittenDevice> {
  const base = overlay(state, { device: record, ...(fresh && { reports: [fresh.record] }) });
  const opening = recording(withoutResults(base));
  const opener = new Opener(new Grounds(opening.source, state.now));
  return { record, device: await opener.device(record.id), opener, opening, fresh };
}

/** Writes a device's record together with the keys that traces of it will read from now on. */
export async function writeDevice(state: StateWriter, written: WrittenDevice): Promise<void> {
  const { id } = written.record;
  state.write(keys.device(id), written.record);
  state.write(keys.reads('device', id), await readsOfDevice(state, written));
}

async function readsOfDevice(state: StateReader, { record, device, opener, opening, fresh }: WrittenDevice) {
  const below: Reads[] = [];
  for (const { report } of device ? await currentReports(opener, device, state.now) : []) {
    await opener.citation({ device: record.id, report });
    const known = report === fresh?.record.id ? fresh.reads : await state.read<Reads>(keys.reads('report', report));
    below.push(known ?? NO_READS);
  }
  return union([opening.reads(), ...below], record.id);
}

/** Examines a report and returns the keys that this read. */
export async function examined(source: RecordSource, device: string, report: string, now: string, budget: Budget) {
  const noting = recording(source);
  const edges = await examineReport(noting.source, { device, report }, traceOptions({ asOf: now }), budget);
  return { edges, reads: noting.reads() };
}

/** The keys of the results are in the reports' own hints. */
export function withoutResults(source: RecordSource): RecordSource {
  return { ...source, results: () => Promise.resolve(undefined) };
}

function union(all: readonly Reads[], self?: string): Reads {
  return {
    devices: first(all.flatMap(({ devices }) => devices).filter((id) => id !== self)),
    reports: first(all.flatMap(({ reports }) => reports)),
    results: firstPairs(all.flatMap(({ results }) => results)),
    consents: firstPairs(all.flatMap(({ consents }) => consents)),
    people: first(all.flatMap(({ people }) => people)),
    organisations: first(all.flatMap(({ organisations }) => organisations)),
  };
}

function firstPairs(pairs: Reads['results']): Reads['results'] {
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()].slice(0, MAX_RECORDS);
}

function first(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].slice(0, MAX_RECORDS);
}
