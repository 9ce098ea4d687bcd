import type { KindEvidence } from '@tracecal/core/model';
import type { Condition } from '../data.js';
import { oneLine } from '../oneLine.js';
import type { Point } from '../quantities.js';
import type { Quantity } from '../data.js';
import { convertValue, draftUnit, type DraftUnit } from './units.js';

/** A condition during a calibration, between its lowest and highest value. */
export interface DraftCondition {
  readonly name: string;
  /** `beforeAdjustment`, `afterAdjustment`, `beforeRepair`, `afterRepair`; null: during the whole calibration. */
  readonly status: string | null;
  readonly quantity: string;
  readonly unit: string;
  readonly lowest: number;
  readonly highest: number;
}

type KindOf = (clues: KindEvidence, unit: DraftUnit) => string;

/** The conditions with values in known units; those of one list or unit together. */
export function conditionsOf(conditions: readonly Condition[], kindOf: KindOf): DraftCondition[] {
  return conditions.flatMap((condition) => {
    const groups = new Map<string, Quantity[]>();
    for (const quantity of condition.data?.quantities ?? []) {
      const unit = draftUnit(quantity.points[0]?.unit ?? '');
      const key = `${quantity.list?.text ?? ''}/${unit?.dimension ?? 'none'}`;
      groups.set(key, [...(groups.get(key) ?? []), quantity]);
    }
    return [...groups.values()].flatMap((quantities) => describe(condition, quantities, kindOf) ?? []);
  });
}

function describe(condition: Condition, quantities: readonly Quantity[], kindOf: KindOf): DraftCondition | null {
  const points = quantities.flatMap((quantity) => quantity.points);
  const unit = draftUnit(points[0]?.unit ?? '');
  const values = unit ? valuesIn(points, unit) : [];
  if (!unit || values.length === 0) {
    return null;
  }
  const [first] = quantities;
  const titles = [first?.list, condition.name, first?.name];
  const names = titles.flatMap((text) => text?.all ?? []).map(({ text }) => oneLine(text));
  const refTypes = [condition.refType, first?.refType].flatMap((words) => words?.split(/\s+/) ?? []);
  return {
    name: titles.map((title) => oneLine(title?.text)).find(Boolean) ?? 'condition',
    status: condition.status,
    quantity: kindOf({ names, refTypes }, unit),
    unit: unit.text,
    lowest: values.reduce((low, value) => Math.min(low, value)),
    highest: values.reduce((high, value) => Math.max(high, value)),
  };
}

function valuesIn(points: readonly Point[], unit: DraftUnit): readonly number[] {
  return points
    .flatMap(({ value, unit: written }) => {
      const own = draftUnit(written);
      return value === null || !own ? [] : [convertValue(value, own, unit)];
    })
    .filter((value) => Number.isFinite(value));
}
