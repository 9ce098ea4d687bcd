import { sha256 } from '@tracecal/core/platform';
import { HEAD_FILE } from '@tracecal/gateway-client/proof/verify';
import type { LogFiles } from '@tracecal/gateway-client/proof/verify';
import { MOST_BUNDLE_BYTES } from '@tracecal/gateway-client/proof/verify';
import { epochPath, LOG_FOLDER } from './files.js';

/** The digest of a bundle in the page's address: what a QR code opens. */
const FRAGMENT = /^#([0-9a-f]{64})$/;

/** What the site of this page has for a link. */
export interface Published {
  readonly bundle: string;
  readonly log: LogFiles | undefined;
  /** The text of a trust file. It counts only after the reader has confirmed it. */
  readonly trust: string | undefined;
}

/** Which bundle the address names; undefined if it names none. */
export function namedBundle(): string | undefined {
  return FRAGMENT.exec(location.hash)?.[1];
}

/** @throws Error with a sentence for the reader */
export async function published(digest: string): Promise<Published> {
  if (location.protocol === 'file:') {
    throw new Error(
      'This page is a file on your device, which cannot load what its address names: choose the bundle yourself.',
    );
  }
  const bundle = await textAt(`bundles/${digest}.json`);
  if (bundle === undefined) {
    throw new Error(
      'This site does not have the bundle that the link names: ask whoever gave you the link for the file.',
    );
  }
  if (sha256(bundle) !== digest) {
    throw new Error(
      'This site gave another file than the link names, so it is not used: ask whoever gave you the link for the file.',
    );
  }
  const head = await textAt(`${LOG_FOLDER}${HEAD_FILE}`);
  return {
    bundle,
    log:
      head === undefined
        ? undefined
        : { head: () => Promise.resolve(head), epoch: (number) => textAt(epochPath(number)) },
    trust: await textAt('trust.json'),
  };
}

/** A file of this site; undefined if it has none of this name. */
async function textAt(path: string): Promise<string | undefined> {
  const address = new URL(path, location.href);
  address.hash = '';
  const response = await fetch(address, {
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
  }).catch(() => undefined);
  if (!response) {
    throw new Error('This site does not answer: try again, or ask whoever gave you the link for the file.');
  }
  if (!response.ok || Number(response.headers.get('content-length') ?? 0) > MOST_BUNDLE_BYTES) return undefined;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
}
