import type { Asked, UsedSource } from './asked.js';
import { inputsOf } from './contributions.js';
import { isProductOf, readDimension } from './dimensions.js';
import type { Dimension } from './dimensions.js';
import { ONCE, twelfths } from './exponents.js';
import { isBelow } from './numbers.js';
import { contributorsOf } from './propagated.js';
import { reason } from './reasons.js';
import type { Reason } from './reasons.js';
import { openInfluences } from './roles.js';

/** Checks a declaration without looking at values. */
export function declarationReasons(asked: Asked): readonly Reason[] {
  return [...unvouched(asked), ...shares(asked), ...ofMethod(asked)];
}

/**
 * Parts that nobody vouches for are allowed only if they do not matter: inputs without a certificate, constants with a unit,
 * influences that do not hold. Many small shares add up to a large one.
 */
function unvouched(asked: Asked): readonly Reason[] {
  const { own: inputs, constants } = asked.result;
  const { negligibleShare } = asked.policy;
  const measured = constants.filter(({ isExact }) => !isExact);
  const unnamed = measured.filter(({ share }) => share === null);
  const own = [...inputs, ...measured.filter(({ share }) => share !== null)];
  const open = own.filter(({ share }) => share === null || !(share >= 0) || isBelow(negligibleShare, share));
  const small = [
    ...own.filter((each) => !open.includes(each)),
    ...openInfluences(asked).map(({ report, use: { share } }) => ({ name: report, share })),
  ];
  const share = small.reduce((sum, each) => sum + (each.share ?? 0), 0);
  return [
    ...unnamed.map(({ name }) => reason('constant-measured', { name })),
    ...open.map(({ name, share: each }) => reason('own-share', { name, share: each })),
    ...(isBelow(negligibleShare, share) ? [reason('shares-together', { name: namesOf(small), share })] : []),
  ];
}

const MOST_NAMES = 5;

function namesOf(all: readonly { readonly name: string }[]): string {
  const names = all.slice(0, MOST_NAMES).map(({ name }) => name);
  return [...names, ...(all.length > MOST_NAMES ? [`${all.length - MOST_NAMES} more`] : [])].join(', ');
}

function shares({ sources }: Asked): readonly Reason[] {
  return sources
    .filter(({ use: { share } }) => share !== null && !(share >= 0 && share <= 1))
    .map(({ index, use: { share } }) => reason('share-unusable', { source: index, share }));
}

function ofMethod(asked: Asked): readonly Reason[] {
  switch (asked.result.method) {
    case 'scaled':
      return scaledOf(asked);
    case 'group':
      return groupOf(asked);
    case 'product':
      return productOf(asked);
    case 'sum':
    case 'general':
      return sensitivitiesOf(asked);
    case 'undeclared':
    case 'direct':
    case 'interpolated':
    case 'natural':
      return [];
  }
}

/** The value is scaled from one of the same kind, so a ratio has no unit. */
function scaledOf({ sources, result }: Asked): readonly Reason[] {
  const ratios = sources.filter(({ role, rows }) => role === 'ratio' && rows.length > 0);
  return [
    ...(result.scale === 'ratio' ? [] : [reason('scaled-not-ratio')]),
    ...(ratios.every(({ dimension }) => dimension === '') ? [] : [reason('units-open')]),
  ];
}

/**
 * Several reports, possibly of one device: the history of one Zener standard as well as four Zener standards. The kind of a
 * reference that is not shown is not known.
 */
function groupOf({ sources, result }: Asked): readonly Reason[] {
  const references = sources.filter(
    ({ role, kind }) => role === 'reference' && (kind === null || kind === result.kind),
  );
  return new Set(references.map(({ report }) => report)).size >= 2 ? [] : [reason('group-too-few')];
}

/** The dimensions of the inputs, raised to their exponents, and of the constants give that of the result. */
function productOf(asked: Asked): readonly Reason[] {
  const inputs = inputsOf(asked);
  const factors = [
    ...inputs.map(({ dimension, use }) => ({ dimension: readable(dimension), twelfths: twelfths(use.exponent) })),
    ...asked.result.constants.map(({ dimension }) => ({ dimension: readable(dimension), twelfths: ONCE })),
  ];
  const known = factors.flatMap(({ dimension, twelfths: power }) =>
    dimension && power !== undefined ? [{ dimension, twelfths: power }] : [],
  );
  const own = readable(asked.result.dimension);
  const closes = known.length === factors.length && own !== undefined && isProductOf(own, known);
  // An input without data has no unit, and one without a usable exponent gives none: other findings name both.
  const isOpen = inputs.length > contributorsOf(asked).length || inputs.some(({ use }) => !twelfths(use.exponent));
  return closes || isOpen ? [] : [reason('units-open')];
}

/** [c] = [y] / [x]; of a plain sum without coefficients all have one dimension. */
function sensitivitiesOf(asked: Asked): readonly Reason[] {
  const own = readable(asked.result.dimension);
  return contributorsOf(asked)
    .filter((source) => !agrees(source, own, asked.result.method === 'sum'))
    .map(({ index }) => reason('sensitivity-unit', { source: index }));
}

function agrees({ dimension, use: { sensitivity } }: UsedSource, own: Dimension | undefined, isSum: boolean): boolean {
  const x = readable(dimension);
  const c = sensitivity ? readable(sensitivity.dimension) : isSum ? readDimension('') : undefined;
  if (!sensitivity && !isSum) {
    return true; // The method class names a missing sensitivity.
  }
  return (
    x !== undefined &&
    c !== undefined &&
    own !== undefined &&
    isProductOf(
      own,
      [x, c].map((each) => ({ dimension: each, twelfths: ONCE })),
    )
  );
}

function readable(dimension: string | null): Dimension | undefined {
  return dimension === null ? undefined : readDimension(dimension);
}
