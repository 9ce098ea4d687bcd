import { MAX_USES, QUANTITY } from '@tracecal/core/model';
import type { Result, Row, Support } from '@tracecal/core/model';
import type { DraftArgument, DraftResult, DraftRow } from '../draft/index.js';
import { oneLine } from '../oneLine.js';
import { conformityRecord } from './conformity.js';

/** Position of a certificate's parent among those of the report; null if it is not one of them. */
export type ParentPlaces = readonly (number | null)[];

/** A drafted result in the form of a report. */
export function resultRecord(draft: DraftResult, places: ParentPlaces): Result {
  const { result, conformity } = draft;
  const support = supportRecord(draft, places);
  const methods = methodNames(draft);
  const methodLevel = levelOf(draft);
  const stated = conformityRecord(conformity, result.rows.length);
  return {
    name: oneLine(result.name),
    quantity: kindName(result.quantity),
    unit: result.unit,
    ...(result.arguments.length > 0 && { arguments: result.arguments.map(argumentRecord) }),
    rows: result.rows.map(rowRecord),
    ...(support && { support }),
    ...(methods.length > 0 && { methods }),
    ...(methodLevel && { methodLevel }),
    ...exclusionOf(draft),
    ...(stated && { conformity: stated }),
  };
}

function argumentRecord({ name, role, quantity, unit }: DraftArgument) {
  return {
    name: oneLine(name),
    role,
    ...(quantity !== null && unit !== null && { quantity: kindName(quantity), unit }),
  };
}

function rowRecord({ value, error, at, uncertainty }: DraftRow): Row {
  return {
    value,
    ...(error !== null && { error }),
    ...(at.length > 0 && { at }),
    uncertainty: uncertainty && { ...uncertainty },
  };
}

/** A kind named after a certificate may contain letters that names of kinds may not. */
function kindName(quantity: string): string {
  if (QUANTITY.test(quantity)) {
    return quantity;
  }
  const plain = quantity
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-$/g, '')
    .slice(0, 64)
    .replace(/-$/, '');
  return QUANTITY.test(plain) ? plain : 'unnamed';
}

/**
 * Only methods that the mapping file confirms: a method's name suggests a class, but that is never applied silently. A standard is a
 * reference, an influence or a ratio by its kind, which the file does not state: the registry's default decides, as without a method.
 */
function supportRecord({ method, uses }: DraftResult, places: ParentPlaces): Support | undefined {
  const [confirmed] = method?.confirmed ? method.classes : [];
  const stated = uses.flatMap(({ source, role }) => {
    const place = places[source] ?? null;
    return place === null || role === null || role === 'reference' ? [] : [{ source: place, role }];
  });
  const each = stated.filter(({ source }, i) => stated.findIndex((other) => other.source === source) === i);
  return confirmed && { method: confirmed, uses: each };
}

function methodNames({ methods }: DraftResult): readonly string[] {
  const names = methods.flatMap(({ name, norms }) => [name, ...norms]).map((name) => oneLine(name));
  return [...new Set(names)].filter((name) => name !== '' && name !== 'not named').slice(0, MAX_USES);
}

/** With several methods, only a level that none of them contradicts. */
function levelOf({ methods }: DraftResult): Result['methodLevel'] | null {
  const [level, ...others] = new Set(methods.flatMap((method) => method.level ?? []));
  return others.length === 0 ? (level ?? null) : null;
}

function exclusionOf({ claims }: DraftResult): Pick<Result, 'excluded'> {
  if (claims.denied !== null) {
    return { excluded: 'not-traceable' };
  }
  return claims.accredited === false ? { excluded: 'not-accredited' } : {};
}
