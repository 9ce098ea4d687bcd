import { traceOptions } from '@tracecal/core/trace';
import type { TraceCal, TraceQuestion } from '../client/index.js';
import { traceOptionsOf } from '../client/traceQuestion.js';
import { bundledQuestion } from './verify/bundle.js';
import { BUNDLE_TYPE } from './verify/index.js';
import type { Bundle } from './verify/index.js';

/**
 * The records that answer a question about a device, to be checked by anybody who trusts the roots, without this network.
 *
 * @param question - Its moment is fixed here. Whoever checks the bundle brings roots and age.
 * @throws RegistryError `INPUT_INVALID` for an option that a bundle does not carry
 * @example
 * const bundle = await bundleOf(tracecal, 'lab-alpha/sensor-17');
 * await writeFile('sensor-17.bundle.json', bundleText(bundle));
 */
export async function bundleOf(
  reader: Pick<TraceCal, 'getEvidence'>,
  device: string,
  question: Omit<TraceQuestion, 'roots' | 'registry' | 'maxAgeSeconds' | 'explain'> = {},
): Promise<Bundle> {
  const carried = bundledQuestion(traceOptions(traceOptionsOf(question)));
  const { epoch, evidence } = await reader.getEvidence(device, { ...question, asOf: carried.asOf });
  return { type: BUNDLE_TYPE, device, question: carried, epoch, evidence };
}
