import type { Result } from '@tracecal/core/model';
import { temperatureResult } from '../hierarchy.js';
import type { Hierarchy } from '../hierarchy.js';

/**
 * Two confidential reports that differ in nothing but their secrets: the values, the uncertainties, and how many results there are. Their ids
 * have the same length.
 */
export const TWINS = ['few', 'lot'] as const;
export type Twin = (typeof TWINS)[number];

/** The one result that both have, and that is disclosed: numbers that are found nowhere by chance. */
const SHARED = numbers('Bath at the shared point', 20.017364821593, 0.251726384917);

const OWN: Readonly<Record<Twin, readonly Result[]>> = {
  few: [numbers('Cellar of the fountain', 33.918273645518, 0.173648219475)],
  lot: [
    numbers('Vault behind the chapel', 61.736482915147, 0.371946285713),
    numbers('Ridge above the harbour', 47.291836455918, 0.482915736411),
    numbers('Attic of the old brewery', 72.846193752631, 0.519372846173),
    numbers('Tunnel under the station', 81.375926481953, 0.627391845271),
    numbers('Meadow by the viaduct', 88.492716358194, 0.738264915337),
    numbers('Quarry near the mill', 93.615827394416, 0.846173295813),
  ],
};

/** What a reader gets of a twin. */
export const isDisclosed = ({ name }: Result): boolean => name === SHARED.name;

/** What is secret of a twin's results; `disclosed`: of those that a reader gets. */
export function secretsOf(twin: Twin, which: 'disclosed' | 'kept') {
  const results = which === 'disclosed' ? [SHARED] : OWN[twin];
  const rows = results.flatMap((result) => result.rows);
  return {
    values: rows.flatMap(({ value }) => value ?? []),
    uncertainties: rows.flatMap(({ uncertainty }) => uncertainty?.expanded ?? []),
    names: results.map(({ name }) => name),
  };
}

export function resultsOf(twin: Twin): readonly Result[] {
  return [SHARED, ...OWN[twin]];
}

export const idsOf = (twin: Twin) =>
  ({
    device: `oem-a/dev-${twin}`,
    report: `lab-alpha/rep-${twin}`,
    child: `oem-a/kid-${twin}`,
    below: `oem-a/sub-${twin}`,
  }) as const;

/** Adds a device for each twin, with its report and what rests on it, and those who vouch for the report. */
export async function addTwins(hierarchy: Hierarchy): Promise<void> {
  for (const twin of TWINS) {
    await hierarchy.addDevice({ id: `dev-${twin}`, technician: 't-oem-a', serial: `serial ${twin}` });
    await hierarchy.addDevice({ id: `sub-${twin}`, technician: 't-oem-a', serial: `lower ${twin}`, kind: 'field' });
  }
  for (const twin of TWINS) {
    hierarchy.addReport({
      ...{ id: `rep-${twin}`, device: `dev-${twin}`, technician: 't-lab-alpha', parents: ['reference-a-r1'] },
      ...{ results: resultsOf(twin), sealed: ['temperature'] },
    });
    hierarchy.addReport({
      ...{ id: `kid-${twin}`, device: `sub-${twin}`, technician: 't-oem-a', parents: [`rep-${twin}`] },
      results: [temperatureResult(2, [50])],
    });
  }
  for (const twin of TWINS) {
    for (const voucher of ['lab-beta', 'nmi-east']) await hierarchy.vouch(voucher, `rep-${twin}`);
  }
}

function numbers(name: string, value: number, expanded: number): Result {
  const [row] = temperatureResult(expanded, [value]).rows;
  return { ...temperatureResult(expanded), name, rows: row ? [row] : [] };
}
