import { decimals, requiredDecimal, spread, spreadWords, type Decimal } from './decimals.js';
import { DccError } from './errors.js';
import type { Node } from './node.js';
import { readUncertainty, readUncertaintyList, standard, type Uncertainty } from './uncertainty.js';

/** A value of a quantity. */
export interface Point extends Decimal {
  /** As written: usually D-SI (`\kelvin`), but certificates also hold `/kilogram`. */
  readonly unit: string;
  readonly uncertainty: Uncertainty | null;
  readonly label: string | null;
  readonly dateTime: string | null;
}

/** A complex value: real and imaginary part, or magnitude and phase. Its uncertainty (a covariance) is not read. */
export interface ComplexPoint {
  readonly form: 'cartesian' | 'polar';
  readonly first: Decimal;
  readonly second: Decimal;
  readonly unit: string;
  /** Of the phase; null in Cartesian form. */
  readonly phaseUnit: string | null;
  readonly label: string | null;
}

/** The content of a D-SI element: the same values in one unit or, for a hybrid, in several. */
export interface Values {
  readonly kind: 'real' | 'constant' | 'complex';
  readonly points: readonly Point[];
  readonly complex: readonly ComplexPoint[];
  /** A hybrid's further forms: the same values in other units. */
  readonly alternatives: readonly (readonly Point[])[];
  readonly complexAlternatives: readonly (readonly ComplexPoint[])[];
}

const SI_VALUES = ['real', 'constant', 'complex', 'realList', 'realListXMLList', 'complexList', 'complexListXMLList'];
const SI_FORMS = [...SI_VALUES, 'list', 'hybrid'];

export const NO_VALUES = { points: [], complex: [], alternatives: [], complexAlternatives: [] } as const;

/** The D-SI value below a quantity; null if it holds none. */
export function readValues(quantity: Node): Values | null {
  const node = quantity.siChild(...SI_FORMS);
  return node ? readForm(node) : null;
}

function readForm(node: Node): Values {
  switch (node.name) {
    case 'hybrid':
      return readHybrid(node);
    case 'constant':
      return { ...NO_VALUES, kind: 'constant', points: [readConstant(node)] };
    case 'real':
    case 'realList':
    case 'realListXMLList':
      return { ...NO_VALUES, kind: 'real', points: readReals(node) };
    case 'list':
      return readList(node);
    default:
      return { ...NO_VALUES, kind: 'complex', complex: readComplexes(node) };
  }
}

/** The form with an uncertainty represents the hybrid; without one, its first form. */
function readHybrid(node: Node): Values {
  const forms = node.siChildren(...SI_VALUES, 'list').map((child) => readForm(child));
  const main = forms.find((form) => form.points.some((point) => point.uncertainty)) ?? forms[0];
  if (!main) {
    throw new DccError('DCC_MISSING', `${node.path} holds no value.`);
  }
  const others = forms.filter((form) => form !== main);
  return main.kind === 'complex'
    ? { ...main, complexAlternatives: others.map((form) => form.complex) }
    : { ...main, alternatives: others.map((form) => form.points) };
}

/** A D-SI list is a table of lists; its rows follow one another, with their labels. */
function readList(node: Node): Values {
  const rows = node.siChildren(...SI_VALUES, 'list').map((child) => readForm(child));
  const points = rows.flatMap((row) => row.points);
  const complex = rows.flatMap((row) => row.complex);
  return { ...NO_VALUES, kind: complex.length > 0 ? 'complex' : 'real', points, complex };
}

function readReals(node: Node): Point[] {
  switch (node.name) {
    case 'realListXMLList':
      return readXmlList(node);
    case 'realList':
      return readRealList(node);
    default:
      return [readReal(node)];
  }
}

interface ListDefaults {
  readonly unit?: string | null;
  readonly label?: string | null;
  readonly dateTime?: string | null;
  readonly uncertainty?: ((value: Decimal) => Uncertainty) | null;
}

