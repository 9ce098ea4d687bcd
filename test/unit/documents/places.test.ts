import 'reflect-metadata';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { RegistryContract } from '@tracecal/chaincode';
import { TraceCal } from '@tracecal/gateway-client';
import { TRANSACTIONS } from '../../support/hierarchy/transactions.js';
import { ROOT, textOf } from '../../support/pages.js';

/** What the files of a folder export by this pattern, whose first group is the name. */
function exportsOf(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(`${ROOT}/${folder}`)
    .filter((name) => name.endsWith('.ts') && name !== 'index.ts')
    .flatMap((name) => [...textOf(`${folder}/${name}`).matchAll(pattern)].map(([, found = '']) => found));
}

function missingIn(page: string, names: readonly string[], used: (name: string) => string): readonly string[] {
  const text = textOf(page);
  return names.filter((name) => !text.includes(used(name)));
}

/** Places that CONTRIBUTING.md names and that the compiler does not miss. */
describe('Nobody forgets to list', () => {
  it('a check of the trace among the checks', () => {
    const checks = exportsOf('chaincode/core/src/trace/checks', /^export const (\w+): Check\b/gm);
    assert.ok(checks.length > 20);
    const [, lists = ''] = textOf('chaincode/core/src/trace/checks/index.ts').split('export { certifiedUpToInstitute');
    assert.deepEqual(
      checks.filter((check) => !new RegExp(`[[ ]${check}[,\\]]`).test(lists)),
      [],
    );
  });

  it('the transaction of a type of statement in the contract and in the SDK', () => {
    const metadata = Reflect.getMetadata('fabric:transactions', new RegistryContract()) as readonly { name: string }[];
    const inContract = metadata.map(({ name }) => name);
    assert.deepEqual(
      Object.values(TRANSACTIONS).filter((name) => !inContract.includes(name) || !(name in TraceCal.prototype)),
      [],
    );
  });

  it('a command in the index and in the program', () => {
    const commands = exportsOf(
      'gateway-client/cli/src/commands',
      /^export function (\w+)\((?:\w+: \w+, )*host: Host\): Command/gm,
    );
    assert.ok(commands.length > 50);
    const [index, program] = ['commands/index.ts', 'program.ts'].map((name) => `gateway-client/cli/src/${name}`);
    assert.deepEqual(
      [
        ...missingIn(index ?? '', commands, (name) => name),
        ...missingIn(program ?? '', commands, (name) => `commands.${name}(`),
      ],
      [],
    );
  });
});
