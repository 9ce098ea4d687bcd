import { readBytes, readText } from '@tracecal/gateway-client/application';
import type { SealTrust } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';

/** Certificates that the user trusts for seals, as options. */
export interface SealTrustOptions {
  readonly anchors?: readonly string[];
  readonly intermediates?: readonly string[];
  readonly revocation?: readonly string[];
}

export function sealTrustOptions(command: Command): Command {
  return command
    .option('--anchors <files...>', 'certificates that you trust (PEM): of authorities, or of signers themselves')
    .option('--intermediates <files...>', 'further certificates (PEM) that connect the signer to an anchor')
    .option('--revocation <files...>', 'CRLs and OCSP responses (DER or PEM) beside those in the file');
}

export async function sealTrustOf({
  anchors = [],
  intermediates = [],
  revocation = [],
}: SealTrustOptions): Promise<SealTrust> {
  return {
    anchors: await Promise.all(anchors.map((path) => readText(path))),
    intermediates: await Promise.all(intermediates.map((path) => readText(path))),
    revocation: await Promise.all(revocation.map((path) => readBytes(path))),
  };
}
