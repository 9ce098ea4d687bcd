import { existsSync, readFileSync } from 'node:fs';
import { canonicalJson, itemSchema, parseAs } from '@tracecal/core/model';
import { registryName } from '@tracecal/core/open';
import type { Item } from '../../client/index.js';
import { ApplicationError } from '../errors.js';
import { writePrivate } from '../files/writePrivate.js';

const LIMITS = { maxLength: 4_194_304, maxDepth: 12 };

/**
 * The registry whose founding a file holds, if the file exists.
 * @throws ApplicationError `INPUT_INVALID`
 */
export function registryIn(file: string, channel: string): string | undefined {
  return existsSync(file) ? registryName(channel, readFounding(file).statement) : undefined;
}

/** @throws ApplicationError `INPUT_INVALID` if the file is not a founding */
export function readFounding(path: string): Item {
  try {
    return parseAs(itemSchema, 'founding', readFileSync(path, 'utf8').trim(), LIMITS) as Item;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ApplicationError('INPUT_INVALID', `${path} does not hold the founding of a registry: ${why}`, { cause });
  }
}

/** A founding as its file holds it. */
export function foundingText(founding: Item): string {
  return `${canonicalJson(founding)}\n`;
}

/** Writes a founding, in place of an earlier one with fewer signatures. */
export async function rewriteFounding(path: string, founding: Item): Promise<void> {
  await writePrivate(path, foundingText(founding));
}
