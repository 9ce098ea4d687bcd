import type { CertificateReference, Equipment } from './equipment.js';
import type { PrimitiveQuantity } from './primitive-quantities.js';
import type { ResultData } from './results.js';
import type { Software } from './software.js';
import type { Text } from './text.js';

/** A method, by name and norm. */
export interface Method {
  readonly id: string | null;
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

export function joinCircumstances(found: readonly Circumstances[]): Circumstances {
  return {
    methods: found.flatMap((each) => each.methods),
    software: found.flatMap((each) => each.software),
    equipment: found.flatMap((each) => each.equipment),
    conditions: found.flatMap((each) => each.conditions),
  };
}
