import type { RevocationReason } from '@tracecal/core/model';
import { reachesBack } from '@tracecal/gateway-client/application';

const MEANINGS: Readonly<Record<RevocationReason, string>> = {
  'key-compromise': 'somebody else may have signed with its key',
  'out-of-tolerance': 'it was found outside its limits',
  'calibration-error': 'the calibration was done wrong',
  'accreditation-withdrawn': 'it is no longer accredited',
  fraud: 'what it stated was false',
  unspecified: 'any other reason',
  cessation: 'a person left, a device was retired',
};

/** The reasons for a revocation or a suspension by what they do to earlier work: lines for help. */
export function reasonLines(): string {
  const names = Object.keys(MEANINGS) as RevocationReason[];
  const width = Math.max(...names.map((name) => name.length));
  const lineOf = (name: RevocationReason) => `  ${name.padEnd(width)}  ${MEANINGS[name]}`;
  return [
    'Reasons for which a revocation puts earlier work in doubt, too:',
    ...names.filter(reachesBack).map(lineOf),
    '',
    'Reasons for which earlier work stays valid:',
    ...names.filter((name) => !reachesBack(name)).map(lineOf),
  ].join('\n');
}
