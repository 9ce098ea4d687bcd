import { Counter, Gauge, Registry } from 'prom-client';
import type { Finding, Instrument } from '../model/index.js';
import type { OutboxState } from './outbox.js';
import type { AlertOutcome } from './sender.js';

/** What metrics need of the report about an instrument. */
export interface MeasuredInstrument {
  readonly instrument: Instrument;
  readonly condition: string;
  readonly traceability: { readonly now: string };
  readonly due: { readonly state: string };
}

/** Cohorts (model and firmware) that are shown, those with the most instruments to be looked at first. */
export const MOST_COHORTS = 20;

/**
 * Metrics of a monitor for Prometheus, in a registry of their own. No label holds the id of a device: their number has no bound, and each
 * would be a time series.
 */
export class MonitorMetrics {
  readonly registry = new Registry();
  readonly #instruments = this.#gauge('instruments', 'Instruments by site and condition', ['site', 'condition']);
  readonly #verdicts = this.#gauge('instruments_by_verdict', 'Instruments by site and newest verdict', [
    'site',
    'verdict',
  ]);
  readonly #due = this.#gauge('instruments_by_due', 'Instruments by site and due date of calibration', [
    'site',
    'state',
  ]);
  readonly #cohorts = this.#gauge('cohort_suspects', 'Instruments to be looked at, by model and firmware', [
    'model',
    'firmware',
  ]);
  readonly #truncated = this.#gauge(
    'cohorts_truncated',
    'Cohorts with suspects that cohort_suspects does not show',
    [],
  );
  readonly #waiting = this.#gauge('alerts_waiting', 'Alerts that are not delivered yet', []);
  readonly #dead = this.#gauge('alerts_dead', 'Alerts that were given up', []);
  readonly #oldest = this.#gauge(
    'alerts_oldest_timestamp_seconds',
    'When the oldest waiting alert was made; 0 without one',
    [],
  );
  readonly #reported = this.#gauge('reported_timestamp_seconds', 'When the fleet was last looked at', []);
  readonly #findings = this.#counter('findings_total', 'Findings by name and kind of subject', ['name', 'subject']);
  readonly #attempts = this.#counter('alert_attempts_total', 'Attempts to deliver alerts', ['receiver', 'outcome']);

  /** What the fleet is like, in place of what was said before. @param now Milliseconds since 1970. */
  fleet(reports: readonly MeasuredInstrument[], now: number): void {
    for (const gauge of [this.#instruments, this.#verdicts, this.#due, this.#cohorts]) gauge.reset();
    for (const { instrument, condition, traceability, due } of reports) {
      this.#instruments.inc({ site: instrument.site, condition });
      this.#verdicts.inc({ site: instrument.site, verdict: traceability.now });
      this.#due.inc({ site: instrument.site, state: due.state });
    }
    const cohorts = suspectsOf(reports);
    for (const { model, firmware, count } of cohorts.slice(0, MOST_COHORTS))
      this.#cohorts.set({ model, firmware }, count);
    this.#truncated.set(Math.max(0, cohorts.length - MOST_COHORTS));
    this.#reported.set(now / 1000);
  }

  finding({ name, subject }: Finding): void {
    this.#findings.inc({ name, subject: subject.kind });
  }

  /** For `onAttempt` of a sender of alerts. */
  attempt(receiver: string, outcome: AlertOutcome): void {
    this.#attempts.inc({ receiver, outcome });
  }

  outbox({ waiting, dead, oldest = 0 }: OutboxState): void {
    this.#waiting.set(waiting);
    this.#dead.set(dead);
    this.#oldest.set(oldest / 1000);
  }

  #gauge<T extends string>(name: string, help: string, labelNames: readonly T[]): Gauge<T> {
    return new Gauge({
      name: `tracecal_monitor_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
  }

  #counter<T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> {
    return new Counter({
      name: `tracecal_monitor_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
  }
}

interface Cohort {
  readonly model: string;
  readonly firmware: string;
  readonly count: number;
}

function suspectsOf(reports: readonly MeasuredInstrument[]): readonly Cohort[] {
  const cohorts = new Map<string, Cohort>();
  for (const { instrument, condition } of reports) {
    if (condition !== 'to be looked at') continue;
    const { model = 'unknown', firmware = 'unknown' } = instrument;
    const key = JSON.stringify([model, firmware]);
    cohorts.set(key, { model, firmware, count: (cohorts.get(key)?.count ?? 0) + 1 });
  }
  return [...cohorts.values()].sort((one, other) => other.count - one.count);
}
