import type { DeviceRecord, Result, Row, Support } from '@tracecal/core/model';
import type { Verdict, VerdictStatus } from '@tracecal/core/trace';
import fc from 'fast-check';
import { differenceIn, valueIn } from './conversions.js';
import { Workshop } from './workshop.js';

/** Units in which everything is stated, by kind. */
export type Units = Readonly<Record<Kind, string>>;
type Kind = 'temperature' | 'dc-voltage' | 'ac-voltage' | 'resistance' | 'dc-current' | 'mass' | 'frequency';

const BASE: Units = {
  temperature: '\\degreecelsius',
  'dc-voltage': '\\volt',
  'ac-voltage': '\\volt',
  resistance: '\\ohm',
  'dc-current': '\\ampere',
  mass: '\\kilogram',
  frequency: '\\hertz',
};

export const units: fc.Arbitrary<Units> = fc.record({
  temperature: fc.constantFrom('\\degreecelsius', '\\kelvin', '\\milli\\kelvin'),
  'dc-voltage': fc.constantFrom('\\volt', '\\milli\\volt', '\\kilo\\volt'),
  'ac-voltage': fc.constantFrom('\\volt', '\\micro\\volt', '\\watt\\per\\ampere'),
  resistance: fc.constantFrom('\\ohm', '\\kilo\\ohm', '\\volt\\per\\ampere'),
  'dc-current': fc.constantFrom('\\ampere', '\\milli\\ampere'),
  mass: fc.constantFrom('\\kilogram', '\\gram', '\\micro\\gram'),
  frequency: fc.constantFrom('\\hertz', '\\kilo\\hertz', '\\per\\minute'),
});

/** A row in the base units. */
interface PlannedRow {
  readonly value: number;
  readonly u: number;
  readonly frequency: number;
}

interface Calibration {
  readonly parents: readonly number[];
  readonly method: 'undeclared' | 'direct' | 'group' | 'interpolated' | 'scaled';
  readonly rows: readonly PlannedRow[];
}

/** Standards of the institute, of the sensor maker, and a sensor of one kind; a mass, and a current by Ohm's law beside it. */
export interface Plan {
  readonly kind: 'temperature' | 'dc-voltage' | 'ac-voltage';
  readonly roots: readonly (readonly PlannedRow[])[];
  readonly middles: readonly Calibration[];
  readonly sensor: Calibration;
  readonly mass: PlannedRow;
  readonly current: PlannedRow;
  readonly at: number | null;
}

const rows = (uncertainties: readonly number[]): fc.Arbitrary<readonly PlannedRow[]> =>
  fc.array(
    fc.record({
      value: fc.constantFrom(0, 1, 2, 5, 10, 10.1, 20, 50),
      u: fc.constantFrom(...uncertainties),
      frequency: fc.constantFrom(50, 50.2, 1000, 20_000),
    }),
    { minLength: 1, maxLength: 5 },
  );
const calibration = (parents: number, uncertainties: readonly number[]): fc.Arbitrary<Calibration> =>
  fc.record({
    parents: fc.uniqueArray(fc.nat({ max: parents - 1 }), { minLength: 1, maxLength: 3 }),
    method: fc.constantFrom('undeclared', 'undeclared', 'direct', 'group', 'interpolated', 'scaled'),
    rows: rows(uncertainties),
  });

export const plans: fc.Arbitrary<Plan> = fc.record({
  kind: fc.constantFrom('temperature', 'dc-voltage', 'ac-voltage'),
  roots: fc.array(rows([1e-3, 1.03e-3, 2e-3]), { minLength: 2, maxLength: 2 }),
  middles: fc.array(calibration(2, [0.7e-3, 0.97e-3, 1e-3, 2e-3, 4e-3]), { minLength: 2, maxLength: 2 }),
  sensor: calibration(4, [0.9e-3, 1.4e-3, 2e-3, 4e-3, 1e-2]),
  mass: fc.record({
    value: fc.constantFrom(0, 1, 1.01, 3),
    u: fc.constantFrom(1e-3, 1e-2),
    frequency: fc.constant(50),
  }),
  current: fc.record({
    value: fc.constantFrom(1, 10, 20),
    u: fc.constantFrom(1e-5, 1e-3, 1e-2),
    frequency: fc.constant(50),
  }),
  at: fc.constantFrom(null, 10),
});

/** How a plan is carried out. */
export interface Changes {
  readonly units?: Units;
  /** Of a result that a report gives, in the base units. */
  readonly result?: (report: string, result: Result) => Result;
  /** Further parents of the sensor, after the others. */
  readonly more?: readonly string[];
}

/** A workshop in which plans are carried out one after the other. */
export class PlannedWorkshop {
  readonly #workshop: Workshop;
  readonly #devices: ReadonlyMap<string, DeviceRecord>;

  private constructor(workshop: Workshop) {
    this.#workshop = workshop;
    this.#devices = new Map(workshop.hierarchy.devices);
  }

  static async open(): Promise<PlannedWorkshop> {
    const workshop = await Workshop.open();
    const { hierarchy } = workshop;
    for (const id of ['r0', 'r1', 'volt', 'ohm', 'kilo', 'm0', 'm1', 'other']) {
      await hierarchy.addDevice({ id, technician: 't-oem-a' });
    }
    await hierarchy.addDevice({ id: 's', technician: 't-oem-a', kind: 'field' });
    return new PlannedWorkshop(workshop);
  }

