import type { Command } from 'commander';
import { printable } from '../../client/index.js';
import { readCertificateFile, verifySeal } from '../../dcc/index.js';
import type { Seal, SealTrust } from '../../dcc/index.js';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { readBytes, readText } from '../inputFile.js';
import { asOf } from '../parse.js';
import type { Style } from '../style.js';

interface Options {
  readonly anchors?: readonly string[];
  readonly intermediates?: readonly string[];
  readonly revocation?: readonly string[];
  readonly takenIn?: string;
}

export function dccSeal(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'seal <file>',
      description:
        'Verifies the signature of a digital calibration certificate (XML signature, XAdES). Needs no network. Exit code 0 only if every step holds.',
      example: 'dcc seal certificate.xml --anchors ca.pem',
      configure: (command) =>
        command
          .option('--anchors <files...>', 'certificates that you trust (PEM): of authorities, or of signers themselves')
          .option('--intermediates <files...>', 'further certificates (PEM) that connect the signer to an anchor')
          .option('--revocation <files...>', 'CRLs and OCSP responses (DER or PEM) beside those in the file')
          .option('--taken-in <time>', 'when the file is known to have existed, if it holds no timestamp', asOf),
      async run({ terminal }, [file = ''], options) {
        terminal.progress(`Verifying ${file}`);
        const { seal } = await verifySeal(await readCertificateFile(file), await trustOf(options));
        terminal.result({ file, ...seal }, (style) => describe(file, seal, style));
        return seal.state === 'verified' ? EXIT.yes : EXIT.no;
      },
    },
    host,
  );
}

async function trustOf({ anchors = [], intermediates = [], revocation = [], takenIn }: Options): Promise<SealTrust> {
  return {
    anchors: await Promise.all(anchors.map((path) => readText(path))),
    intermediates: await Promise.all(intermediates.map((path) => readText(path))),
    revocation: await Promise.all(revocation.map(readBytes)),
    ...(takenIn === undefined ? {} : { takenIn: new Date(takenIn) }),
  };
}

const WORDS: Readonly<Record<Seal['state'], string>> = {
  verified: 'verified',
  'not-verified': 'not verified',
  indeterminate: 'not proven',
  absent: 'not signed',
};

function describe(file: string, seal: Seal, style: Style): string {
  const { state, failedStep, sentence, signer, provenTime, provenBy, claimedTime, digests } = seal;
  const mark = state === 'verified' ? style.green('✓') : style.red('✗');
  const step = failedStep === null ? '' : ` (${failedStep})`;
  const lines: readonly (readonly [string, string | null])[] = [
    ['signer', signer && `${signer.subject}, certificate ${signer.sha256}`],
    ['proven', provenTime && `${provenTime}, by ${provenBy === 'timestamp' ? 'a timestamp' : 'whoever took it in'}`],
    ['claimed', claimedTime && `${claimedTime}, by the signer`],
    ['file', `SHA-256 ${digests.file}`],
    ['SignedInfo', digests.signedInfo && `SHA-256 ${digests.signedInfo}`],
  ];
  return [
    `${mark} ${style.bold(printable(file))}: ${WORDS[state]}${step}`,
    `  ${printable(sentence)}`,
    ...lines.flatMap(([title, text]) => (text === null ? [] : [`  ${style.dim(title.padEnd(12))}${printable(text)}`])),
  ].join('\n');
}
