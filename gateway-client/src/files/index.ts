export { MOST_BYTES_OF } from './bounds.js';
export { linesOfStream } from './lines.js';
export { isMissing, readBounded, readOnlyFiles, whyUnreadable, withOnlyFiles } from './readBounded.js';
export { whyUnwritable } from './unwritable.js';
export { standardInput, StandardInputTaken, withStandardInput } from './standardInput.js';
