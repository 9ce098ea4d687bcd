import { canonicalBytes } from './canonical.js';
import { RegistryError } from './errors.js';
import type { Result } from './results.js';

/** Bytes of a report's results together, which a trace reads at once: about 5,000 rows. */
const MAX_RESULTS_BYTES = 524_288;

/** @throws RegistryError `JSON_TOO_LARGE` if a report cannot hold so much. */
export function requireReportSize(report: string, results: readonly Result[]): void {
  const { length } = canonicalBytes(results);
  if (length > MAX_RESULTS_BYTES) {
    throw new RegistryError(
      'JSON_TOO_LARGE',
      `The results of report ${report} have ${length} bytes, and a report holds ${MAX_RESULTS_BYTES}: divide them among several reports (\`tracecal report issue\`).`,
    );
  }
}
