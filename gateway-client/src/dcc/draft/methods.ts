import type { Method } from '../data.js';
import { oneLine } from '../oneLine.js';

export type MethodClass = 'direct' | 'scaled' | 'group' | 'interpolated' | 'product' | 'sum' | 'general' | 'natural';

/** A class suggested by the certificate's method. A technician confirms it; it is never applied silently. */
export interface MethodProposal {
  /** Every class that the method permits, the usual one first. */
  readonly classes: readonly MethodClass[];
  /** The method as the certificate names it. */
  readonly because: string;
}

export interface DraftMethod {
  readonly name: string;
  readonly refTypes: readonly string[];
  readonly norms: readonly string[];
  /** A primary method realises its unit, a secondary one compares with a standard, a working one with a working standard. */
  readonly level: 'primary' | 'secondary' | 'working' | null;
}

/** Classes suggested by names, norms and refTypes of methods. The first match counts, so specific ones come first. */
const PROPOSALS: readonly (readonly [RegExp, readonly MethodClass[]])[] = [
  [/fixed[- ]?point|fixpunkt|point fixe|punto fijo/i, ['interpolated', 'direct']],
  [/DKD-R 5-1|temperatureSensor/i, ['direct', 'interpolated']],
  [/subdivision|multiplication|build-?up|unterteilung|ratio bridge|messbrücke|potentiomet/i, ['scaled']],
  [/circle closure|kreisteilung|closure/i, ['natural']],
  [/josephson|quantum hall|quanten-?hall|kibble|realisation|realization/i, ['natural', 'direct']],
  [/hydrostati/i, ['general']],
  [/pressure balance|kolbenmanometer|dead ?weight|druckwaage/i, ['product', 'direct']],
  [/gravimetri/i, ['product', 'general']],
  [/dew ?point|taupunkt|interferomet/i, ['general', 'direct']],
  [/static expansion|statische expansion/i, ['product']],
  [/substitution|comparison|vergleich|comparaison|comparación|direct(?:ly)? compared|massevergleich/i, ['direct']],
  [/OIML R ?111|weighing|wägung/i, ['direct', 'scaled']],
  [/back-to-back|ISO 16063-21/i, ['direct']],
];

/**
 * Proposes the class of a result's method.
 *
 * @param names - The result's own names: certificates of several methods name them there.
 */
export function proposeMethod(methods: readonly Method[], names: readonly string[]): MethodProposal | null {
  const own = classesIn(names);
  if (own) {
    return { classes: own, because: names[0] ?? '' };
  }
  // A name or a norm identifies the method; a description may mention others.
  for (const textsOf of [namesOf, descriptionsOf]) {
    for (const method of methods.filter(isMeasuring)) {
      const classes = classesIn(textsOf(method));
      if (classes) {
        return { classes, because: labelOf(method) };
      }
    }
  }
  return null;
}

function classesIn(texts: readonly string[]): readonly MethodClass[] | undefined {
  return PROPOSALS.find(([pattern]) => texts.some((text) => pattern.test(text)))?.[1];
}

/** The file also lists the evaluation of the uncertainty as a method. */
function isMeasuring({ refType, name }: Method): boolean {
  return !/uncertainty|unsicherheit|incertitude|incertidumbre/i.test(`${refType ?? ''} ${name?.text ?? ''}`);
}

export function draftMethod(method: Method): DraftMethod {
  return {
    name: oneLine(method.name?.text) || 'not named',
    refTypes: method.refType?.split(/\s+/) ?? [],
    norms: method.norms,
    level: levelOf([...namesOf(method), ...descriptionsOf(method)]),
  };
}

const LEVELS: readonly (readonly [RegExp, NonNullable<DraftMethod['level']>])[] = [
  [/primary ?(?:method|calibration|realisation|realization)|primär(?:verfahren|methode)|methodPrimary/i, 'primary'],
  [/secondary ?(?:method|calibration)|sekundär(?:verfahren|methode)|methodSecondary/i, 'secondary'],
  [/working ?(?:method|level)|gebrauchs(?:verfahren|methode)|methodWorking/i, 'working'],
];

function levelOf(texts: readonly string[]): DraftMethod['level'] {
  return LEVELS.find(([pattern]) => texts.some((text) => pattern.test(text)))?.[1] ?? null;
}

function namesOf({ name, norms, refType, references }: Method): readonly string[] {
  return [refType ?? '', ...norms, ...(name?.all ?? []).map(({ text }) => text), ...references];
}

function descriptionsOf({ description }: Method): readonly string[] {
  return description.flatMap(({ all }) => all.map(({ text }) => text));
}

function labelOf({ name, norms, refType }: Method): string {
  return [oneLine(name?.text), ...norms].filter(Boolean).join(', ') || (refType ?? 'not named');
}
