import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dateOf, instantOf, plusDays } from '@tracecal/core/model';
import type { CalendarDate } from '@tracecal/core/model';
import { sha256Hex } from '@tracecal/gateway-client/dcc';

/** How long before the day of use certificates are issued, by level from the institute downwards. */
const WEEKS_BEFORE = [9, 5, 3, 1];
const WEEK = 7;
const DAY_MS = 86_400_000;
/** How far accreditations reach back and ahead. */
const YEARS = 5;

/** A text in the template, and its replacement. */
type Replacement = readonly [before: string, now: string];

/**
 * The project's example certificates and accreditations, dated for a day of use: a calibration counts as observed only if it is registered
 * in time. Dates move by whole weeks, so that working days stay working days; certificate numbers take the year of issue; each certificate
 * names the new digest of the one above it.
 *
 * @returns Texts by file name, institutes first in each chain.
 */
export async function datedExamples(today = dateOf(instantOf(Date.now()))): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const replacements: Replacement[] = [];
  for (const name of (await readdir(examplesFolder())).sort()) {
    const template = await readFile(join(examplesFolder(), name), 'utf8');
    if (name.endsWith('.json')) {
      files.set(name, datedScopes(template, today));
    } else if (name.endsWith('.xml')) {
      const level = Number(/-(\d)-/.exec(name)?.[1]);
      const issued = textIn(template, 'issueDate');
      const days = daysToMove(issued, plusDays(today, -WEEK * (WEEKS_BEFORE[level - 1] ?? 0)));
      replacements.push(renumbered(textIn(template, 'uniqueIdentifier'), plusDays(issued, days)));
      const dated = replacements.reduce((text, [before, now]) => text.replaceAll(before, now), moved(template, days));
      replacements.push([digestOf(template), digestOf(dated)]);
      files.set(name, dated);
    }
  }
  return files;
}

/** Whole weeks from a date to the last day that is not after the latest, in days. */
function daysToMove(date: CalendarDate, latest: CalendarDate): number {
  const between = (Date.parse(latest) - Date.parse(date)) / DAY_MS;
  return Math.floor(between / WEEK) * WEEK;
}

function moved(template: string, days: number): string {
  return template.replaceAll(
    /(<dcc:(?:beginPerformanceDate|endPerformanceDate|issueDate)>)([\d-]+)/g,
    (_, tag: string, date: string) => `${tag}${plusDays(date, days)}`,
  );
}

function renumbered(number: string, issued: CalendarDate): Replacement {
  return [number, number.replace(/\b\d{4}\b/, issued.slice(0, 4))];
}

function datedScopes(template: string, today: CalendarDate): string {
  const year = Number(today.slice(0, 4));
  return template
    .replaceAll(/("validFrom": ")\d{4}/g, `$1${year - YEARS}`)
    .replaceAll(/("validTo": ")\d{4}/g, `$1${year + YEARS}`);
}

function textIn(xml: string, element: string): string {
  return new RegExp(`<dcc:${element}>([^<]*)`).exec(xml)?.[1] ?? '';
}

function digestOf(text: string): string {
  return sha256Hex(Buffer.from(text, 'utf8'));
}

function examplesFolder(): string {
  return join(dirname(require.resolve('@tracecal/cli/package.json')), 'examples');
}
