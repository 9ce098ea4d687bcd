import type { RevocationReason } from '@tracecal/core/model';
import { reachesBack } from '@tracecal/gateway-client/application';

const MEANINGS: Readonly<Record<RevocationReason, string>> = {
  'key-compromise': 'somebody else may have signed with its key',
  'out-of-tolerance': 'it was found outside its limits',
  'calibration-error': 'the calibration was done wrong',
  'accreditation-withdrawn': 'it is no longer accredited',
  fraud: 'what it stated was false',
  unspecified: 'any other reason',
  cessation: 'a person left, a device was retired, an organisation closed',
};

/** The reasons for a revocation or a suspension with what each does: a line each, for help. */
export function reasonLines(): string {
  const names = Object.keys(MEANINGS) as RevocationReason[];
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => {
    const effect = reachesBack(name) ? 'earlier work is in doubt, too' : 'earlier work stays valid';
    return `  ${name.padEnd(width)}  ${MEANINGS[name]}; ${effect}`;
  });
  return ['Reasons, and what a revocation for them does to work that was done before it:', ...lines].join('\n');
}