  async verdict(
    plan: Plan,
    { units: stated = BASE, result: change = (_, result) => result, more = [] }: Changes = {},
  ): Promise<Verdict> {
    const { hierarchy } = this.#workshop;
    // Without the acceptances of earlier plans, which records of devices would collect.
    this.#devices.forEach((record, id) => hierarchy.devices.set(id, record));
    const report = (device: string, day: string, parents: readonly string[], results: readonly Result[]) => {
      const id = `${device}-r`;
      const technician = parents.length === 0 ? 'all-nmi-north' : 'all-oem-a';
      hierarchy.addReport({
        ...{ id, device, technician, performed: day, parents },
        results: results.map((each) => inUnits(change(id, each), stated)),
      });
      return id;
    };
    const roots = plan.roots.map((own, place) => report(`r${place}`, '2025-02-01', [], [resultOf(plan.kind, own)]));
    const fixed = [
      report('volt', '2025-02-01', [], [resultOf('dc-voltage', [{ value: 10, u: 1e-5, frequency: 50 }], 'Volt')]),
      report('ohm', '2025-02-01', [], [resultOf('resistance', [{ value: 10, u: 1e-5, frequency: 50 }])]),
      report('kilo', '2025-02-01', [], [resultOf('mass', [{ value: 1, u: 1e-3, frequency: 50 }])]),
    ];
    report('other', '2025-02-01', [], [resultOf('frequency', [{ value: 50, u: 1e-3, frequency: 50 }])]);
    const middles = plan.middles.map(({ parents, method, rows: own }, place) =>
      report(
        `m${place}`,
        '2025-04-01',
        parents.flatMap((each) => roots[each] ?? []),
        [resultOf(plan.kind, own, plan.kind, supportOf(method, parents.length))],
      ),
    );
    const standards = [...middles, ...roots];
    const named = plan.sensor.parents.flatMap((each) => standards[each] ?? []);
    const ohm: Support = {
      method: 'product',
      uses: [1, -1].map((exponent, place) => ({
        ...{ source: named.length + place, role: 'input' as const, exponent },
        quantity: place === 0 ? 'dc-voltage' : 'resistance',
        ...(plan.at !== null && { at: [plan.at] }),
      })),
    };
    report(
      's',
      '2025-06-01',
      [...named, ...fixed, ...more],
      [
        resultOf(plan.kind, plan.sensor.rows, plan.kind, supportOf(plan.sensor.method, named.length)),
        resultOf('mass', [plan.mass]),
        resultOf('dc-current', [plan.current], 'dc-current', ohm),
      ],
    );
    return hierarchy.trace('s');
  }
}

function supportOf(method: Calibration['method'], parents: number): Support | undefined {
  return method === 'undeclared'
    ? undefined
    : { method, uses: Array.from({ length: parents }, (_, source) => ({ source, role: 'reference' })) };
}

function resultOf(kind: Kind, planned: readonly PlannedRow[], name: string = kind, support?: Support): Result {
  const isOverFrequency = kind === 'ac-voltage';
  return {
    name,
    quantity: kind,
    unit: BASE[kind],
    ...(isOverFrequency && {
      arguments: [{ name: 'frequency', role: 'physical', quantity: 'frequency', unit: BASE.frequency }],
    }),
    rows: planned.map(({ value, u, frequency }) => ({
      value,
      ...(isOverFrequency && { at: [frequency] }),
      uncertainty: { expanded: 2 * u, coverageFactor: 2, coverageProbability: 0.95 },
    })),
    ...(support && { support }),
  };
}

/** The same in other units. */
function inUnits(result: Result, stated: Units): Result {
  const unit = stated[result.quantity as Kind];
  const { support } = result;
  return {
    ...result,
    unit,
    ...(result.arguments && { arguments: result.arguments.map((each) => ({ ...each, unit: stated.frequency })) }),
    rows: result.rows.map((row) => rowIn(row, result.unit, unit, stated)),
    ...(support && {
      support: {
        ...support,
        uses: support.uses.map((use) => {
          const kind = use.quantity as Kind | undefined;
          return use.at && kind
            ? { ...use, at: use.at.map((value) => valueIn(BASE[kind], stated[kind], value) ?? NaN) }
            : use;
        }),
      },
    }),
  };
}

function rowIn({ value, at, uncertainty, ...row }: Row, from: string, to: string, stated: Units): Row {
  return {
    ...row,
    value: value === null ? null : valueIn(from, to, value),
    ...(at && { at: at.map((each) => valueIn(BASE.frequency, stated.frequency, Number(each)) ?? NaN) }),
    uncertainty: uncertainty && {
      ...uncertainty,
      expanded: differenceIn(from, to, uncertainty.expanded) ?? NaN,
    },
  };
}

const WORSE: readonly VerdictStatus[] = ['TRACEABLE', 'ATTESTED', 'INCOMPLETE', 'FAILED'];

export function rankOf(status: VerdictStatus): number {
  return WORSE.indexOf(status);
}

/** Of every result of the device, by its kind. */
export function statusesOf({ results }: Verdict): Readonly<Record<string, VerdictStatus>> {
  return Object.fromEntries(results.map(({ quantity, status }) => [quantity, status]));
}
