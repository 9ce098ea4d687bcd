import { join } from 'node:path';
import type { CliUser } from './commandLine.js';

interface Institute {
  /** Where its network can be reached, but not its root key. */
  readonly online: CliUser;
  /** Where its root key is, without a network. */
  readonly vault: CliUser;
  /** The folder in which files go from one to the other, and the founding statement. */
  readonly folder: string;
  readonly founding: string;
}

/**
 * An officer of the northern institute, `nmi-north/deputy`, certified and authorised by its root key by files.
 *
 * @param key - The name of a token's key; absent: a file.
 * @returns The roles whose signatures were missing after the root had signed
 */
export async function officerByFiles(
  { online, vault, folder, founding }: Institute,
  key: readonly string[] = [],
): Promise<readonly string[]> {
  const [request, certificate, statement] = ['deputy.csr', 'deputy.pem', 'deputy.json'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const officer = 'nmi-north/deputy';
  await online.succeed('certificate', 'request', 'officer', officer, '-o', request, ...key);
  await vault.succeed('certificate', 'issue', 'officer', request, '--by', 'nmi-north', '-o', certificate);
  await online.succeed('certificate', 'install', 'officer', certificate);
  await online.succeed('officer', 'add', 'deputy', '--org', 'nmi-north', '--sign-only', statement);
  await vault.succeed('statement', 'show', statement);
  const sign = ['statement', 'sign', statement, '--as', 'nmi-north', '--founding', founding];
  const { missing } = await vault.succeed<{ missing: readonly string[] }>(...sign);
  await online.succeed('statement', 'submit', statement);
  return missing;
}
