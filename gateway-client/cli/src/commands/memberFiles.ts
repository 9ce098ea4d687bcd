import { readExactText } from '@tracecal/gateway-client/application';
import { MAX_MEMBER_CHARACTERS } from '@tracecal/network/member';
import type { GivenFile } from '@tracecal/network/member';

/** A file that another member sent. @throws ApplicationError */
export async function givenFile(name: string): Promise<GivenFile> {
  return { name, text: await readExactText(name, MAX_MEMBER_CHARACTERS) };
}

export function givenFiles(names: readonly string[]): Promise<readonly GivenFile[]> {
  return Promise.all(names.map(givenFile));
}
