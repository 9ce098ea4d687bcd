import { tailOfBinomial } from '../statistics/index.js';
import { grouped, USUAL_FALSE_ALARMS, valuesOf } from './work.js';
import type { Suspecting, Suspicion, Value, Work } from './work.js';

/** Equal errors below which nobody is suspected, however improbable they are. */
const FEWEST_EQUAL = 4;
/** Reports that have a value in common with so many others are compared with the newest of them only. */
const MOST_COMPARED = 200;

interface Read {
  readonly work: Work;
  readonly errors: ReadonlyMap<string, number>;
}

/**
 * Reports that state the same errors as another one: results that were copied, from another device or from the last calibration of this
 * one. How often errors are equal by chance is taken from all reports that are given, of different devices or of the same one.
 *
 * @param works Those of one laboratory.
 * @param reference Those of others too: how often honest errors are the same, at each place.
 */
export function copiedResults(
  works: readonly Work[],
  reference: readonly Work[],
  { falseAlarms = USUAL_FALSE_ALARMS }: Suspecting = {},
): readonly Suspicion[] {
  const reads = works.map(readOf).filter(({ errors }) => errors.size >= FEWEST_EQUAL);
  const chances = new Chances(reference.map(readOf));
  const pairs = pairsOf(reads);
  const ofOneDevice = pairs.filter(isOfOneDevice).length;
  return pairs.flatMap(([newer, older]) => {
    const common = [...newer.errors].filter(([at]) => older.errors.has(at));
    const equal = common.filter(([at, error]) => older.errors.get(at) === error).length;
    if (equal < FEWEST_EQUAL) return [];
    const same = isOfOneDevice([newer, older]);
    const looks = same ? ofOneDevice : pairs.length - ofOneDevice;
    const once = Math.max(...common.map(([at]) => chances.ofEqual(at, same)));
    const chance = tailOfBinomial(equal, common.length, once);
    // Both kinds of pairs share the false alarms.
    if (2 * chance * looks > falseAlarms) return [];
    const whose = same ? 'an older calibration of it' : older.work.device;
    return [
      {
        detector: 'copied' as const,
        about: newer.work.laboratory,
        says: `${equal} of ${common.length} errors of ${newer.work.device} are exactly those of ${whose}.`,
        chance,
        reports: [newer.work.report, older.work.report],
      },
    ];
  });
}

/** How often two honest reports state the same error at a place. */
class Chances {
  /** What is credited where few values are known. */
  static readonly UNKNOWN = 0.2;
  readonly #errors: ReadonlyMap<string, readonly { readonly device: string; readonly value: Value }[]>;
  readonly #known = new Map<string, number>();

  constructor(reads: readonly Read[]) {
    const all = reads.flatMap(({ work }) => valuesOf(work).map((value) => ({ device: work.device, value })));
    this.#errors = grouped(all, ({ value }) => value.at);
  }

  ofEqual(at: string, sameDevice: boolean): number {
    const name = `${at} ${sameDevice}`;
    const known = this.#known.get(name) ?? this.#count(at, sameDevice);
    this.#known.set(name, known);
    return known;
  }

  /** Equal pairs among all pairs, as if one more pair of each outcome had been seen: never 0, and never trusted with few. */
  #count(at: string, sameDevice: boolean): number {
    const errors = this.#errors.get(at) ?? [];
    const groups = sameDevice ? grouped(errors, ({ device }) => device) : new Map([['', errors]]);
    let [equal, pairs] = [0, 0];
    for (const group of groups.values()) {
      const byError = grouped(group, ({ value }) => String(value.error));
      pairs += pairsAmong(group.length);
      for (const { length } of byError.values()) equal += pairsAmong(length);
    }
    return pairs < 10 ? Chances.UNKNOWN : (equal + 1) / (pairs + 2);
  }
}

function isOfOneDevice([one, other]: readonly [Read, Read]): boolean {
  return one.work.device === other.work.device;
}

function pairsAmong(count: number): number {
  return (count * (count - 1)) / 2;
}

function readOf(work: Work): Read {
  return { work, errors: new Map(valuesOf(work).map(({ at, error }) => [at, error])) };
}

/** Pairs of reports with values at the same places, each with the newer one first. */
function pairsOf(reads: readonly Read[]): readonly (readonly [Read, Read])[] {
  const byPlaces = grouped(reads, ({ errors }) => [...errors.keys()].sort().join('\n'));
  return [...byPlaces.values()].flatMap((group) => {
    const byTime = [...group].sort((one, other) => (one.work.end < other.work.end ? -1 : 1));
    return byTime.flatMap((newer, index) =>
      byTime.slice(Math.max(0, index - MOST_COMPARED), index).map((older) => [newer, older] as const),
    );
  });
}
