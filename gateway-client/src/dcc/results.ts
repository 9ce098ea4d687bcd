import { worstConformity, type Conformity } from './conformity.js';
import { spread } from './decimals.js';
import { readEquipments, readReference, type CertificateReference, type Equipment } from './equipment.js';
import type { Node } from './node.js';
import { readPrimitiveQuantity, type PrimitiveQuantity } from './primitive-quantities.js';
import { NO_VALUES, readReal, readXmlList, type Point, type Values } from './quantities.js';
import { readSoftware, type Software } from './software.js';
import { readStatements, type Statement } from './statements.js';
import type { Text, TextReader } from './text.js';

/** A value of a result and whether it conforms; null if the certificate does not say. */
export interface ResultPoint extends Point {
  readonly conformity: Conformity | null;
}

/** A quantity among results, conditions or metadata. */
export interface Quantity extends Omit<Values, 'kind' | 'points'> {
  /** Its own name, else that of the list that holds it. */
  readonly name: Text | null;
  readonly id: string | null;
  readonly refType: string | null;
  /** `words` for a quantity that states text instead of values. */
  readonly kind: Values['kind'] | 'words';
  readonly points: readonly ResultPoint[];
  readonly words: string | null;
  readonly relativeUncertainty: readonly Point[];
  readonly metaData: readonly Statement[];
  /** Which list of the data holds it, counted from 1; quantities of one list are columns of one table. Null: none. */
  readonly table: number | null;
}

/** What a `data` element holds, its lists dissolved. */
export interface ResultData {
  readonly quantities: readonly Quantity[];
  /** Texts among the data, and descriptions of lists. */
  readonly texts: readonly Text[];
  /** Metadata of whole lists. */
  readonly metaData: readonly Statement[];
}

/** A result of a measurement. */
export interface Result extends ResultData {
  readonly name: Text | null;
  /** The name of the measurement that it is of, and what is said about it. */
  readonly measurement: { readonly name: Text | null; readonly description: readonly Text[] };
  readonly id: string | null;
  readonly refType: string | null;
  readonly description: readonly Text[];
}

/** A method, by name and norm. */
export interface Method {
  readonly name: Text | null;
  readonly refType: string | null;
  readonly norms: readonly string[];
  readonly references: readonly string[];
  readonly description: readonly Text[];
  readonly quantities: readonly PrimitiveQuantity[];
}

/** An ambient or other condition. */
export interface Condition {
  readonly name: Text | null;
  readonly refType: string | null;
  readonly description: readonly Text[];
  /** `beforeAdjustment`, `afterAdjustment`, `beforeRepair`, `afterRepair`. */
  readonly status: string | null;
  readonly certificate: CertificateReference | null;
  readonly data: ResultData | null;
}

/** How something was measured: stated for all results, for a measurement, a list or a single quantity. */
export interface Circumstances {
  readonly methods: readonly Method[];
  readonly software: readonly Software[];
  readonly equipment: readonly Equipment[];
  readonly conditions: readonly Condition[];
}

interface ListContext {
  readonly table: number;
  readonly name: Text | null;
  readonly dateTimes: readonly string[];
}

/** Reads `data` elements; collects the circumstances that it finds on the way, wherever they stand. */
export class DataReader {
  readonly #texts: TextReader;
  readonly #circumstances: Circumstances[] = [];
  #tables = 0;

  constructor(texts: TextReader) {
    this.#texts = texts;
  }

  /** Of everything read so far. */
  get circumstances(): Circumstances {
    return {
      methods: this.#circumstances.flatMap((found) => found.methods),
      software: this.#circumstances.flatMap((found) => found.software),
      equipment: this.#circumstances.flatMap((found) => found.equipment),
      conditions: this.#circumstances.flatMap((found) => found.conditions),
    };
  }

