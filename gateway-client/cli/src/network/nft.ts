import { spawn } from 'node:child_process';
import { FIREWALL_TABLE } from '@tracecal/network/firewall';
import { CliError } from '../errors.js';

const LIST = `nft -j list table ${FIREWALL_TABLE}`;

/** The loaded table, as nft lists it; undefined if there is none. @throws CliError `NFT_MISSING`, `NFT_REFUSED` */
export async function loadedTable(): Promise<unknown> {
  const { code, stdout, stderr } = await run(['sh', '-c', LIST]);
  if (code === 0) return JSON.parse(stdout);
  if (stderr.includes('No such file or directory')) return undefined;
  throw failure(code, stderr);
}

/**
 * How nft would list a ruleset, by loading it into a network namespace of its own, which ends with this call: nft writes rules in its own
 * way, which differs between versions.
 * @throws CliError `NFT_MISSING`, `NFT_REFUSED`
 */
export async function listingOf(ruleset: string): Promise<unknown> {
  const { code, stdout, stderr } = await run(['unshare', '--net', 'sh', '-c', `nft -f - && ${LIST}`], ruleset);
  if (code === 0) return JSON.parse(stdout);
  throw failure(code, stderr);
}

const NOT_FOUND = 127;

function failure(code: number | null, stderr: string): CliError {
  if (code === NOT_FOUND) return new CliError('NFT_MISSING');
  if (/not permitted|permission/i.test(stderr)) return new CliError('NFT_PRIVILEGE');
  return new CliError('NFT_REFUSED', `nft failed: ${stderr.trim().split('\n')[0] ?? 'no reason given'}`);
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run([program = '', ...args]: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'pipe', env: { ...process.env, LC_ALL: 'C' } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', ({ message }) => {
      resolve({ code: NOT_FOUND, stdout, stderr: message });
    });
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
    // A program that ends without reading says why itself.
    child.stdin.on('error', () => undefined).end(input);
  });
}
