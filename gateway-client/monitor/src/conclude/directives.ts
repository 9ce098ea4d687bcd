import type { AnswerRecord, DirectiveRecord } from '@tracecal/core/contracts';
import { readAnswer, readDirectives, unverifiedAnswer } from '@tracecal/core/directives';
import type { NamedText, OperatorPin } from '@tracecal/core/directives';
import { refusalText, RegistryError } from '@tracecal/core/model';
import type { Orders, RecordedAnswer } from '@tracecal/gateway-client/monitor';

/** The channel of a site, as its monitor reads it: `Measurement` is one. */
export interface DirectivesSource {
  listDirectives(): AsyncIterable<DirectiveRecord>;
  getAnswers(directive: string): AsyncIterable<AnswerRecord>;
}

export interface DirectivesRead extends Pick<Orders, 'directives' | 'answers'> {
  /** A sentence about each answer that does not count, because nobody signed it who may. */
  readonly doubtful: readonly string[];
}

/**
 * The directives on a site's channel and their answers, with all signatures checked: a peer that shows others is found out.
 *
 * @param pin The operator of the site.
 * @param certificatesOf The certificates of a device or gateway in the registry (DER in base64).
 */
export async function directivesOn(
  source: DirectivesSource,
  pin: OperatorPin,
  certificatesOf: (device: string) => Promise<readonly string[]>,
): Promise<DirectivesRead> {
  const files: NamedText[] = [];
  for await (const { digest, directive, certificate } of source.listDirectives()) {
    files.push({ name: digest, text: JSON.stringify({ directive, certificate }) });
  }
  const directives = readDirectives(files, pin);
  const answers: RecordedAnswer[] = [];
  const doubtful: string[] = [];
  for (const { digest } of directives.read) {
    for await (const record of source.getAnswers(digest)) {
      const read = await verified(record, certificatesOf);
      if (typeof read === 'string') doubtful.push(`answer ${record.digest}: ${read}`);
      else answers.push(read);
    }
  }
  return { directives, answers, doubtful };
}

async function verified(
  { answer, recorded }: AnswerRecord,
  certificatesOf: (device: string) => Promise<readonly string[]>,
): Promise<RecordedAnswer | string> {
  try {
    const { by } = unverifiedAnswer(answer).content;
    const { content, digest } = readAnswer(answer, await certificatesOf(by));
    return { content, digest, recorded: recorded.time };
  } catch (error) {
    if (error instanceof RegistryError) return refusalText(error);
    throw error;
  }
}
