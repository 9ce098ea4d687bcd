import { basename, dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readText } from '@tracecal/gateway-client/application';
import { consortiumText, inFolder, parseConsortium, readConsortium } from '@tracecal/network/topology';
import type { Consortium } from '@tracecal/network/topology';

/** A description of a consortium, with its parsed content: a pipe can be read only once. */
export interface Description {
  /** As it was read, unless paths in it count from its folder: then with these made absolute, so that it can be kept elsewhere. */
  readonly text: string;
  readonly consortium: Consortium;
}

/** A description that the user names; `-` is stdin. @throws ApplicationError `FILE_UNREADABLE`; ConsortiumError */
export async function readDescription(path: string): Promise<Description> {
  const text = await readText(path);
  const described = parseConsortium(text, basename(path));
  const consortium = inFolder(described, path === '-' ? process.cwd() : dirname(resolve(path)));
  return { text: isDeepStrictEqual(described, consortium) ? text : consortiumText(consortium), consortium };
}

/**
 * The description that the user names, or else the one at this place.
 * @throws as {@link readDescription}
 */
export async function namedOr(path: string | undefined, place: string): Promise<Consortium> {
  return path === undefined ? readConsortium(place) : (await readDescription(path)).consortium;
}
