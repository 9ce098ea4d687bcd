import type { Finding } from '../../model/index.js';
import { evidenceOf } from '../evidence.js';
import { isBefore } from './comparison.js';
import type { InstrumentReport } from './report.js';

/**
 * What the report about an instrument shows, as findings. Values that were not traceable and calibrations that are overdue are findings, too. An overdue
 * calibration, and a drift that leads out of the allowed error, propose to recalibrate; nothing else proposes anything.
 */
export function findingsOf(report: InstrumentReport): readonly Finding[] {
  return [...fromQuality(report), ...fromTraceability(report), ...fromDue(report)];
}

/** Only what shows within the period: what is older was found then. */
function fromQuality({ instrument, period, quality }: InstrumentReport): readonly Finding[] {
  return (quality?.findings ?? [])
    .filter(({ time }) => !isBefore(time, period.from))
    .map(({ name, says, from, time, evidence }) => ({
      name,
      subject: { kind: 'device', id: instrument.device },
      says,
      evidence: evidenceOf(evidence),
      from,
      to: time,
      ...(name === 'leaving' && { proposes: { action: 'recalibrate', devices: [instrument.device] } }),
    }));
}

function fromTraceability({ instrument, period, traceability }: InstrumentReport): readonly Finding[] {
  const { untraceable, values } = traceability;
  if (untraceable.length === 0) return [];
  return [
    {
      name: 'untraceable',
      subject: { kind: 'device', id: instrument.device },
      says: `${untraceable.length} of ${values} values were measured while it was neither TRACEABLE nor ATTESTED.`,
      evidence: evidenceOf(untraceable),
      ...period,
    },
  ];
}

/** The same whenever it is looked at: it does not say since how many days. */
function fromDue({ instrument: { device }, due }: InstrumentReport): readonly Finding[] {
  if (due.state !== 'overdue' || due.date === undefined) return [];
  return [
    {
      name: 'overdue',
      subject: { kind: 'device', id: device },
      says: `Its calibration was due on ${due.date.slice(0, 10)}.`,
      evidence: [],
      from: due.date,
      to: due.date,
      proposes: { action: 'recalibrate', devices: [device] },
    },
  ];
}
