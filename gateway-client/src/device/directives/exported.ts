import { join } from 'node:path';
import { numberFor } from '@tracecal/core/directives';
import type { DirectivesSeen, OperatorPin, SignedDirective } from '@tracecal/core/directives';
import { canonicalJson, parseJson, refusalText, RegistryError, shapeOf, shapes } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import * as z from '@tracecal/core/shape';
import { TraceCalError } from '../../client/errors.js';
import { exactText } from '../../client/exactText.js';
import { isMissing, MOST_BYTES_OF } from '../../files/index.js';
import { seenShape } from './memory.js';

/** In a folder of directives: who exported them, and when. Its name comes after those of directives, whoever copies the folder. */
export const EXPORT_FILE = 'export.json';

const TYPE = 'tracecal-directives-export/1';
const shape = z.strictObject({
  type: z.literal(TYPE),
  registry: shapes.registry,
  operator: shapes.organisationId,
  time: shapes.instant,
  devices: seenShape,
});

/**
 * That the directives on a channel were written into a folder: an empty folder means then that there were none. Nobody signs it: it tells
 * an export that never ran, or not for a long time, from one that found nothing, and protects from nobody who may write the folder.
 */
export interface DirectivesExport {
  readonly time: Instant;
  /** The newest directive about each device at that time: one that got lost on the way is noticed. */
  readonly devices: DirectivesSeen;
}

/** The content of {@link EXPORT_FILE}. */
export function directivesExportText(
  { registry, operator }: Pick<OperatorPin, 'registry' | 'operator'>,
  directives: readonly SignedDirective[],
  time: Instant,
): string {
  const devices: Record<string, DirectivesSeen[string]> = {};
  for (const { content, digest } of directives) {
    for (const { id } of content.devices) {
      const number = numberFor(content, id);
      if (number !== undefined && number > (devices[id]?.number ?? 0)) {
        devices[id] = { number, digest };
      }
    }
  }
  return `${canonicalJson({ type: TYPE, registry, operator, time, devices })}\n`;
}

/** The export that filled a folder, or why it cannot be told that one did, in a sentence. */
export async function exportIn(folder: string, pin: OperatorPin): Promise<DirectivesExport | string> {
  const path = join(folder, EXPORT_FILE);
  try {
    const text = await exactText(path, MOST_BYTES_OF.directiveNumbers);
    const { registry, operator, time, devices } = shapeOf(shape, `export in ${path}`, parseJson(text));
    return registry === pin.registry && operator === pin.operator
      ? { time, devices }
      : `${path} is of an export for ${operator} in ${registry}: the pin file names ${pin.operator} in ${pin.registry}`;
  } catch (error) {
    if (error instanceof RegistryError) {
      return `${path}: ${refusalText(error)}`;
    }
    if (error instanceof TraceCalError) {
      return isMissing(error.cause)
        ? `nobody has exported the directives into ${folder} yet: run \`tracecal directive export\``
        : error.message;
    }
    throw error;
  }
}
