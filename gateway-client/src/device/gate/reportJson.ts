import type { GateReport } from './checkGate.js';

/** The whole decision, as `--json` and `--mark` have it, and `--call` in one line. @param indent - 0: in one line. */
export function reportJson(report: GateReport, indent = 2): string {
  return JSON.stringify({ type: 'tracecal-gate/1', ...report }, null, indent);
}
