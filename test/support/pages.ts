import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '..', '..', '..');

/** The pages that people read, from the top. */
export const PAGES: readonly string[] = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...['docs', 'chaincode', 'chaincode/core', 'gateway-client', 'gateway-client/cli', 'network', 'network/ledger']
    .concat('gateway-client/monitor')
    .concat('network/pki', 'test-network-config')
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `${folder}/${name}`),
    ),
];

export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** What stands between backticks in running text, and the lines of blocks that are not programs or data. */
export function codeOf(page: string): readonly string[] {
  const text = textOf(page);
  const blocks = [...text.matchAll(/^```(?:sh)?\n([^]*?)^```$/gm)].flatMap(([, block = '']) => block.split('\n'));
  const running = text.replaceAll(/^```[^]*?^```$/gm, '');
  const spans = [...running.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replaceAll(/\s+/g, ' '));
  return [...blocks, ...spans];
}

/** All that packages are made of, as one text. */
export function sources(): string {
  const packages = ['chaincode/core', 'chaincode', 'gateway-client', 'gateway-client/cli', 'network', 'network/ledger'];
  return [
    ...[...packages, 'gateway-client/monitor', 'network/pki'].map((folder) => `${folder}/src`),
    'test-network-config',
  ]
    .map(textBelow)
    .join('\n');
}

/** Of all files of a folder. */
export function textBelow(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|yaml)$/.test(name))
    .map((name) => textOf(join(folder, name)))
    .join('\n');
}
