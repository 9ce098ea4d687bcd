import { joinCircumstances } from './circumstances.js';
import type { Circumstances, Condition, Method } from './data.js';
import { worstConformity } from './conformity.js';
import type { Conformity } from './conformity.js';
import type { Quantity, ResultData, ResultPoint } from './data.js';
import { spread } from './decimals.js';
import { readEquipments, readReference } from './equipment.js';
import type { Node } from './node.js';
import { readPrimitiveQuantity } from './primitive-quantities.js';
import { NO_VALUES, readReal, readXmlList } from './quantities.js';
import type { Point } from './quantities.js';
import { readSoftware } from './software.js';
import { readStatements } from './statements.js';
import type { Statement } from './data.js';
import type { Text, TextReader } from './text.js';

/** Statements about all results of a measurement. */
export interface Measurement {
  readonly name: Text | null;
  readonly description: readonly Text[];
  readonly refIds: readonly string[];
  readonly circumstances: Circumstances;
  readonly metaData: readonly Statement[];
}

/** A result of a measurement. */
export interface Result extends ResultData {
  readonly name: Text | null;
  readonly measurement: Measurement;
  readonly id: string | null;
  /** Identifiers of elements that it belongs to: usually of an item. */
  readonly refIds: readonly string[];
  readonly refType: string | null;
  readonly description: readonly Text[];
}

interface ListContext {
  readonly circumstances: Circumstances;
  readonly table: number;
  readonly name: Text | null;
  readonly dateTimes: readonly string[];
}

/** Reads `data` elements; collects the circumstances found in them, at any depth. */
export class DataReader {
  readonly #texts: TextReader;
  readonly #circumstances: Circumstances[] = [];
  #tables = 0;

  constructor(texts: TextReader) {
    this.#texts = texts;
  }

  /** Of everything read so far. */
  get circumstances(): Circumstances {
    return joinCircumstances(this.#circumstances);
  }

  read(node: Node): ResultData {
    this.#texts.readFormulas(node);
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
  readCircumstances(node: Node): Circumstances {
    const found = {
      methods: (node.child('usedMethods')?.children('usedMethod') ?? []).map((method) => this.#method(method)),
      software: readSoftware(node, 'usedSoftware', this.#texts),
      equipment: readEquipments(node, this.#texts),
      conditions: (node.child('influenceConditions')?.children('influenceCondition') ?? []).map((condition) =>
        this.#condition(condition),
      ),
    };
    this.#circumstances.push(found);
    return found;
  }

  #list(node: Node, outer: ListContext | null): ResultData {
    this.#tables += 1;
    const context: ListContext = {
      table: this.#tables,
      name: this.#texts.child(node, 'name') ?? outer?.name ?? null,
      dateTimes: node.words('dateTime', 'dateTimeXMLList'),
      circumstances: joinCircumstances([...(outer ? [outer.circumstances] : []), this.readCircumstances(node)]),
    };
    const texts = this.#texts.children(node, 'description');
    const metaData = readStatements(node, 'measurementMetaData', this.#texts, this);
    const own = node.children('quantity').map((quantity) => this.#quantity(quantity, context));
    const inner = node.children('list').map((list) => this.#list(list, context));
    return {
      quantities: [...asColumns(own), ...inner.flatMap((list) => list.quantities)],
      texts: [...texts, ...inner.flatMap((list) => list.texts)],
      metaData: [...metaData, ...inner.flatMap((list) => list.metaData)],
    };
  }

  #quantity(node: Node, list: ListContext | null): Quantity {
    const stated = readPrimitiveQuantity(node, this.#texts);
    const own = this.readCircumstances(node);
    const metaData = readStatements(node, 'measurementMetaData', this.#texts, this);
    const { points, ...values } = stated.values ?? { ...NO_VALUES, kind: 'words' as const };
    return {
      name: stated.name ?? list?.name ?? null,
      description: stated.description,
      id: stated.id,
      refIds: stated.refIds,
      refType: stated.refType,
      ...values,
      points: pointsOf(points, metaData, list, node),
      words: stated.words,
      relativeUncertainty: readRelativeUncertainty(node),
      metaData,
      circumstances: list ? joinCircumstances([list.circumstances, own]) : own,
      list: list?.name ?? null,
      table: list?.table ?? null,
    };
  }

  #method(node: Node): Method {
    return {
      id: node.attribute('id'),
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
 * Certificates from before D-SI's XML lists write a column as a named list of unnamed quantities, one per value. They are
 * read as one quantity with as many points.
 */
function asColumns(quantities: readonly Quantity[]): readonly Quantity[] {
  const [first] = quantities;
  const uniform = quantities.every(
    (quantity) =>
      quantity.kind === 'real' &&
      quantity.name !== null &&
      quantity.name === first?.name &&
      quantity.refIds.length === 0 &&
      [quantity.id, quantity.refType, quantity.words].every((mark) => mark === null) &&
      [quantity.alternatives, quantity.complexAlternatives, quantity.metaData, quantity.relativeUncertainty].every(
        (parts) => parts.length === 0,
      ),
  );
  return first && uniform ? [{ ...first, points: quantities.flatMap((quantity) => quantity.points) }] : quantities;
}
