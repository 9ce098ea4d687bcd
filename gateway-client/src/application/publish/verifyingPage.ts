import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationError } from '../errors.js';

const PAGE = join(__dirname, '..', '..', 'page', 'index.html');
const GENERATOR = /<meta name="generator" content="tracecal-proof-page\/\d+" \/>/;

/**
 * The page that checks bundles in a browser: one HTML file that needs nothing else.
 * @throws ApplicationError `FILE_UNREADABLE`
 */
export async function verifyingPage(): Promise<string> {
  try {
    return await readFile(PAGE, 'utf8');
  } catch (cause) {
    throw new ApplicationError('FILE_UNREADABLE', 'The page is not built yet: run `npm run build`.', { cause });
  }
}

/** Whether a text is such a page, of any version. */
export function isVerifyingPage(text: string): boolean {
  return GENERATOR.test(text);
}
