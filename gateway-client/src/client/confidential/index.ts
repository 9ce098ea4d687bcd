export {
  bodyText,
  encryptBody,
  forFurtherReaders,
  isEncryptedWith,
  MOST_BODY_BYTES,
  newContentKey,
  openBody,
  readBody,
  readersOf,
} from './body.js';
export type { EncryptedBody } from './body.js';
export {
  newReaderKey,
  publicReaderKey,
  readerKeyId,
  readerKeyText,
  signReaderKey,
  verifyReaderKey,
} from './readerKeys.js';
export type { ReaderKeyQuestion, ReaderKeySpec } from './readerKeys.js';
