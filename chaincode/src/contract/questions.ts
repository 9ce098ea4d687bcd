import { IDENTIFIER } from '@tracecal/core/model';
import type { JsonLimits } from '@tracecal/core/model';
import { z } from 'zod';

/** Parts of the queries and requests that contracts accept, and the maximum size of such a document. */

export const QUESTION_LIMITS: JsonLimits = { maxLength: 16_384, maxDepth: 4 };

const MAX_PAGE = 200;

export const pageSize = z.int().min(1).max(MAX_PAGE).default(50);
export const bookmark = z.string().max(4096).default('');
export const identifier = z.string().regex(IDENTIFIER, 'must be an id');

/** Fabric's bookmarks are keys, which contain U+0000. Not every client transmits that character. */
export function opaqueBookmark(fabric: string): string {
  return Buffer.from(fabric, 'utf8').toString('base64url');
}

export function fabricBookmark(opaque: string): string {
  return Buffer.from(opaque, 'base64url').toString('utf8');
}
