import { canonicalJson, disclosureSchema, instantOf, parseAs } from '@tracecal/core/model';
import type { Disclosure, Instant, Result } from '@tracecal/core/model';
import { disclose } from '@tracecal/core/signing';
import type { DisclosedReport, Sealed } from '@tracecal/core/signing';
import { judgeForVouching, requireOpening, withDisclosures } from '@tracecal/core/trace';
import type { Judged } from '@tracecal/core/trace';
import { exactText } from '../exactText.js';
import { inputOf } from '../input.js';
import { registrySource } from '../registrySource.js';
import type { TraceCal } from '../tracecal.js';

/** More than a whole report with all its salts and paths has. */
const MOST_BYTES = 4_194_304;
const LIMITS = { maxLength: MOST_BYTES, maxDepth: 16, maxValues: 400_000 };

/** Confidential results of a registered report, as its issuer keeps them. */
export interface SealedReport extends DisclosedReport {
  readonly sealed: readonly Sealed[];
}

/**
 * What the issuer of a report gives to a reader: one disclosure for each kind of quantity that is shown.
 *
 * @param isShown - Chooses results; by default all are shown.
 * @example
 * const report = new ReportBuilder({
 *   registry: await tracecal.registry(),
 *   report: 'lab-alpha/r-7',
 *   device: 'lab-alpha/pt100-7',
 *   organisation: 'lab-alpha',
 *   technician: 'lab-alpha/t-1',
 * })
 *   .confidential()
 *   .build();
 * const item = await signReport(report, [technician, standard]);
 * const { registry } = report.statement;
 * const about = { registry, report: report.statement.subject.id, digest: statementDigest(item.statement) };
 * const [disclosure] = disclosuresOf({ ...about, sealed: report.sealed ?? [] });
 */
export function disclosuresOf(
  { sealed, registry, report, digest }: SealedReport,
  isShown?: (result: Result) => boolean,
): readonly Disclosure[] {
  return sealed
    .filter(({ leaves }) => !isShown || leaves.some(({ result }) => result && isShown(result)))
    .map((each) => disclose(each, { registry, report, digest }, isShown));
}

/** The text of a disclosure: canonical JSON (RFC 8785). */
export function disclosureText(disclosure: Disclosure): string {
  return canonicalJson(disclosure);
}

/**
 * Reads a disclosure. Whether it leads to what its report signs, a trace with it says.
 *
 * @throws TraceCalError `INPUT_INVALID`, `JSON_INVALID`
 */
export function readDisclosure(text: string): Disclosure {
  return inputOf(() => parseAs(disclosureSchema, 'disclosure', text, LIMITS));
}

/** {@link readDisclosure}, out of a file. @throws TraceCalError `FILE_UNREADABLE`, `INPUT_INVALID`, `JSON_INVALID` */
export async function readDisclosureFile(path: string): Promise<Disclosure> {
  return readDisclosure(await exactText(path, MOST_BYTES));
}

/**
 * Judges a report by the rules of every trace, with disclosures of all confidential results that it may rest on: what an organisation signs
 * that vouches for it.
 *
 * @example
 * const { body } = await judgeDisclosed(tracecal, 'lab-alpha/r-7', [await readDisclosureFile('r-7.json')]);
 * const subject = { kind: 'report', id: 'lab-alpha/r-7' } as const;
 * const number = await tracecal.nextNumber('lab-beta', subject);
 * const statement = newStatement('vouching', { registry: await tracecal.registry(), author: 'lab-beta', subject, number, body });
 * await tracecal.vouch({ statement: await signStatement(statement, [officer]) });
 *
 * @throws TraceCalError `NOT_FOUND`, `INPUT_INVALID`
 */
export async function judgeDisclosed(
  reader: TraceCal,
  report: string,
  disclosures: readonly Disclosure[],
  asOf: Instant = instantOf(Date.now()),
): Promise<Judged> {
  try {
    const source = registrySource(reader, reader.channel);
    await requireOpening(source, disclosures);
    return await judgeForVouching(withDisclosures(source, disclosures), report, asOf);
  } catch (error) {
    return inputOf((): never => {
      throw error;
    });
  }
}
