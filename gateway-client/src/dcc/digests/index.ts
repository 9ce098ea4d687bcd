/** Digests of certificate files as other certificates state them. */
export { matchDigest, type DigestMatch, type StatedDigest } from './match.js';
export { DIGEST_ALGORITHMS, readProcedure, type DigestAlgorithm, type DigestProcedure } from './procedure.js';
