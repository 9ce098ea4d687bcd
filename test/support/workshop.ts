import type { Result, Support } from '@tracecal/core/model';
import { addKilogram, cmcOf, temperatureScope, twoCountries } from './hierarchy.js';
import type { Hierarchy, ReportSpec } from './hierarchy.js';

const UNITS = {
  'dc-voltage': '\\volt',
  'ac-voltage': '\\volt',
  'dc-current': '\\ampere',
  resistance: '\\ohm',
  'voltage-ratio': '\\one',
  mass: '\\kilogram',
  frequency: '\\hertz',
} as const;

/** Values of a kind, with standard uncertainties; stated with k = 2. */
export function resultOf(
  quantity: keyof typeof UNITS,
  rows: readonly (readonly [value: number, u: number])[],
  support?: Support,
): Result {
  return {
    name: quantity,
    quantity,
    unit: UNITS[quantity],
    rows: rows.map(([value, u]) => ({
      value,
      uncertainty: { expanded: 2 * u, coverageFactor: 2, coverageProbability: 0.95 },
    })),
    ...(support && { support }),
  };
}

/** The sensor maker's workshop, where nobody needs an accreditation: nothing but what a result rests on decides about it. */
export class Workshop {
  readonly hierarchy: Hierarchy;

  private constructor(hierarchy: Hierarchy) {
    this.hierarchy = hierarchy;
  }

  /** Two countries with a kilogram, and with technicians `all-ORGANISATION` and an institute for all kinds. */
  static async open(): Promise<Workshop> {
    const hierarchy = await twoCountries();
    await addKilogram(hierarchy);
    const quantities = ['temperature', ...Object.keys(UNITS)];
    for (const organisation of ['nmi-north', 'lab-alpha', 'oem-a']) {
      await hierarchy.addTechnician({ id: `all-${organisation}`, organisation, quantities });
    }
    const lines = Object.entries(UNITS).map(([quantity, unit]) =>
      temperatureScope({ quantity, unit, min: 0, max: 1000, cmc: cmcOf(1e-15) }),
    );
    hierarchy.accredit('nmi-north', lines);
    return new Workshop(hierarchy);
  }

  /** A device of the sensor maker, with a calibration by it. */
  async device(id: string, spec: Partial<ReportSpec>): Promise<void> {
    await this.hierarchy.addDevice({ id, technician: 't-oem-a', kind: 'field' });
    const report = { id: `${id}-r`, device: id, technician: 'all-oem-a', performed: '2025-06-01' };
    this.hierarchy.addReport({ ...report, ...spec });
  }

  /** A standard of the sensor maker, calibrated by the institute. Returns the report. */
  async standard(id: string, ...results: readonly Result[]): Promise<string> {
    await this.hierarchy.addDevice({ id, technician: 't-oem-a' });
    const report = { id: `${id}-r`, device: id, technician: 'all-nmi-north', performed: '2025-02-01' };
    this.hierarchy.addReport({ ...report, results });
    return `${id}-r`;
  }

  async outcome(id: string, options: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { status, reason } = await this.hierarchy.trace(id, options);
    return `${status}: ${reason}`;
  }

  /** All that its edges say. */
  async said(id: string): Promise<readonly string[]> {
    const { edges } = await this.hierarchy.trace(id);
    return edges.flatMap(({ findings }) =>
      findings.map(({ check, outcome, reason }) => `${check} ${outcome}: ${reason}`),
    );
  }
}
