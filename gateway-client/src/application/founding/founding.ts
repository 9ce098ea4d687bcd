import { existsSync } from 'node:fs';
import { canonicalJson, instantOf } from '@tracecal/core/model';
import type { RegistryPolicy } from '@tracecal/core/model';
import { registryName } from '@tracecal/core/open';
import { certificateDigest, newStatement, signStatement } from '../../client/index.js';
import type { Item } from '../../client/index.js';
import { writePrivate } from '../files/writePrivate.js';
import type { CalibrationKeys } from '../keys/calibrationKeys.js';
import { findRegistryChannel } from '../session/consortium.js';
import type { Consortium, Member } from '../session/consortium.js';
import { readFounding } from '../session/foundingFile.js';

const POLICY: RegistryPolicy = { transcriptionDays: 90, accreditors: 'either' };
/** The shortest epoch: the first one can be sealed as soon as the network is up. */
const SIGNED_BEFORE_MS = 60_000;

/**
 * The founding of a registry, read from its file. The first time it is made and signed with the keys of all institutes of the consortium,
 * which are all here on a network of one machine.
 *
 * @returns undefined where the consortium has no registry or no institute
 * @throws ApplicationError `INPUT_INVALID` if the file is not a founding
 */
export async function foundingOf(
  file: string,
  consortium: Consortium<Member>,
  keys: CalibrationKeys,
): Promise<Item | undefined> {
  const channel = findRegistryChannel(consortium);
  const institutes = consortium.organisations.filter(({ kind }) => kind === 'NMI');
  if (!channel || institutes.length === 0) {
    return undefined;
  }
  if (!existsSync(file)) {
    const founding = await signFounding(channel.name, institutes, keys);
    await writePrivate(file, `${canonicalJson(founding)}\n`);
  }
  return readFounding(file);
}

async function signFounding(channel: string, institutes: readonly Member[], keys: CalibrationKeys): Promise<Item> {
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
