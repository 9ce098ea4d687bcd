import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canonicalJson } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';

/** Whatever was kept, oldest first: one a version of the formats. Only the last is ever written, and only once. */
export const GOLDEN_VERSIONS = ['v1', 'v2'] as const;
export type GoldenVersion = (typeof GOLDEN_VERSIONS)[number];
const LAST = GOLDEN_VERSIONS[GOLDEN_VERSIONS.length - 1] ?? 'v1';

/** A call of the registry as it was made, with the name of the event that it led to. */
export interface GoldenTransaction {
  readonly txId: string;
  readonly time: Instant;
  readonly mspId: string;
  readonly transaction: string;
  readonly argument: string;
  readonly event: string;
}

/** A question about a device, and the verdict as canonical JSON. */
export interface GoldenVerdict {
  readonly device: string;
  /** Options of a trace, as they come from outside. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly verdict: string;
}

/** What a certificate says when it is read in a role: canonical JSON, or why it is refused. */
export interface GoldenCertificate {
  readonly role: string;
  readonly content: string;
}

/** An exported report, its digests by every procedure, and the report it was written from. */
export interface GoldenExport {
  readonly report: string;
  readonly file: string;
  readonly digests: Readonly<Record<string, string>>;
}

/** A call at a lower level, and the keys and values that the level holds afterwards. */
export interface GoldenCompartment extends Omit<GoldenTransaction, 'event'> {
  readonly level: 'measurement' | 'monitoring';
  readonly state: readonly (readonly [key: string, value: string])[];
}

/** A call that the registry refuses on top of the golden ledger, and the code of the refusal. */
export interface GoldenRefusal extends Omit<GoldenTransaction, 'event'> {
  readonly name: string;
  readonly code: string;
}

/** Error codes by who raises them, each with its exit code, and the names of the exit codes. */
export type GoldenCodes = Readonly<
  Record<'registry' | 'client' | 'application' | 'commandLine' | 'exits', Readonly<Record<string, number>>>
>;

export interface Golden {
  readonly founding: string;
  readonly transactions: readonly GoldenTransaction[];
  /** Key and value of every record, in order of the keys. */
  readonly state: ReadonlyMap<string, string>;
  readonly verdicts: readonly GoldenVerdict[];
  readonly certificates: readonly GoldenCertificate[];
  readonly exported: GoldenExport;
  readonly compartments: readonly GoldenCompartment[];
  readonly refusals: readonly GoldenRefusal[];
  readonly codes: GoldenCodes;
}

/** One line a transaction, record, verdict or certificate: JSON texts with a tab between, each as it was written. */
const FILES = {
  transactions: 'transactions.tsv',
  state: 'ledger.tsv',
  verdicts: 'verdicts.tsv',
  certificates: 'certificates.tsv',
  compartments: 'compartments.json',
  refusals: 'refusals.tsv',
  codes: 'codes.json',
  exported: 'export.json',
  file: 'export.xml',
} as const;

const known = new Map<GoldenVersion, Golden>();

export function golden(version: GoldenVersion = LAST): Golden {
  const found = known.get(version) ?? readGolden(version);
  known.set(version, found);
  return found;
}

function readGolden(version: GoldenVersion): Golden {
  if (!existsSync(folderOf(version))) {
    throw new Error(`There are no golden fixtures ${version}: write them with node test/dist/golden/write.js.`);
  }
  const lines = (name: string) => linesIn(version, name);
  const text = (name: string) => textIn(version, name);
  const calls = (name: string): readonly Omit<GoldenTransaction, 'event'>[] =>
    lines(name).map(([envelope = '', argument = '']) => ({
      ...(JSON.parse(envelope) as Omit<GoldenTransaction, 'argument' | 'event'>),
      argument,
    }));
  const { founding, ...exported } = JSON.parse(text(FILES.exported)) as Omit<GoldenExport, 'file'> &
    Pick<Golden, 'founding'>;
  return {
    founding,
    transactions: calls(FILES.transactions) as readonly GoldenTransaction[],
    state: new Map(lines(FILES.state).map(([key = '', value = '']) => [JSON.parse(key) as string, value])),
    verdicts: lines(FILES.verdicts).map(([question = '', verdict = '']) => ({
      ...(JSON.parse(question) as Pick<GoldenVerdict, 'device' | 'options'>),
      verdict,
    })),
    certificates: lines(FILES.certificates).map(([role = '', content = '']) => ({ role, content })),
    exported: { ...exported, file: text(FILES.file) },
    compartments: JSON.parse(text(FILES.compartments)) as readonly GoldenCompartment[],
    refusals: calls(FILES.refusals) as readonly GoldenRefusal[],
    codes: JSON.parse(text(FILES.codes)) as GoldenCodes,
  };
}

export function isWritten(): boolean {
  return existsSync(folderOf(LAST));
}

export function writeGolden({
  founding,
  transactions,
  state,
  verdicts,
  certificates,
  exported,
  compartments,
  refusals,
  codes,
}: Golden): void {
  mkdirSync(folderOf(LAST), { recursive: true });
  const calls = (all: readonly Pick<GoldenTransaction, 'argument'>[]) =>
    all.map(({ argument, ...envelope }) => [canonicalJson(envelope), argument]);
  writeLines(FILES.transactions, calls(transactions));
  writeLines(FILES.refusals, calls(refusals));
  write(FILES.codes, `${JSON.stringify(codes, null, 2)}\n`);
  writeLines(
    FILES.state,
    [...state].map(([key, value]) => [JSON.stringify(key), value]),
  );
  writeLines(
    FILES.verdicts,
    verdicts.map(({ verdict, ...question }) => [canonicalJson(question), verdict]),
  );
  writeLines(
    FILES.certificates,
    certificates.map(({ role, content }) => [role, content]),
  );
  write(FILES.compartments, `${JSON.stringify(compartments, null, 2)}\n`);
  const { file, ...more } = exported;
  write(FILES.file, file);
  write(FILES.exported, `${JSON.stringify({ founding, ...more }, null, 2)}\n`);
}

/** Beside the source. */
function folderOf(version: GoldenVersion): string {
  return resolve(__dirname, '..', '..', 'golden', version);
}

function linesIn(version: GoldenVersion, name: string): readonly (readonly string[])[] {
  return textIn(version, name)
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

function writeLines(name: string, rows: readonly (readonly string[])[]): void {
  write(name, rows.map((row) => `${row.join('\t')}\n`).join(''));
}

function textIn(version: GoldenVersion, name: string): string {
  return readFileSync(join(folderOf(version), name), 'utf8');
}

function write(name: string, content: string): void {
  writeFileSync(join(folderOf(LAST), name), content);
}