  read(node: Node): ResultData {
    const lists = node.children('list').map((list) => this.#list(list, null));
    return {
      quantities: [
        ...node.children('quantity').map((quantity) => this.#quantity(quantity, null)),
        ...lists.flatMap((list) => list.quantities),
      ],
      texts: [...this.#texts.children(node, 'text'), ...lists.flatMap((list) => list.texts)],
      metaData: lists.flatMap((list) => list.metaData),
    };
  }

  /** Reads the circumstances stated at this place. */
  readCircumstances(node: Node): void {
    this.#circumstances.push({
      methods: (node.child('usedMethods')?.children('usedMethod') ?? []).map((method) => this.#method(method)),
      software: readSoftware(node, 'usedSoftware', this.#texts),
      equipment: readEquipments(node, this.#texts),
      conditions: (node.child('influenceConditions')?.children('influenceCondition') ?? []).map((condition) =>
        this.#condition(condition),
      ),
    });
  }

  #list(node: Node, outerName: Text | null): ResultData {
    this.#tables += 1;
    const context: ListContext = {
      table: this.#tables,
      name: this.#texts.child(node, 'name') ?? outerName,
      dateTimes: node.words('dateTime', 'dateTimeXMLList'),
    };
    const texts = this.#texts.children(node, 'description');
    this.readCircumstances(node);
    const metaData = readStatements(node, 'measurementMetaData', this.#texts, this);
    const own = node.children('quantity').map((quantity) => this.#quantity(quantity, context));
    const inner = node.children('list').map((list) => this.#list(list, context.name));
    return {
      quantities: [...asColumns(own), ...inner.flatMap((list) => list.quantities)],
      texts: [...texts, ...inner.flatMap((list) => list.texts)],
      metaData: [...metaData, ...inner.flatMap((list) => list.metaData)],
    };
  }

  #quantity(node: Node, list: ListContext | null): Quantity {
    const stated = readPrimitiveQuantity(node, this.#texts);
    this.readCircumstances(node);
    const metaData = readStatements(node, 'measurementMetaData', this.#texts, this);
    const { points, ...values } = stated.values ?? { ...NO_VALUES, kind: 'words' as const };
    return {
      name: stated.name ?? list?.name ?? null,
      id: stated.id,
      refType: stated.refType,
      ...values,
      points: pointsOf(points, metaData, list, node),
      words: stated.words,
      relativeUncertainty: readRelativeUncertainty(node),
      metaData,
      table: list?.table ?? null,
    };
  }

  #method(node: Node): Method {
    return {
      name: this.#texts.child(node, 'name'),
      refType: node.attribute('refType'),
      norms: node.strings('norm'),
      references: [...node.strings('reference'), ...node.strings('link')],
      description: this.#texts.children(node, 'description'),
      quantities: (node.child('usedMethodQuantities')?.children('usedMethodQuantity') ?? []).map((quantity) =>
        readPrimitiveQuantity(quantity, this.#texts),
      ),
    };
  }

  #condition(node: Node): Condition {
    const data = node.child('data');
    return {
      name: this.#texts.child(node, 'name'),
      refType: node.attribute('refType'),
      description: this.#texts.children(node, 'description'),
      status: node.string('status') ?? node.string('state'),
      certificate: readReference(node, 'certificate', this.#texts),
      data: data ? this.read(data) : null,
    };
  }
}

function pointsOf(
  points: readonly Point[],
  metaData: readonly Statement[],
  list: ListContext | null,
  where: Node,
): ResultPoint[] {
  const conformityOf = conformityOfPoints(points.length, metaData, where);
  const rowTimes = list?.dateTimes.length === points.length ? list.dateTimes : [];
  return points.map(({ value, text, unit, uncertainty, label, dateTime }, i) => ({
    value,
    text,
    unit,
    uncertainty,
    label,
    dateTime: dateTime ?? rowTimes[i] ?? null,
    conformity: conformityOf(i),
  }));
}

function conformityOfPoints(
  count: number,
  metaData: readonly Statement[],
  where: Node,
): (index: number) => Conformity | null {
  const forAll = worstConformity(metaData.flatMap(({ conformity }) => (conformity.length === 1 ? conformity : [])));
  const forEach = metaData
    .filter(({ conformity }) => conformity.length > 1 && count > 0)
    .map(({ conformity }) => spread(conformity, count, 'conformity', where));
  return forEach.length === 0
    ? () => forAll
    : (index) => worstConformity([forAll, ...forEach.map((conformityOf) => conformityOf(index))]);
}

function readRelativeUncertainty(node: Node): readonly Point[] {
  const wrapper = node.child('relativeUncertainty')?.child('relativeUncertaintyXmlList', 'relativeUncertaintySingle');
  if (!wrapper) {
    return [];
  }
  return wrapper.name === 'relativeUncertaintySingle' ? [readReal(wrapper)] : readXmlList(wrapper);
}

/**
 * Certificates before D-SI's XML lists write a column as a named list of nameless quantities, one a value. They are one
 * quantity with as many points.
 */
function asColumns(quantities: readonly Quantity[]): readonly Quantity[] {
  const [first] = quantities;
  const uniform = quantities.every(
    (quantity) =>
      quantity.kind === 'real' &&
      quantity.name !== null &&
      quantity.name === first?.name &&
      [quantity.id, quantity.refType, quantity.words].every((mark) => mark === null) &&
      [quantity.alternatives, quantity.complexAlternatives, quantity.metaData, quantity.relativeUncertainty].every(
        (parts) => parts.length === 0,
      ),
  );
  return first && uniform ? [{ ...first, points: quantities.flatMap((quantity) => quantity.points) }] : quantities;
}
