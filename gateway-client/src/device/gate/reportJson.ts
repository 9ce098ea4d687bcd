import type { GateReport } from './checkGate.js';

/** The whole decision, as `--json` and `--mark` have it. */
export function reportJson(report: GateReport): string {
  return JSON.stringify({ type: 'tracecal-gate/1', ...report }, null, 2);
}
