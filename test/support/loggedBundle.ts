import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { traceOptions } from '@tracecal/core/trace';
import { BUNDLE_TYPE, bundleText } from '@tracecal/gateway-client/proof/verify';
import { later, twoCountries } from './hierarchy.js';
import { logOf } from './logOf.js';
import type { LogTexts } from './logOf.js';
import { ask, registryOf, submit } from './registry.js';

const DEVICE = 'oem-a/sensor-a';

/** A bundle; the change log with something else that was registered since, signed by two institutes; and a trust file that asks for both. */
export async function loggedBundle(): Promise<{
  readonly bundle: string;
  readonly trust: string;
  readonly log: LogTexts;
}> {
  const hierarchy = await twoCountries();
  const ledger = await registryOf(hierarchy);
  const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: ledger.now });
  const question = { asOf, knownAt, quantity, intervalDays, at };
  const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', DEVICE, question);
  await submit(ledger, hierarchy.setInterval('working-b', 300));
  ledger.now = later(ledger.now, 3600);
  const institutes = hierarchy.institutes.slice(0, 2);
  const { number } = epoch;
  await submit(ledger, hierarchy.seal(ledger.now, { institute: institutes[0]!, number }));
  const { digest } = await ask<{ digest: string }>(ledger, 'getEpochDigest', String(number));
  for (const institute of institutes) {
    await submit(ledger, hierarchy.addHeartbeat(institute, { number, digest, registered: ledger.now }));
  }
  const roots = institutes.map((name) => ({ name, sha256: hierarchy.holder('organisation', name).certificateSha256 }));
  return {
    bundle: bundleText({ type: BUNDLE_TYPE, device: DEVICE, question, epoch, evidence }),
    trust: JSON.stringify({ type: 'tracecal-trust/1', roots, heartbeats: { k: 2 } }),
    log: await logOf(ledger),
  };
}
