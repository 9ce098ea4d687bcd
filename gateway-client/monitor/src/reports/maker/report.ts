import { VERDICT_STATUSES } from '@tracecal/core/trace';
import { millisecondsOf } from '@tracecal/core/model';
import type { Finding } from '../../model/index.js';
import { isRelied } from '../instrument/index.js';
import type { Condition, InForce, InstrumentReport, Period } from '../instrument/index.js';
import { lineFaults } from './line.js';
import type { LineFault } from './line.js';

export interface MakerInput {
  /** The organisation that makes the devices: their ids begin with it. */
  readonly maker: string;
  readonly period: Period;
  /** Reports of a fleet, also with devices of others: they are left out. */
  readonly reports: readonly InstrumentReport[];
  readonly findings: readonly Finding[];
}

/** An event of one kind about one device, however often it was found. */
export interface MakerEvent {
  readonly device: string;
  readonly name: string;
  readonly times: number;
  readonly from: string;
  readonly to: string;
  /** What the newest one says. */
  readonly says: string;
}

export interface MakerDevice {
  readonly device: string;
  readonly model?: string;
  readonly firmware?: string;
  readonly condition: Condition;
  readonly verdict: InForce;
  readonly due: InstrumentReport['due'];
  readonly worstEn?: number;
  readonly stability?: number;
  readonly drift?: number;
  readonly used?: number;
  readonly values: number;
  readonly unit?: string;
}

/** What a maker gets to know about its devices in a period, and nothing about devices of others. */
export interface MakerReport {
  readonly maker: string;
  readonly period: Period;
  readonly events: readonly MakerEvent[];
  readonly devices: readonly MakerDevice[];
  readonly conditions: Readonly<Record<Condition, number>>;
  readonly compliance: {
    readonly values: number;
    /** Share of the values that were TRACEABLE or ATTESTED; absent without values. */
    readonly relied?: number;
    readonly byVerdict: Readonly<Record<InForce, number>>;
    readonly overdue: number;
    readonly dueSoon: number;
    readonly untraceableNow: number;
  };
  /** Lines on which a device of this maker is the first whose readings leave. */
  readonly lines: readonly LineFault[];
}

/**
 * The report for the maker of devices. Lines are looked at with all of their nodes, and a fault is reported to the maker of its node alone;
 * how many nodes behind it show something counts devices of this maker only.
 */
export function makerReport({ maker, period, reports, findings }: MakerInput): MakerReport {
  const isOwn = (device: string): boolean => device.startsWith(`${maker}/`);
  const own = reports.filter(({ instrument }) => isOwn(instrument.device));
  const counted = (test: (report: InstrumentReport) => boolean): number => own.filter(test).length;
  const condition = (name: Condition): number => counted((report) => report.condition === name);
  return {
    maker,
    period,
    events: eventsOf(
      findings.filter(({ subject }) => subject.kind === 'device' && isOwn(subject.id)),
      period,
    ),
    devices: own.map(deviceOf),
    conditions: {
      'in order': condition('in order'),
      'to be looked at': condition('to be looked at'),
      unknown: condition('unknown'),
    },
    compliance: {
      ...valuesOf(own),
      overdue: counted(({ due }) => due.state === 'overdue'),
      dueSoon: counted(({ due }) => due.state === 'soon'),
      untraceableNow: counted(({ traceability }) => !isRelied(traceability.now)),
    },
    lines: ownFaults(reports, own),
  };
}

function ownFaults(all: readonly InstrumentReport[], own: readonly InstrumentReport[]): readonly LineFault[] {
  const behind = new Map(lineFaults(own).map((fault) => [fault.device, fault.behind]));
  return lineFaults(all).flatMap((fault) => {
    const followed = behind.get(fault.device);
    return followed === undefined ? [] : [{ ...fault, behind: followed }];
  });
}

/** Findings that end in the period, of one kind and device as one event, newest first. */
function eventsOf(findings: readonly Finding[], { from, to }: Period): readonly MakerEvent[] {
  const events = new Map<string, MakerEvent>();
  const sorted = [...findings].sort((one, other) => millisecondsOf(one.to) - millisecondsOf(other.to));
  for (const { name, subject, says, from: since, to: until } of sorted) {
    if (millisecondsOf(until) < millisecondsOf(from) || millisecondsOf(until) >= millisecondsOf(to)) continue;
    const key = `${subject.id} ${name}`;
    const before = events.get(key);
    events.set(key, {
      device: subject.id,
      name,
      times: (before?.times ?? 0) + 1,
      from: before && millisecondsOf(before.from) < millisecondsOf(since) ? before.from : since,
      to: until,
      says,
    });
  }
  return [...events.values()].sort((one, other) => millisecondsOf(other.to) - millisecondsOf(one.to));
}

function deviceOf({ instrument, condition, quality, traceability, due, values }: InstrumentReport): MakerDevice {
  const { device, model, firmware } = instrument;
  return {
    device,
    ...(model !== undefined && { model }),
    ...(firmware !== undefined && { firmware }),
    condition,
    verdict: traceability.now,
    due,
    ...(quality && numbersOf(quality)),
    values: values.inPeriod,
    ...(values.unit !== undefined && { unit: values.unit }),
  };
}

function numbersOf({
  scores,
  stability,
  drift,
  used,
}: NonNullable<InstrumentReport['quality']>): Pick<MakerDevice, 'worstEn' | 'stability' | 'drift' | 'used'> {
  return {
    ...(scores.en !== undefined && { worstEn: scores.en }),
    ...(stability !== undefined && { stability }),
    ...(drift && { drift: drift.rate }),
    ...(used !== undefined && { used }),
  };
}

function valuesOf(
  own: readonly InstrumentReport[],
): Pick<MakerReport['compliance'], 'values' | 'relied' | 'byVerdict'> {
  const sum = (status: InForce): number =>
    own.reduce((total, { traceability }) => total + traceability.inForce[status], 0);
  const byVerdict = Object.fromEntries(
    [...VERDICT_STATUSES, 'UNKNOWN' as const].map((status) => [status, sum(status)]),
  ) as Record<InForce, number>;
  const values = own.reduce((total, { traceability }) => total + traceability.values, 0);
  return {
    values,
    byVerdict,
    ...(values > 0 && { relied: (byVerdict.TRACEABLE + byVerdict.ATTESTED) / values }),
  };
}
