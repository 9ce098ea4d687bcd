import type { ReportBody } from '@tracecal/core/model';
import { printable } from '@tracecal/gateway-client';
import { differencesOfSeals, registeredId } from '@tracecal/gateway-client/application';
import { readCertificateFile, verifySeal } from '@tracecal/gateway-client/dcc';
import type { Seal } from '@tracecal/gateway-client/dcc';
import type { Command } from 'commander';
import { commandOf } from '../command.js';
import type { Host } from '../command.js';
import { EXIT } from '../exit.js';
import { asOf } from '../parse.js';
import { withSession } from '../session.js';
import type { Style } from '../style.js';
import { SEAL_WORDS } from '../view/sealWords.js';
import { sealTrustOf, sealTrustOptions } from './sealTrust.js';
import type { SealTrustOptions } from './sealTrust.js';

interface Options extends SealTrustOptions {
  readonly takenIn?: string;
  readonly against?: string;
}

export function dccSeal(host: Host): Command {
  return commandOf<Options>(
    {
      usage: 'seal <file>',
      description:
        'Verify the signature of a digital calibration certificate (XML signature, XAdES). Needs no network, except to compare it with a report. Exit code 0 only if every step holds.',
      example: 'dcc seal certificate.xml --anchors ca.pem',
      configure: (command) =>
        sealTrustOptions(command)
          .option('--taken-in <time>', 'when the file is known to have existed, if it holds no timestamp', asOf)
          .option('--against <report>', 'the report that transcribes it: its digests have to be those of this file'),
      async run({ terminal, ...place }, [file = ''], { takenIn, against, ...options }) {
        terminal.progress(`Verifying ${file}`);
        const bytes = await readCertificateFile(file);
        const report = against === undefined ? undefined : await reportAgainst(place, against);
        const moment = takenIn ?? report?.registered;
        const trust = { ...(await sealTrustOf(options)), ...(moment !== undefined && { takenIn: new Date(moment) }) };
        const { seal } = await verifySeal(bytes, trust);
        const differences = report ? differencesFrom(report, seal) : [];
        const compared = report ? { report: report.id, differences } : {};
        terminal.result({ file, ...seal, ...compared }, (style) =>
          [describe(file, seal, style), ...(report ? [comparison(report.id, differences, style)] : [])].join('\n'),
        );
        return seal.state === 'verified' && differences.length === 0 ? EXIT.yes : EXIT.failed;
      },
    },
    host,
  );
}

interface Against {
  readonly id: string;
  readonly registered: string;
  readonly body: ReportBody;
}

function reportAgainst(place: Parameters<typeof withSession>[0], given: string): Promise<Against> {
  return withSession(place, async (session) => {
    const { id, body, record } = await (await session.reader()).getReport(await registeredId(session, 'report', given));
    return { id, body, registered: record.statement.registered.date };
  });
}

function differencesFrom({ body: { certificate, certificateSha256 } }: Against, seal: Seal): readonly string[] {
  const ofFile = certificateSha256 === seal.digests.file ? [] : ['the file'];
  return [...ofFile, ...(certificate?.seal ? differencesOfSeals(seal, certificate.seal) : ['it states no seal'])];
}

function comparison(report: string, differences: readonly string[], style: Style): string {
  return differences.length === 0
    ? `  ${style.green('✓')} The digests are those that report ${report} states.`
    : `  ${style.red('✗')} Report ${report} differs: ${differences.join(', ')}.`;
}

function describe(file: string, seal: Seal, style: Style): string {
  const { state, failedStep, sentence, signer, provenTime, provenBy, claimedTime, digests } = seal;
  const mark = state === 'verified' ? style.green('✓') : style.red('✗');
  const step = failedStep === null ? '' : ` (${failedStep})`;
  const lines: readonly (readonly [string, string | null])[] = [
    ['signer', signer && `${signer.subject}, certificate ${signer.sha256}`],
    [
      'proven',
      provenTime && `${provenTime}, by ${provenBy === 'timestamp' ? 'a timestamp' : 'the time given (--taken-in)'}`,
    ],
    ['claimed', claimedTime && `${claimedTime}, by the signer`],
    ['file', `SHA-256 ${digests.file}`],
    ['SignedInfo', digests.signedInfo && `SHA-256 ${digests.signedInfo}`],
  ];
  return [
    `${mark} ${style.bold(printable(file))}: ${SEAL_WORDS[state]}${step}`,
    `  ${printable(sentence)}`,
    ...lines.flatMap(([title, text]) => (text === null ? [] : [`  ${style.dim(title.padEnd(12))}${printable(text)}`])),
  ].join('\n');
}
