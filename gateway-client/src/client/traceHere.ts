import type { Disclosure } from '@tracecal/core/model';
import { requireOpening, traceCal, traceOptions, withDisclosures } from '@tracecal/core/trace';
import type { RecordSource, Verdict } from '@tracecal/core/trace';
import { inputOf } from './input.js';

/**
 * Runs a trace on this machine with what the asker was told in confidence: no disclosure leaves it.
 *
 * @throws TraceCalError `INPUT_INVALID` for a disclosure that does not lead to what its report signs
 */
export async function traceHere(
  source: RecordSource,
  device: string,
  options: object,
  disclosures: readonly Disclosure[] = [],
): Promise<Verdict> {
  try {
    await requireOpening(source, disclosures);
  } catch (error) {
    inputOf(() => {
      throw error;
    });
  }
  return traceCal(withDisclosures(source, disclosures), device, traceOptions(options));
}
