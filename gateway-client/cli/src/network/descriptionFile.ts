import { basename } from 'node:path';
import { readText } from '@tracecal/gateway-client/application';
import { parseConsortium, readConsortium } from '@tracecal/network/topology';
import type { Consortium } from '@tracecal/network/topology';

/** A description of a consortium, with its parsed content: a pipe can be read only once. */
export interface Description {
  readonly text: string;
  readonly consortium: Consortium;
}

/** A description that the user names; `-` is stdin. @throws ApplicationError `FILE_UNREADABLE`; ConsortiumError */
export async function readDescription(path: string): Promise<Description> {
  const text = await readText(path);
  return { text, consortium: parseConsortium(text, basename(path)) };
}

/**
 * The description that the user names, or else the one at this place.
 * @throws as {@link readDescription}
 */
export async function namedOr(path: string | undefined, place: string): Promise<Consortium> {
  return path === undefined ? readConsortium(place) : (await readDescription(path)).consortium;
}
