import { registrantOf } from '../../model/index.js';
import type { Grounds } from './conclusions.js';
import { endedIn } from './endedIn.js';
import type { Key } from './key.js';
import type { OpenDevice, OpenPerson } from './opened.js';
import type { Opener } from './opener.js';
import { ownershipOf, tenuresThen } from './ownership.js';
import { readable } from './statement.js';
import type { Said } from './statement.js';
import { flawsOfSpeakers } from './words.js';

/** A device with its keys, its owners, and what is said against it; undefined if it is not registered. */
export async function openDevice(opener: Opener, grounds: Grounds, id: string): Promise<OpenDevice | undefined> {
  const record = await grounds.device(id);
  const imprints = record ? readable(record.imprints, await opener.registry(), 'device') : [];
  const [imprint] = imprints;
  if (!record || !imprint) {
    return undefined;
  }
  const { keys, flaws } = await opener.keyrings.device(id);
  const { owners, since, intervals, decisions, handovers } = await ownershipOf(opener, record, imprint);
  const accepted = await acceptedKeys(opener, keys, { owners, since });
  const taken = await acceptedKeys(opener, (await opener.authority.taken.device(id)).keys, { owners, since });
  const about = { kind: 'device', id } as const;
  return {
    id,
    record,
    imprint: imprint.statement,
    keys: accepted.keys.map((key) => endedIn(taken.keys, key)),
    flaws: [...flaws, ...accepted.flaws],
    imprinting: await opener.certification(registrantOf(id)),
    imprinters: await imprintersOf(opener, imprints),
    registered: imprint.registered,
    owners,
    since,
    intervals,
    decisions,
    handovers,
    owner: owners.at(-1) ?? imprint.statement.body.owner,
    impediments: await opener.objections.impediments(about, record.impediments, [registrantOf(id)], {
      owners,
      since,
    }),
  };
}

/** The keys of a device that its owner at that time agreed to. */
async function acceptedKeys(
  opener: Opener,
  keys: readonly Key<'device'>[],
  { owners, since }: Pick<OpenDevice, 'owners' | 'since'>,
) {
  const accepted: Key<'device'>[] = [];
  const flaws: string[] = [];
  for (const key of keys) {
    const { statement, registered } = key.said;
    const possible = statement.number === 0 ? [0] : tenuresThen({ owners, since }, registered);
    // The owner's signature on the registration has to come from a signer who was entitled when it was registered.
    const own = await flawsOfSpeakers(opener, key.said);
    flaws.push(...own);
    if (own.length === 0 && possible.some((tenure) => owners[tenure] === statement.body.owner)) {
      accepted.push(key);
    }
  }
  return { keys: accepted, flaws };
}

async function imprintersOf(
  opener: Opener,
  imprints: readonly Said<'device'>[],
): Promise<ReadonlyMap<string, OpenPerson | undefined>> {
  const people = new Map<string, OpenPerson | undefined>();
  for (const { statement } of imprints) {
    const { technician } = statement.body;
    people.set(technician, await opener.person(technician));
  }
  return people;
}
