import { instantOf } from '@tracecal/core/model';
import { inForce } from '@tracecal/core/trace';
import type { Impediment } from '@tracecal/core/trace';
import type { KeyFacts } from '@tracecal/gateway-client/application';

/** In a table: what stands against something now. */
export function standingWord(impediment: Impediment | null): string {
  return impediment === null ? 'good' : `${impediment.state} (${impediment.reason})`;
}

/** What was ever said against something, a line each; that nothing holds now is said, too. */
export function standingLines(impediments: readonly Impediment[]): readonly string[] {
  const isGood = !inForce(impediments, instantOf(Date.now()));
  return [
    ...(isGood ? ['standing: good'] : []),
    ...impediments.map(
      ({ state, by, reason, effective, until }) =>
        `${until === null ? 'standing: ' : 'earlier: '}${state} by ${by}, ${reason}, from ${effective}${until === null ? '' : ` until ${until}`}`,
    ),
  ];
}

/** Where the key is, and until when it can sign. */
export function keyLines(key: KeyFacts | null): readonly string[] {
  return key === null
    ? []
    : [
        `key: ${key.isHere ? 'on this machine' : 'not on this machine'}; certificate ends on ${key.certificateEnds}`,
        `certificate: SHA-256 ${key.certificateSha256}`,
      ];
}