/** The content of a `realQuantityType`, whatever the name of the element. */
export function readReal(node: Node, defaults: ListDefaults = {}): Point {
  const value = requiredDecimal(node, 'value');
  const uncertainty = readUncertainty(node) ?? defaults.uncertainty;
  skipHints(node);
  return {
    ...value,
    unit: node.siString('unit') ?? defaults.unit ?? node.requiredSiString('unit'),
    uncertainty: uncertainty?.(value) ?? null,
    label: joinLabels(defaults.label, node.siString('label')),
    dateTime: node.siString('dateTime') ?? defaults.dateTime ?? null,
  };
}

function readRealList(node: Node): Point[] {
  const defaults: ListDefaults = {
    unit: node.siString('listUnit'),
    label: node.siString('label'),
    dateTime: node.siString('dateTime'),
    uncertainty: readUncertainty(node),
  };
  skipHints(node);
  return node.siChildren('real').map((real) => readReal(real, defaults));
}

/** The content of a `realListXMLListType`, whatever the name of the element. */
export function readXmlList(node: Node): Point[] {
  const values = decimals(node, 'valueXMLList');
  const units = spread(node.siWords('unitXMLList'), values.length, 'unit', node);
  const uncertainties = readUncertaintyList(node, values);
  const labels = spreadWords(node, 'labelXMLList', values.length);
  const dateTimes = spreadWords(node, 'dateTimeXMLList', values.length);
  skipHints(node);
  return values.map(({ value, text }, i) => ({
    value,
    text,
    unit: units(i),
    uncertainty: uncertainties?.[i] ?? null,
    label: labels(i),
    dateTime: dateTimes(i),
  }));
}

function readConstant(node: Node): Point {
  const point = readReal(node);
  // D-SI states the uncertainty of a constant as a standard uncertainty, in a separate element.
  const name = ['valueStandardMU', 'uncertainty'].find((candidate) => node.siString(candidate) !== null);
  const distribution = node.siString('distribution');
  return name === undefined ? point : { ...point, uncertainty: standard(requiredDecimal(node, name), distribution) };
}

function readComplexes(node: Node): ComplexPoint[] {
  switch (node.name) {
    case 'complexListXMLList':
      return readComplexXmlList(node);
    case 'complexList': {
      const unit = node.siString('listUnit');
      const phaseUnit = node.siString('listUnitPhase');
      return node.siChildren('complex').map((child) => readComplex(child, unit, phaseUnit));
    }
    default:
      return [readComplex(node, null, null)];
  }
}

function readComplex(node: Node, listUnit: string | null, listPhaseUnit: string | null): ComplexPoint {
  const polar = node.siString('valueMagnitude') !== null;
  skipHints(node);
  return {
    form: polar ? 'polar' : 'cartesian',
    first: requiredDecimal(node, polar ? 'valueMagnitude' : 'valueReal'),
    second: requiredDecimal(node, polar ? 'valuePhase' : 'valueImag'),
    unit: node.siString('unit') ?? listUnit ?? node.requiredSiString('unit'),
    phaseUnit: polar ? (node.siString('unitPhase') ?? listPhaseUnit) : null,
    label: node.siString('label'),
  };
}

function readComplexXmlList(node: Node): ComplexPoint[] {
  const polar = node.siString('valueMagnitudeXMLList') !== null;
  const firsts = decimals(node, polar ? 'valueMagnitudeXMLList' : 'valueRealXMLList');
  const count = firsts.length;
  const seconds = spread(
    decimals(node, polar ? 'valuePhaseXMLList' : 'valueImagXMLList'),
    count,
    'the second component',
    node,
  );
  const units = spread(node.siWords('unitXMLList'), count, 'unit', node);
  const phaseUnits = spreadWords(node, 'unitPhaseXMLList', count);
  const labels = spreadWords(node, 'labelXMLList', count);
  return firsts.map((first, i) => ({
    form: polar ? 'polar' : 'cartesian',
    first,
    second: seconds(i),
    unit: units(i),
    phaseUnit: phaseUnits(i),
    label: labels(i),
  }));
}

/** QUDT names repeat the unit. */
function skipHints(node: Node): void {
  node.ignoreSi('quantityTypeQUDT', 'quantityTypeQUDTXMLList', 'listQuantityTypeQUDT');
}

function joinLabels(outer: string | null | undefined, inner: string | null): string | null {
  return outer && inner ? `${outer}/${inner}` : (inner ?? outer ?? null);
}
