import { millisecondsOf } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import type { InstrumentReport } from '../instrument/index.js';

/** Where the fault of a production line most likely is. */
export interface LineFault {
  readonly line: string;
  readonly site: string;
  /** The first node of the line whose values leave what they were. */
  readonly device: string;
  readonly position: number;
  /** When they left. */
  readonly since: Instant;
  /** Nodes behind it that show something, too: they probably follow from it. */
  readonly behind: number;
}

/**
 * The first node of each line whose readings leave: a fault is passed on along a line, so what nodes behind it show follows from it. Nodes
 * about which too little is known are taken as in order, so look at them as well.
 */
export function lineFaults(reports: readonly InstrumentReport[]): readonly LineFault[] {
  const lines = new Map<string, LineFault>();
  for (const { instrument, quality } of reports) {
    const [first] = [...(quality?.findings ?? [])].sort(
      (one, other) => millisecondsOf(one.time) - millisecondsOf(other.time),
    );
    const { line, site, device } = instrument;
    if (!line || !first) continue;
    const key = JSON.stringify([site, line.name]);
    const found = lines.get(key);
    const fault = { line: line.name, site, device, position: line.position, since: first.time };
    const behind = found ? found.behind + 1 : 0;
    lines.set(key, found && found.position <= line.position ? { ...found, behind } : { ...fault, behind });
  }
  return [...lines.values()];
}
