import { instantOf } from '@tracecal/core/model';
import { healthOf } from '../instrument/index.js';
import type { InstrumentFindingName, Observation } from '../instrument/index.js';
import { tailOfBinomial } from '../statistics/index.js';
import { lies } from './lies.js';
import { recorded } from './recorded.js';
import { repeated } from './repeated.js';
import { stuck } from './stuck.js';
import { findingOf, requireSound } from './values.js';
import type { FailedProbe, ProbedValue, ProbeFinding, ProbeFindingName, Shown } from './values.js';

export interface LiarOptions {
  /** How many of the first probes show an instrument in order: 20 by default. */
  readonly base?: number;
  /** Probability with which chance alone may lead to each finding: 0.0001 by default. */
  readonly chance?: number;
  /** How much older than a probe a sent value may be that it is compared with: 600 s by default. */
  readonly pairSeconds?: number;
  /** The share of probes of an honest instrument that fail: 0.02 by default. */
  readonly usualFailures?: number;
}

type Compared = ProbedValue & Required<Pick<ProbedValue, 'reference'>>;

const USUAL = { base: 20, chance: 1e-4, pairSeconds: 600, usualFailures: 0.02 } as const;
/** What `healthOf` finds with a chance that can be chosen, and how it is called here. */
const BY_HEALTH: Partial<Record<InstrumentFindingName, ProbeFindingName>> = { drift: 'drift', disagrees: 'disagrees' };

/**
 * What an instrument hides, by what it shows when it is probed, what its site sends, and what is true by a reference. Each finding comes at most
 * once. It expects liars who know all of this, and not when they are probed.
 *
 * To be asked about periods that are over: the same period leads to the same findings.
 *
 * @throws RegistryError `INPUT_INVALID` for values out of order, or that are no finite numbers
 */
export function liarOf({ probed, sent, failed }: Shown, options: LiarOptions = {}): readonly ProbeFinding[] {
  const { base, chance, pairSeconds, usualFailures } = { ...USUAL, ...options };
  requireSound(probed, 'probes');
  requireSound(sent, 'sent values');
  const compared = probed.filter((each): each is Compared => each.reference !== undefined);
  const found = [
    stuck(compared, chance),
    ...byHealth(compared, base, chance),
    replay(compared, { probed, sent, failed }, base, chance),
    lies(probed, sent, pairSeconds, chance),
    silent(failed, probed.length, usualFailures, chance),
  ];
  return found.filter((each) => each !== undefined);
}

function byHealth(compared: readonly Compared[], base: number, chance: number): readonly ProbeFinding[] {
  if (compared.length <= base) return [];
  const observations = compared.map(({ at, value, uncertainty, reference }): Observation => {
    return { time: instantOf(at), value, reference, ...(uncertainty && { uncertainty }) };
  });
  return healthOf(observations, { base, chance }).findings.flatMap(({ name, says, at }) => {
    const called = BY_HEALTH[name];
    // A drift shows in all that come after the base, a disagreement from where it is seen first.
    const shownBy = compared.slice(name === 'drift' ? base : at);
    return called === undefined ? [] : [findingOf(called, says, shownBy)];
  });
}

function replay(
  compared: readonly Compared[],
  { sent, failed }: Shown,
  base: number,
  chance: number,
): ProbeFinding | undefined {
  const answers = failed.filter(({ replayed }) => replayed);
  if (answers.length > 0) {
    return findingOf('replay', `It answered ${answers.length} nonces with values that it had signed before.`, answers);
  }
  return repeated(sent, chance / 2) ?? recorded(compared, sent, base, chance / 2);
}

function silent(
  failed: readonly FailedProbe[],
  answered: number,
  usual: number,
  chance: number,
): ProbeFinding | undefined {
  const all = failed.length + answered;
  if (failed.length === 0 || tailOfBinomial(failed.length, all, usual) > chance) return undefined;
  return findingOf('silent', `It did not answer ${failed.length} of ${all} probes.`, failed);
}
