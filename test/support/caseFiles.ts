import { createHash } from 'node:crypto';
import { dateOf, instantOf, plusDays, proposeKind } from '@tracecal/core/model';
import type { AccreditationLine, CalendarDate } from '@tracecal/core/model';
import { draftCertificate, readCertificate, reportsOf } from '@tracecal/gateway-client/dcc';

/** The last day of the calibration of the reference thermometer on which most cases rest. */
const STANDARD_ENDS = '2024-06-11';
const DAYS_AGO = 60;
/** A registry observes what is at most 90 days old: the years of the cases become months. */
const COMPRESSION = 10;
const DAY_MS = 86_400_000;

/** A day of the cases as a day near today: in the same order, with the standard 60 days ago and work on it after that. */
export function nearToday(day: CalendarDate): CalendarDate {
  const apart = (Date.parse(day) - Date.parse(STANDARD_ENDS)) / DAY_MS;
  return plusDays(dateOf(instantOf(Date.now())), Math.floor(apart / COMPRESSION) - DAYS_AGO);
}

/**
 * Moves all dates of these files near today, and has digests of files among them name the moved ones.
 *
 * @param tag - What certificate numbers and serial numbers are to begin with.
 */
export function moved(files: ReadonlyMap<string, Buffer>, tag = ''): ReadonlyMap<string, Buffer> {
  const dated = new Map(
    [...files].map(([name, bytes]) => [
      name,
      tagged(bytes.toString('utf8'), tag).replaceAll(/\b20\d\d-\d\d-\d\d\b/g, (day) => nearToday(day)),
    ]),
  );
  const digests = new Map([...files].map(([name, bytes]) => [sha256(bytes), name]));
  const done = new Map<string, Buffer>();
  const move = (name: string): Buffer => {
    const known = done.get(name);
    if (known) {
      return known;
    }
    const text = (dated.get(name) ?? '').replaceAll(/\b[0-9a-f]{64}\b/g, (digest) => {
      const parent = digests.get(digest);
      return parent === undefined || parent === name ? digest : sha256(move(parent));
    });
    const bytes = Buffer.from(text, 'utf8');
    done.set(name, bytes);
    return bytes;
  };
  return new Map([...files.keys()].map((name) => [name, move(name)]));
}

/** The numbers of certificates begin with MET-, those of devices follow their issuer. */
function tagged(xml: string, tag: string): string {
  return xml
    .replaceAll(/\bMET-/g, `${tag}MET-`)
    .replaceAll(/(<dcc:issuer>[a-zA-Z]+<\/dcc:issuer>\s*<dcc:value>)/g, `$1${tag}`);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** An accreditation in the laboratory for every kind that these certificates state, as good as they need. */
export function linesFor(certificates: readonly Uint8Array[]): readonly AccreditationLine[] {
  const lines = new Map<string, AccreditationLine>();
  for (const bytes of certificates) {
    const { items } = reportsOf(draftCertificate(readCertificate(bytes), { proposeKind }));
    for (const { quantity, unit, rows } of items.flatMap(({ results }) => results)) {
      const known = lines.get(`${quantity} ${unit}`);
      const values = rows.flatMap(({ value }) => value ?? []);
      lines.set(`${quantity} ${unit}`, {
        quantity,
        unit,
        min: Math.min(known?.min ?? 0, ...values.map((value) => value - Math.abs(value))),
        max: Math.max(known?.max ?? 0, ...values.map((value) => value + Math.abs(value))),
        arguments: [],
        cmc: { form: 'constant', relative: false, value: quantity === 'ac-dc-difference' ? 45 : 1e-12 },
        method: null,
        methodLevel: null,
        place: 'laboratory',
        service: null,
        validFrom: '2020-01-01',
        validTo: '2045-12-31',
      });
    }
  }
  return [...lines.values()];
}
