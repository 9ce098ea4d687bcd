import { decimal, decimals, requiredDecimal, spread, spreadWords, type Decimal } from './decimals.js';
import { DccError, quoted } from './errors.js';
import type { Node } from './node.js';

/** A measurement uncertainty, converted to the expanded form U = k u from whichever form the certificate uses. */
export interface Uncertainty {
  /**
   * How it was stated: `expanded` (U, k, p), `standard` (u; here U = u and k = 1), or `interval` (u and a coverage interval;
   * here U is the distance from the value to the farther end, and k = U / u).
   */
  readonly form: 'expanded' | 'standard' | 'interval';
  /** In the unit of the value; null if the certificate writes NaN. */
  readonly U: number | null;
  readonly k: number | null;
  /** Coverage probability, 0..1; null if it is not stated. */
  readonly p: number | null;
  readonly distribution: string | null;
  /** The stated U (or u) as written. */
  readonly text: string;
  readonly interval: { readonly min: Decimal; readonly max: Decimal } | null;
}

const SINGLE_FORMS = ['expandedUnc', 'coverageInterval'];
// The second name is a misprint in the D-SI 2.2.1 schema; a document must use it to be valid.
const SINGLE_WRAPPERS = [
  'measurementUncertaintyUnivariate',
  'measurementUncertaintyUnivaraite',
  'listMeasurementUncertaintyUnivariate',
  'listUnivariateUnc',
];

/** The uncertainty of a real, or of a whole realList, as a function of the value, because an interval needs the value. */
export function readUncertainty(parent: Node): ((value: Decimal) => Uncertainty) | null {
  const wrapper = parent.siChild(...SINGLE_WRAPPERS);
  const form = wrapper
    ? wrapper.siChild('standardMU', 'expandedMU', 'coverageIntervalMU', ...SINGLE_FORMS)
    : parent.siChild(...SINGLE_FORMS);
  return form ? readForm(form) : null;
}

function readForm(form: Node): (value: Decimal) => Uncertainty {
  const distribution = form.siString('distribution');
  switch (form.name) {
    case 'standardMU': {
      const u = nonNegative(requiredDecimal(form, 'valueStandardMU'), form);
      return () => standard(u, distribution);
    }
    case 'coverageInterval':
    case 'coverageIntervalMU': {
      const u = nonNegative(decimal(form, 'valueStandardMU') ?? requiredDecimal(form, 'standardUnc'), form);
      const [min, max] = [requiredDecimal(form, 'intervalMin'), requiredDecimal(form, 'intervalMax')];
      const p = requiredDecimal(form, 'coverageProbability');
      return (value) => interval(value, u, min, max, p, distribution);
    }
    default: {
      const U = nonNegative(decimal(form, 'valueExpandedMU') ?? requiredDecimal(form, 'uncertainty'), form);
      const k = requiredDecimal(form, 'coverageFactor');
      const p = requiredDecimal(form, 'coverageProbability');
      return () => expanded(U, k, p, distribution);
    }
  }
}

/** The uncertainties stated in a `realListXMLList`, one for each of its values. */
export function readUncertaintyList(parent: Node, values: readonly Decimal[]): readonly Uncertainty[] | null {
  const wrapper = parent.siChild('measurementUncertaintyUnivariateXMLList');
  const form = wrapper
    ? wrapper.siChild('standardMUXMLList', 'expandedMUXMLList', 'coverageIntervalMUXMLList')
    : parent.siChild('expandedUncXMLList', 'coverageIntervalXMLList');
  return form ? new ListForm(form, values).read() : null;
}

class ListForm {
  readonly #form: Node;
  readonly #values: readonly Decimal[];
  readonly #distribution: (index: number) => string | null;

  constructor(form: Node, values: readonly Decimal[]) {
    this.#form = form;
    this.#values = values;
    this.#distribution = spreadWords(form, 'distributionXMLList', values.length);
  }

  read(): Uncertainty[] {
    switch (this.#form.name) {
      case 'standardMUXMLList':
        return this.#standard();
      case 'coverageIntervalXMLList':
      case 'coverageIntervalMUXMLList':
        return this.#intervals();
      default:
        return this.#expanded();
    }
  }

  #standard(): Uncertainty[] {
    const u = this.#column('valueStandardMUXMLList');
    return this.#values.map((_, i) => standard(this.#nonNegative(u(i)), this.#distribution(i)));
  }

  #expanded(): Uncertainty[] {
    const U = this.#column('uncertaintyXMLList', 'valueExpandedMUXMLList');
    const k = this.#column('coverageFactorXMLList');
    const p = this.#column('coverageProbabilityXMLList');
    return this.#values.map((_, i) => expanded(this.#nonNegative(U(i)), k(i), p(i), this.#distribution(i)));
  }

  #intervals(): Uncertainty[] {
    const u = this.#column('standardUncXMLList', 'valueStandardMUXMLList');
    const min = this.#column('intervalMinXMLList');
    const max = this.#column('intervalMaxXMLList');
    const p = this.#column('coverageProbabilityXMLList');
    return this.#values.map((value, i) =>
      interval(value, this.#nonNegative(u(i)), min(i), max(i), p(i), this.#distribution(i)),
    );
  }

  /** The list under the first of these names that exists: D-SI renamed some. */
  #column(...names: readonly string[]): (index: number) => Decimal {
    for (const name of names) {
      const column = decimals(this.#form, name);
      if (column.length > 0) {
        return spread(column, this.#values.length, name, this.#form);
      }
    }
    throw new DccError('DCC_MISSING', `${this.#form.path} has no ${names.join(' or ')}.`);
  }

  #nonNegative(uncertainty: Decimal): Decimal {
    return nonNegative(uncertainty, this.#form);
  }
}

/** A standard uncertainty u. */
export function standard(u: Decimal, distribution: string | null): Uncertainty {
  return { form: 'standard', U: u.value, k: 1, p: null, distribution, text: u.text, interval: null };
}

function expanded(U: Decimal, k: Decimal, p: Decimal, distribution: string | null): Uncertainty {
  return { form: 'expanded', U: U.value, k: k.value, p: p.value, distribution, text: U.text, interval: null };
}

function interval(
  value: Decimal,
  u: Decimal,
  min: Decimal,
  max: Decimal,
  p: Decimal,
  distribution: string | null,
): Uncertainty {
  const known = value.value !== null && min.value !== null && max.value !== null;
  const U = known ? Math.max(value.value - min.value, max.value - value.value) : null;
  const k = U !== null && u.value !== null && u.value > 0 ? U / u.value : null;
  return { form: 'interval', U, k, p: p.value, distribution, text: u.text, interval: { min, max } };
}

function nonNegative(uncertainty: Decimal, where: Node): Decimal {
  if (uncertainty.value !== null && uncertainty.value < 0) {
    throw new DccError('DCC_VALUE', `${where.path} states a negative uncertainty, ${quoted(uncertainty.text)}.`);
  }
  return uncertainty;
}
