import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleFounding, initMember, memberFileText, type GivenFile, type OwnPart } from '@tracecal/network/member';
import type { Consortium } from '@tracecal/network/topology';

/** A founding ceremony up to the members' files: a data directory of its own for each member. */
export interface Ceremony {
  readonly root: string;
  readonly owns: readonly OwnPart[];
  readonly files: readonly GivenFile[];
}

/** The text of a description: JSON is YAML. */
export function descriptionText(consortium: Consortium): string {
  return JSON.stringify(consortium, undefined, 2);
}

export async function ceremonyOf(consortium: Consortium, name = 'ceremony'): Promise<Ceremony> {
  const root = mkdtempSync(join(tmpdir(), `tracecal-${name}-`));
  const owns: OwnPart[] = [];
  for (const { id } of consortium.organisations) {
    owns.push(await initMember(join(root, id), descriptionText(consortium), id));
  }
  const files = owns.map((own) => ({ name: `${own.member.id}.json`, text: memberFileText(own) }));
  return { root, owns, files };
}

/** The fingerprint that each member gets from the files. */
export function fingerprintsOf({ owns, files }: Ceremony): readonly string[] {
  return owns.map((own) => assembleFounding(own, files).fingerprint);
}
