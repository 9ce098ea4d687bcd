import { existsSync, readFileSync } from 'node:fs';
import { canonicalJson, instantOf, itemSchema, parseAs } from '@tracecal/core/model';
import type { RegistryPolicy } from '@tracecal/core/model';
import { registryName } from '@tracecal/core/open';
import type { Consortium, MemberOrganisation } from '@tracecal/network/topology';
import { certificateDigest, newStatement, signStatement, statementDigest } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import type { CalibrationKeys } from '../data/calibrationKeys.js';
import type { DataDirectory } from '../data/dataDirectory.js';
import { writePrivate } from '../data/writePrivate.js';
import { CliError } from '../errors.js';
import { findRegistryChannel, REGISTRY } from '../registryChannel.js';

const POLICY: RegistryPolicy = { transcriptionDays: 90, accreditors: 'either' };
/** The shortest epoch: the first one can be sealed as soon as the network is up. */
const SIGNED_BEFORE_MS = 60_000;
const LIMITS = { maxLength: 4_194_304, maxDepth: 12 };

/** What chaincode processes are started with, so that they serve this registry and no other. */
export type ServiceEnvironment = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * The founding of a data directory's registry: read from its file or, the first time, made and signed with the keys of all
 * institutes of the consortium, which on a network of one machine are all here.
 *
 * @returns undefined where the consortium has no registry or no institute
 * @throws CliError `INPUT_INVALID` if the file is not a founding
 */
export async function foundingOf(
  data: DataDirectory,
  consortium: Consortium,
  keys: CalibrationKeys,
): Promise<Item | undefined> {
  const channel = findRegistryChannel(consortium);
  const institutes = consortium.organisations.filter(({ kind }) => kind === 'NMI');
  if (!channel || institutes.length === 0) {
    return undefined;
  }
  if (!existsSync(data.foundingFile)) {
    const founding = await signFounding(channel.name, institutes, keys);
    await writePrivate(data.foundingFile, `${canonicalJson(founding)}\n`);
  }
  return readFounding(data.foundingFile);
}

/** The registry whose founding a data directory holds, if it holds one. @throws CliError `INPUT_INVALID` */
export function registryIn({ foundingFile }: DataDirectory, channel: string): string | undefined {
  return existsSync(foundingFile) ? registryName(channel, readFounding(foundingFile).statement) : undefined;
}

export function environmentOf(founding: Item | undefined): ServiceEnvironment {
  return founding ? { [REGISTRY]: { TRACECAL_FOUNDING: statementDigest(founding.statement) } } : {};
}

function readFounding(path: string): Item {
  try {
    return parseAs(itemSchema, 'founding', readFileSync(path, 'utf8').trim(), LIMITS) as Item;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError('INPUT_INVALID', `${path} does not hold the founding of a registry: ${why}`, { cause });
  }
}

async function signFounding(
  channel: string,
  institutes: readonly MemberOrganisation[],
  keys: CalibrationKeys,
): Promise<Item> {
  const date = instantOf(Date.now() - SIGNED_BEFORE_MS);
  const certificates: string[] = [];
  for (const { id } of institutes) {
    certificates.push(await keys.organisation(id, null));
  }
  const fingerprints = certificates.map(certificateDigest);
  const signers = await Promise.all(institutes.map(({ id }) => keys.signer('organisation', id)));
  const founding = newStatement('founding', {
    registry: channel,
    author: institutes[0]?.id ?? '',
    date,
    subject: { kind: 'registry', id: channel },
    body: {
      institutes: institutes.map(({ id }, place) => ({ id, certificateSha256: fingerprints[place] ?? '' })),
      policy: POLICY,
    },
  });
  const statement = await signStatement(founding, signers);
  const registry = registryName(channel, statement);
  const memberships = institutes.map(({ id, mspId, name, country }, place) =>
    signStatement(
      newStatement('organisation', {
        registry,
        author: id,
        date,
        subject: { kind: 'organisation', id },
        body: {
          kind: 'NMI',
          mspId,
          name,
          country,
          certifier: null,
          certificateSha256: fingerprints[place] ?? '',
        },
      }),
      signers.slice(place, place + 1),
    ),
  );
  return {
    statement,
    certificates,
    memberships: await Promise.all(memberships),
  };
}
