import { TIER_NAMES } from '@tracecal/gateway-client/proof/verify';
import type { ProofAnswer, TierName } from '@tracecal/gateway-client/proof/verify';
import type { Style } from '../style.js';
import { noteLines } from './noteLines.js';
import { traceTree } from './traceTree.js';

/** What a bundle proves, tier by tier, with what nobody has checked. @param missing What was required, and does not hold. */
export function proofText(
  { verdict, tiers, notChecked, notes }: Pick<ProofAnswer, 'verdict' | 'tiers' | 'notChecked' | 'notes'>,
  missing: readonly TierName[],
  style: Style,
): string {
  return [
    traceTree(verdict, style),
    ...notes.flatMap((line) => noteLines(`  ${line}`, style).map(style.dim)),
    ...noteLines(`  registry ${verdict.registry}`, style).map(style.dim),
    '',
    'What this bundle shows:',
    ...TIER_NAMES.flatMap((name) => {
      const { holds, shows } = tiers[name];
      return noteLines(`  ${holds ? style.green('✓') : style.dim('-')} ${name}: ${shows}`, style);
    }),
    'Not checked:',
    ...notChecked.flatMap((line) => noteLines(`  - ${line}`, style)),
    ...missing.map((name) => style.red(`Required, and not shown: ${name}.`)),
  ].join('\n');
}
