import { canonicalJson } from '@tracecal/core/model';
import { evidenceFor, traceCal, traceOptions } from '@tracecal/core/trace';
import { BUNDLE_TYPE, bundleText } from '@tracecal/gateway-client/proof/verify';
import { golden } from '../golden/fixtures.js';
import { StateRecords } from '../golden/records.js';
import { SEALED } from './hierarchy.js';

/** The text of a bundle about a device of the golden fixtures. */
export async function goldenBundle(device: string): Promise<string> {
  const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: SEALED });
  const question = { asOf, knownAt, quantity, intervalDays, at };
  const evidence = await evidenceFor(new StateRecords(golden().state), device, traceOptions(question));
  return bundleText({ type: BUNDLE_TYPE, device, question, epoch: { number: 3, opened: SEALED }, evidence });
}

/** The text of a trust file with all institutes behind a device of the golden fixtures. */
export async function goldenTrust(device: string): Promise<string> {
  const { institutes } = await traceCal(new StateRecords(golden().state), device, traceOptions({ asOf: SEALED }));
  const roots = institutes.map(({ organisation: name, sha256 }) => ({ name, sha256 }));
  return `${canonicalJson({ type: 'tracecal-trust/1', roots, heartbeats: { k: 1 } })}\n`;
}
