import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as sdk from '@tracecal/gateway-client';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..', '..', '..');
const CLIENT = join(ROOT, 'gateway-client', 'src', 'client');
/** The name of the program is only asked for its folder: packages are looked up from there. */
const PROGRAM = join(ROOT, 'test', 'examplesOfTheSdk.mts');

/** What examples do not explain again: a connection, keys, and what was read before. */
const KNOWN = `
import { readFile } from 'node:fs/promises';
import { ${Object.keys(sdk).join(', ')} } from '@tracecal/gateway-client';
import type { Item, Signer, UnsignedReport } from '@tracecal/gateway-client';
import type { Jws, Row, Statement } from '@tracecal/core/model';
declare const tracecal: TraceCal;
declare const officer: Signer, standard: Signer, technician: Signer;
declare const items: readonly Item[], item: Item, jws: Jws, report: UnsignedReport, statement: Statement;
declare const error: { readonly txId: string };
declare const digest: string, sha256OfTheFile: string, rows: readonly Row[];
declare function again(): Promise<void>;
`;

interface Example {
  readonly place: string;
  readonly text: string;
}

/** An example is what a user copies first: one that does not compile costs their first hour. */
describe('The examples of the SDK', function () {
  this.timeout(300_000);

  it('compile as they stand', () => {
    const examples = sources().flatMap(examplesIn);
    assert.ok(examples.length > 20, 'they were found');
    assert.deepEqual(complaintsAbout(examples), []);
  });

  it('name devices by their whole id, which is the only one that is registered', () => {
    const short = sources()
      .flatMap(examplesIn)
      .filter(({ text }) => /'sensor-\d+'/.test(text));
    assert.deepEqual(short, []);
  });
});

function sources(): string[] {
  return readdirSync(CLIENT, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(CLIENT, name));
}

function examplesIn(file: string): Example[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const examples: Example[] = [];
  for (const [index, line] of lines.entries()) {
    if (/^\s*\* @example\s*$/.test(line)) {
      const rest = lines.slice(index + 1);
      const end = rest.findIndex((each) => /^\s*\*\/|^\s*\* @|^\s*\*\s*$/.test(each));
      const text = rest.slice(0, end).map((each) => each.replace(/^\s*\* ?/, ''));
      examples.push({ place: `${relative(ROOT, file)}:${index + 1}`, text: text.join('\n') });
    }
  }
  return examples;
}

/** Each example is a function of its own, in which the names of the SDK are known without an import. */
function complaintsAbout(examples: readonly Example[]): string[] {
  const bodies = examples.map(({ place, text }) => `// ${place}\nasync () => {\n${text}\n};`);
  const program = `${KNOWN}${bodies.join('\n')}\n`;
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  const exists = host.fileExists.bind(host);
  host.readFile = (path) => (path === PROGRAM ? program : read(path));
  host.fileExists = (path) => path === PROGRAM || exists(path);
  const ownSource = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) =>
    path === PROGRAM ? ts.createSourceFile(path, program, ts.ScriptTarget.ES2023) : ownSource(path, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([PROGRAM], options, host))
    .map(
      ({ start = 0, messageText }) =>
        `${placeOf(program, start)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

function placeOf(program: string, start: number): string {
  return /^\/\/ (.*)$/m.exec(program.slice(program.lastIndexOf('\n// ', start) + 1))?.[1] ?? '';
}
